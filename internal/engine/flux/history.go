package flux

import (
	"cmp"
	"time"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// LastRunSucceeded reads status.history, whose first entry is the newest. It exists since kustomize-controller 1.7. Before,
// Healthy keeps the result of the last health check until the next.
func LastRunSucceeded(o facts.Object) bool {
	if kinds.ConditionOf(o.Body, meta.HealthyCondition).False() {
		return false
	}
	for _, run := range kinds.Items(o.Body, "status", "history") {
		return succeeded(run)
	}
	return true
}

func succeeded(run map[string]any) bool {
	return kinds.String(run, "lastReconciledStatus") == meta.ReconciliationSucceededReason
}

// LastSuccess is when the newest run that status.history knows succeeded; unknown where it failed.
func LastSuccess(o facts.Object) time.Time {
	runs := kinds.Items(o.Body, "status", "history")
	if len(runs) == 0 || !succeeded(runs[0]) {
		return time.Time{}
	}
	at, _ := time.Parse(time.RFC3339, kinds.String(runs[0], "lastReconciled"))
	return at
}

// isSuperseded reports whether a failure at the revision of the source was followed by a success at it: that revision is
// applied. A failed run leaves lastAppliedRevision as it was, so a failure that came later still counts: a failed build, for
// instance, leaves no entry in status.history (seen in the lab). Without a history, the present run tells: it follows
// a failure after spec.retryInterval, and a success after spec.interval.
func isSuperseded(v *view.Component, o facts.Object, failedAt time.Time, ready kinds.Condition) bool {
	applied := kinds.Text(o.Body, "status", "lastAppliedRevision")
	if applied == "" || applied != delivery.ArtifactRevision(v.Object(v.Engines.SourceOf(o))) || failedAt.IsZero() {
		return false
	}
	if len(kinds.Items(o.Body, "status", "history")) > 0 {
		at := LastSuccess(o)
		return !at.IsZero() && !at.Before(failedAt)
	}
	return view.LastTransition(ready).Sub(failedAt) > 2*retryInterval(o.Body)
}

// retryInterval is how long kustomize-controller waits after a failed run: spec.retryInterval, which defaults to
// spec.interval (v1.9.3 api/v1/kustomization_types.go).
func retryInterval(u *unstructured.Unstructured) time.Duration {
	return cmp.Or(engine.Duration(u, "retryInterval", "interval"), view.RunTimeout)
}
