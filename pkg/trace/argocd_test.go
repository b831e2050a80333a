package trace

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

func TestApplications(t *testing.T) {
	t.Parallel()
	newer, older := strings.Repeat("ab", 20), strings.Repeat("cd", 20)
	app := func(metadata, policy, status string) func(world) {
		return func(w world) {
			w.takeOver(func(u *unstructured.Unstructured) {
				gvk := u.GroupVersionKind()
				u.SetAnnotations(map[string]string{kinds.ArgoTrackingID: "greeter:" + gvk.Group + "/" + gvk.Kind + ":" + u.GetNamespace() + "/" + u.GetName()})
			})
			w.put(replaced(`
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: greeter, namespace: argocd`+metadata+`}
spec: {source: {repoURL: "https://git.example.com/x.git"}, syncPolicy: {`+policy+`}}
status: {`+status+`, reconciledAt: "JUSTNOW"}
`, "NEWER", newer, "OLDER", older, "JUSTNOW", w.TakenAt.Add(-time.Second).UTC().Format(time.RFC3339)))
		}
	}
	const (
		auto    = "automated: {prune: true}"
		heals   = "automated: {selfHeal: true}"
		synced  = `sync: {status: Synced, revision: NEWER}, operationState: {phase: Succeeded, syncResult: {revision: NEWER}}`
		moved   = `sync: {status: OutOfSync, revision: NEWER}, operationState: {phase: Succeeded, syncResult: {revision: OLDER}}`
		changed = `sync: {status: OutOfSync, revision: NEWER}, operationState: {phase: Succeeded, syncResult: {revision: NEWER}}, resources: [{kind: Component, namespace: healthy, name: a, status: OutOfSync}, {kind: Component, name: b, status: Synced}, {kind: Workload, name: c, status: OutOfSync, requiresPruning: true}]`
		pause   = `, annotations: {argocd.argoproj.io/skip-reconcile: "true"}`
	)
	outOfSync := outcome{Broken, RungKustomization, "", CodeApplicationOutOfSync, "Application"}
	for name, c := range map[string]otherEngine{
		"Synced":         {app("", auto, synced), outcome{Verdict: Healthy}, Current, "what Argo CD last compared"},
		"SeveralSources": {app("", auto, `sync: {status: Synced, revisions: [1.2.3, NEWER]}, operationState: {phase: Succeeded, syncResult: {revisions: [1.2.3, NEWER]}}`), outcome{Verdict: Healthy}, Current, "read by Argo CD"},
		"SyncsSoon":      {app("", auto, moved), outcome{Verdict: Unsettled}, Behind, "is out of sync"},
		"HealsSoon":      {app("", heals, changed), outcome{Verdict: Unsettled}, Behind, "is out of sync"},
		"DoesNotHeal":    {app("", auto, changed), outOfSync, Behind, "the cluster is not like abababa: Component healthy/a, Workload c (to be deleted)"},
		"SwitchedOff":    {app("", "automated: {enabled: false}", moved), outOfSync, Behind, "what was synced at cdcdcdc runs on"},
		"Paused":         {app(pause, auto, synced), outcome{Verdict: Healthy}, Current, "has argocd.argoproj.io/skip-reconcile: true"},
		"HeldBack":       {app(pause, auto, moved), outcome{Broken, RungKustomization, "", CodeApplierPaused, "Application"}, Behind, "it stays at sha1:cdcdcdc"},
		"Syncing":        {app("", auto, `sync: {status: OutOfSync, revision: NEWER}, operationState: {phase: Running}`), outcome{Verdict: Unsettled}, CurrencyUnknown, "syncs"},
		"NeverCompared":  {app("", auto, `sync: {status: Unknown}, conditions: [{type: ComparisonError, message: no}]`), outcome{Broken, RungKustomization, "", CodeApplicationComparison, "Application"}, CurrencyUnknown, "nothing was ever synced"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}
