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

// LastRunSucceeded reads the first, newest entry of status.history, which exists since kustomize-controller 1.7. Before that,
// the condition Healthy keeps the result of the last health check until the next one.
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

// LastSuccess is the time of the newest run in status.history if it succeeded; zero if it failed.
func LastSuccess(o facts.Object) time.Time {
	runs := kinds.Items(o.Body, "status", "history")
	if len(runs) == 0 || !succeeded(runs[0]) {
		return time.Time{}
	}
	at, _ := time.Parse(time.RFC3339, kinds.String(runs[0], "lastReconciled"))
	return at
}

// isSuperseded reports whether a success at the source's revision followed a failure at it: that revision is applied. A failed
// run does not change lastAppliedRevision, so a later failure still counts. A failed build, for instance, adds no entry to
// status.history (seen in the lab). Without a history, the start of the current run decides: it follows a failure after
// spec.retryInterval, and a success after spec.interval.
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

// retryInterval is the delay of kustomize-controller after a failed run: spec.retryInterval, which defaults to spec.interval
// (v1.9.3 api/v1/kustomization_types.go).
func retryInterval(u *unstructured.Unstructured) time.Duration {
	return cmp.Or(engine.Duration(u, "retryInterval", "interval"), view.RunTimeout)
}
