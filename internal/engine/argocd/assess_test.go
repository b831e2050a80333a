package argocd_test

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/argocd"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// engineCase is a case of this package, so that its literals need no keys.
type engineCase assesstest.EngineCase

func (c engineCase) check(t *testing.T) {
	t.Helper()
	assesstest.EngineCase(c).Check(t, assess.Assess)
}

// What an Application says, of which NEWER and OLDER are commits.
const (
	auto    = "automated: {prune: true}"
	heals   = "automated: {selfHeal: true}"
	synced  = `sync: {status: Synced, revision: NEWER}, operationState: {phase: Succeeded, syncResult: {revision: NEWER}}`
	moved   = `sync: {status: OutOfSync, revision: NEWER}, operationState: {phase: Succeeded, syncResult: {revision: OLDER}}`
	changed = `sync: {status: OutOfSync, revision: NEWER}, operationState: {phase: Succeeded, syncResult: {revision: NEWER}}, resources: [{kind: Component, namespace: healthy, name: a, status: OutOfSync}, {kind: Component, name: b, status: Synced}, {kind: Workload, name: c, status: OutOfSync, requiresPruning: true}]`
	hook    = `, operation: {}, operationState: {phase: Running, message: waiting for completion of hook batch/Job/x, syncResult: {revision: NEWER}, startedAt: `
	retries = `sync: {status: OutOfSync, revision: NEWER}, history: [{revision: OLDER}], operationState: {phase: Running, retryCount: 2, startedAt: "JUSTNOW", message: "one or more objects failed to apply. Retrying attempt #2 at 4:37PM.", syncResult: {revision: NEWER, resources: [{kind: ComponentRelease, name: x, status: SyncFailed, message: "spec.workload is immutable"}]}}`
	pause   = `, annotations: {argocd.argoproj.io/skip-reconcile: "true"}`
)

// application has an Application deliver the component.
func application(metadata, policy, status string) func(assesstest.World) {
	newer, older := strings.Repeat("ab", 20), strings.Repeat("cd", 20)
	return func(w assesstest.World) {
		w.TakeOver(func(u *unstructured.Unstructured) {
			gvk := u.GroupVersionKind()
			u.SetAnnotations(map[string]string{argocd.TrackingID: "greeter:" + gvk.Group + "/" + gvk.Kind + ":" + u.GetNamespace() + "/" + u.GetName()})
		})
		w.PutYAML(assesstest.Replaced(`
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: greeter, namespace: argocd`+metadata+`}
spec: {source: {repoURL: "https://git.example.com/x.git"}, syncPolicy: {`+policy+`}}
status: {`+status+`, reconciledAt: "JUSTNOW"}
`, "NEWER", newer, "OLDER", older, "SOON", w.TakenAt.UTC().Format(time.RFC3339), "JUSTNOW", w.TakenAt.Add(-time.Second).UTC().Format(time.RFC3339)))
	}
}

// TestApplications covers Applications that do not sync at the moment.
func TestApplications(t *testing.T) {
	t.Parallel()
	outOfSync := assesstest.Failed(trace.RungDelivery, "", trace.CodeApplicationOutOfSync, "Application")
	for name, c := range map[string]engineCase{
		"Synced":            {application("", auto, synced), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "last compared by Argo CD"},
		"SeveralSources":    {application("", auto, `sync: {status: Synced, revisions: [1.2.3, NEWER]}, operationState: {phase: Succeeded, syncResult: {revisions: [1.2.3, NEWER]}}`), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "read by Argo CD"},
		"SyncsSoon":         {application("", auto, moved), assesstest.Outcome{Verdict: trace.VerdictProgressing}, trace.Behind, "is out of sync"},
		"HealsSoon":         {application("", heals, changed), assesstest.Outcome{Verdict: trace.VerdictProgressing}, trace.Behind, "is out of sync"},
		"DoesNotHeal":       {application("", auto, changed), outOfSync, trace.Behind, "the cluster differs from abababa: Component healthy/a, Workload c (to be deleted)"},
		"DiffersWhenSynced": {application("", auto, changed), outOfSync, trace.Behind, "the API server drops a field, or an object in the cluster was changed since, and selfHeal is off"},
		"SwitchedOff":       {application("", "automated: {enabled: false}", moved), outOfSync, trace.Behind, "revision cdcdcdc stays deployed"},
		"Paused":            {application(pause, auto, synced), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "has argocd.argoproj.io/skip-reconcile: true"},
		"HeldBack":          {application(pause, auto, moved), assesstest.Failed(trace.RungDelivery, "", trace.CodeApplierPaused, "Application"), trace.Behind, "it stays at sha1:cdcdcdc"},
		"SyncedLongBefore":  {application("", auto, assesstest.Replaced(synced, "syncResult: {revision: NEWER}", "syncResult: {revision: OLDER}")), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "Application"},
		"NotComparedSince":  {application("", auto, assesstest.Replaced(moved, "phase: Succeeded", `finishedAt: "SOON", phase: Succeeded`)), assesstest.Outcome{Verdict: trace.VerdictProgressing}, trace.Behind, "is not compared yet"},
		"OfAnotherBranch":   {application(`, creationTimestamp: "2026-01-01T00:00:00Z"`, auto, assesstest.Replaced(synced, "status: Synced", "comparedTo: {source: {repoURL: other}}, status: Synced")), assesstest.Failed(trace.RungDelivery, "", trace.CodeGenerationNotObserved, "Application"), trace.Current, "changed since"},
		"HealsInVain":       {application("", heals, assesstest.Replaced(changed, "phase: Succeeded", "phase: Succeeded, operation: {sync: {autoHealAttemptsCount: 1}}")), outOfSync, trace.Behind, "another sync does not help"},
		"OnlyPruning":       {application("", heals, assesstest.Replaced(changed, "name: a, status: OutOfSync", "name: a, status: Synced")), outOfSync, trace.Behind, "automated pruning is off"},
		"NeverCompared":     {application("", auto, `sync: {status: Unknown}, conditions: [{type: ComparisonError, message: no}]`), assesstest.Failed(trace.RungDelivery, "", trace.CodeApplicationComparisonError, "Application"), trace.CurrencyUnknown, "no revision was ever synced"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}

// TestSync covers a sync that runs, is retried, or has failed.
func TestSync(t *testing.T) {
	t.Parallel()
	syncFailed := assesstest.Failed(trace.RungDelivery, "", trace.CodeApplicationSyncFailed, "Application")
	for name, c := range map[string]engineCase{
		"Syncing": {application("", auto, `sync: {status: OutOfSync, revision: NEWER}, operationState: {phase: Running, startedAt: "JUSTNOW"}`), assesstest.Outcome{Verdict: trace.VerdictProgressing}, trace.CurrencyUnknown, "is syncing"},
		"Requested": {func(w assesstest.World) {
			application("", auto, synced)(w)
			w.Set(w.One("Application", "greeter"), map[string]any{"sync": map[string]any{}}, "operation")
		}, assesstest.Outcome{Verdict: trace.VerdictProgressing}, trace.Current, "is syncing"},
		"HookRuns":           {application("", auto, moved+hook+`"JUSTNOW"}`), assesstest.Outcome{Verdict: trace.VerdictProgressing}, trace.CurrencyUnknown, "it waits for the completion of hook batch/Job/x"},
		"HookIsGone":         {application("", auto, moved+hook+`"2026-01-01T00:00:00Z"}`), syncFailed, trace.CurrencyUnknown, "it waits for the completion of hook batch/Job/x"},
		"Retries":            {application("", auto, retries), syncFailed, trace.Behind, "ComponentRelease x: spec.workload is immutable"},
		"RetriesAFile":       {application("", auto, assesstest.Replaced(retries, `"spec.workload is immutable"`, `"error when patching \"/dev/shm/1933304565\": spec.workload is immutable"`)), syncFailed, trace.Behind, "ComponentRelease x: error when patching: spec.workload is immutable"},
		"RetriesTheOld":      {application("", auto, assesstest.Replaced(retries, "OutOfSync, revision: NEWER", "Synced, revision: XYZ")), assesstest.Outcome{Verdict: trace.VerdictProgressing}, trace.Current, "waits until this sync finishes: terminate it"},
		"RetriesWhatMayPass": {application("", auto, assesstest.Replaced(retries, "spec.workload is immutable", "connection refused")), assesstest.Outcome{Verdict: trace.VerdictProgressing}, trace.Behind, "connection refused"},
		"RetriesForEver":     {application("", auto, assesstest.Replaced(retries, "spec.workload is immutable", "connection refused", "JUSTNOW", "2026-01-01T00:00:00Z")), syncFailed, trace.Behind, "connection refused"},
		"SyncFailed":         {application("", auto, assesstest.Replaced(moved, "Succeeded", "Failed", "OLDER", "NEWER")), syncFailed, trace.CurrencyUnknown, "does not retry this revision"},
		"FailedBefore":       {application("", auto, assesstest.Replaced(moved, "Succeeded", "Failed")), assesstest.Outcome{Verdict: trace.VerdictProgressing}, trace.Behind, "is out of sync"},
		"FailedAndTakenBack": {application("", auto, assesstest.Replaced(moved, "Succeeded", "Failed", "OutOfSync", "Synced")), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current, "Application"},
		"FailedInAHook":      {application("", auto, assesstest.Replaced(synced, "Succeeded", "Failed")), syncFailed, trace.Current, "does not retry this revision"},
		"SyncNotBegun":       {application("", auto, moved+`, conditions: [{type: SyncError, message: will wipe out all resources}]`), syncFailed, trace.Behind, "will wipe out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}
