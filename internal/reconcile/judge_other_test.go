package reconcile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
)

func TestJudgeHelmRelease(t *testing.T) {
	t.Parallel()
	chart := object(t, `{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmChart, metadata: {namespace: flux-system, name: chart}, status: {artifact: {revision: 1.2.0}}}`)
	for name, c := range map[string]struct {
		version    string
		conditions []string
		want       string
	}{
		"Upgraded":    {"1.2.0", []string{"Ready True UpgradeSucceeded Helm upgrade succeeded"}, "done: Helm upgrade succeeded"},
		"StaleCache":  {"1.1.0", []string{"Ready True UpgradeSucceeded Helm upgrade succeeded"}, "stale in 1s, 3 times: it is at 1.1.0, but its chart is at 1.2.0"},
		"Failed":      {"1.2.0", []string{"Ready False UpgradeFailed Helm upgrade failed: no"}, "failed: Helm upgrade failed: no"},
		"RollingBack": {"1.2.0", []string{"Reconciling True Progressing Running 'rollback' action", "Ready False UpgradeFailed Helm upgrade failed: no"}, "Running: Running 'rollback' action"},
		"TakenBack":   {"1.2.0", []string{"Stalled True RetriesExceeded Failed to upgrade after 1 attempt(s)", "Released False UpgradeFailed Helm upgrade failed: no", "Ready False RollbackSucceeded Helm rollback succeeded"}, "failed: Helm rollback succeeded: Helm upgrade failed: no"},
		"Retries":     {"1.2.0", []string{"Reconciling True ProgressingWithRetry retrying after 5m", "Ready False InstallFailed Helm install failed"}, "failed: Helm install failed"},
		"NoChart":     {"1.2.0", []string{"Ready False SourceNotReady HelmChart is not ready"}, "artifact in 2s, 3 times: HelmChart is not ready"},
		"Values":      {"1.2.0", []string{"Ready False ValuesError could not resolve"}, "failed: could not resolve"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := object(t, `{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {namespace: flux-system, name: app, generation: 1}, status: {helmChart: flux-system/chart, lastAttemptedRevision: `+c.version+`}}`)
			b, n := schedulerOf(t, Options{}, chart, conditions(t, o, c.conditions...))
			if got := say(b.judge(n)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestJudgeResourceSet(t *testing.T) {
	t.Parallel()
	for want, lines := range map[string][]string{
		"done: fine": {"Ready True ReconciliationSucceeded fine"},
		"failed: Component/default/a dry-run failed (Invalid): no":                   {"Ready False ReconciliationFailed reconciliation failed: Component/default/a dry-run failed (Invalid): no"},
		"transient in 3s, 1 times: reconciliation failed: a (ServiceUnavailable): x": {"Ready False ReconciliationFailed reconciliation failed: a (ServiceUnavailable): x"},
		"failed: build failed: x":                 {"Stalled True BuildFailed build failed: x", "Ready False BuildFailed build failed: x"},
		"dependency in 1s, 3 times: not ready":    {"Ready False DependencyNotReady not ready"},
		"Running: Reconciliation in progress now": {"Reconciling True Progressing Reconciliation in progress now", "Ready Unknown Progressing x"},
	} {
		o := object(t, `{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, metadata: {namespace: flux-system, name: set, generation: 1}}`)
		b, n := schedulerOf(t, Options{}, conditions(t, o, lines...))
		if got := say(b.judge(n)); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

func TestJudgeApplication(t *testing.T) {
	t.Parallel()
	const commit = "0000000000000000000000000000000000000002"
	never := func(string) (bool, bool) { return false, true }
	for name, c := range map[string]struct {
		revision     func(string) (bool, bool)
		spec, status string
		want         string
	}{
		"Synced":       {nil, "{}", `{reconciledAt: "2026-11-21T12:00:00Z", sync: {status: Synced, revision: "` + commit + `"}, operationState: {phase: Succeeded, finishedAt: "2026-11-21T11:00:00Z"}}`, "done: in sync with " + commit},
		"NotWanted":    {never, "{}", `{reconciledAt: "2026-11-21T12:00:00Z", sync: {status: Synced, revision: "` + commit + `"}}`, "revision in 2s, 0 times: it is in sync with " + commit + ", which does not contain the wanted revision"},
		"Syncing":      {nil, "{}", `{reconciledAt: "2026-11-21T12:00:00Z", sync: {status: OutOfSync}, operationState: {phase: Running, startedAt: "2026-11-21T12:00:00Z"}}`, "Running: it is syncing"},
		"NotCompared":  {nil, "{}", `{reconciledAt: "2026-11-21T12:00:00Z", sync: {status: Synced}, operationState: {phase: Succeeded, finishedAt: "2026-11-21T12:00:05Z"}}`, "Running: it is syncing"},
		"ByHand":       {nil, "{}", `{sync: {status: OutOfSync}}`, "failed: it is out of sync, and automated sync is off: run argocd app sync argocd/a"},
		"SwitchedOff":  {nil, "{syncPolicy: {automated: {enabled: false}}}", `{sync: {status: OutOfSync}}`, "failed: it is out of sync, and automated sync is off: run argocd app sync argocd/a"},
		"AboutToSync":  {nil, "{syncPolicy: {automated: {}}}", `{sync: {status: OutOfSync, revision: b}, operationState: {phase: Failed, finishedAt: "2026-11-21T11:00:00Z", syncResult: {revision: a}}, reconciledAt: "2026-11-21T12:00:00Z"}`, "Running: it is out of sync, and about to sync automatically"},
		"HealsInVain":  {nil, "{syncPolicy: {automated: {selfHeal: true}}}", `{sync: {status: OutOfSync, revision: a}, operationState: {phase: Succeeded, finishedAt: "2026-11-21T11:00:00Z", operation: {sync: {autoHealAttemptsCount: 2}}, syncResult: {revision: a}}, reconciledAt: "2026-11-21T12:00:00Z"}`, "failed: Argo CD synced a again and it still differs: the API server drops a field, or another controller reverts it"},
		"NoSelfHeal":   {nil, "{syncPolicy: {automated: {}}}", `{sync: {status: OutOfSync, revision: a}, operationState: {phase: Succeeded, finishedAt: "2026-11-21T11:00:00Z", syncResult: {revision: a}}, reconciledAt: "2026-11-21T12:00:00Z"}`, "failed: it is out of sync with a, which was synced already: the API server drops a field, or an object in the cluster was changed since, and selfHeal is off"},
		"SyncFailed":   {nil, "{}", `{sync: {status: OutOfSync, revision: a}, reconciledAt: "2026-11-21T12:00:00Z", operationState: {phase: Failed, message: one or more objects failed, finishedAt: "2026-11-21T11:00:00Z", syncResult: {revision: a, resources: [{kind: Job, name: x, status: SyncFailed, message: immutable}]}}}`, "failed: one or more objects failed: Job x: immutable"},
		"CannotBuild":  {nil, "{}", `{sync: {status: Unknown}, conditions: [{type: ComparisonError, message: no such path}]}`, "failed: no such path"},
		"NobodyKnows":  {nil, "{}", `{sync: {status: Unknown}}`, `failed: Argo CD reports sync status "Unknown"`},
		"NeverSynced":  {nil, "{}", `{}`, `failed: Argo CD reports sync status ""`},
		"OrphansOnly":  {nil, "{}", `{sync: {status: Synced}, conditions: [{type: OrphanedResourceWarning, message: x}]}`, "done: in sync with "},
		"Retried":      {nil, "{}", `{sync: {status: OutOfSync, revision: a}, operationState: {phase: Running, retryCount: 1, message: one or more objects failed, syncResult: {revision: a, resources: [{kind: Job, name: x, status: SyncFailed, message: immutable}]}}}`, "failed: one or more objects failed: Job x: immutable; argocd app terminate-op argocd/a ends the retries"},
		"RetriesOld":   {nil, "{}", `{sync: {status: Synced, revision: b}, operationState: {phase: Running, retryCount: 1, operation: {sync: {revision: a}}}}`, "Running: it still retries the sync to a, and newer commits wait; argocd app terminate-op argocd/a ends the retries"},
		"MayPass":      {nil, "{}", `{sync: {status: OutOfSync, revision: a}, operationState: {phase: Running, retryCount: 1, message: "connection refused", operation: {sync: {revision: a}}}}`, "Running: it retries the sync: connection refused"},
		"JustOperated": {nil, "{}", `{sync: {status: Synced}, operationState: {phase: Running}}`, "Running: it is syncing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := object(t, fmt.Sprintf(`{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {namespace: argocd, name: a}, spec: %s, status: %s}`, c.spec, c.status))
			b, n := schedulerOf(t, Options{Revision: c.revision}, o)
			if got := say(b.judge(n)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestARefreshThatWasUnderWayIsRepeated(t *testing.T) {
	t.Parallel()
	o := object(t, `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {namespace: argocd, name: a}, status: {sync: {status: Synced}}}`)
	b, n := schedulerOf(t, Options{}, o)
	n.request = &request{Request: engines.All().Request(o.Ref, ""), previous: "normal"}
	if got := say(b.judge(n)); !strings.HasPrefix(got, "foreign in 0s, 1 times") {
		t.Error(got)
	}
}
