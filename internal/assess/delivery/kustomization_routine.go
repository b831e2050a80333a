package delivery

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/events"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// isRoutine reports whether a run only repeats what is done. Helm-controller says Unknown only while it changes something.
func isRoutine(v *view.Component, o facts.Object, ready kinds.Condition) bool {
	switch o.Ref.Kind {
	case "Kustomization":
		return isRoutineKustomization(v, o, ready)
	case "ResourceSet", "FluxInstance":
		return isRoutineOperatorKind(v, o, ready)
	}
	return false
}

// isRoutineKustomization, also of the wait for a dependency: the source's revision is applied, for this generation, and the last run
// that ended succeeded. kustomize-controller runs at every interval, and Ready is Unknown meanwhile (v1.9.3
// internal/controller/kustomization_controller.go:331).
func isRoutineKustomization(v *view.Component, o facts.Object, ready kinds.Condition) bool {
	applied := kinds.Text(o.Body, "status", "lastAppliedRevision")
	generation, known := kinds.Number(o.Body, "status", "observedGeneration")
	message := ready.Message
	if !ready.False() {
		message = phase(o, ready)
	}
	return applied != "" && applied == ArtifactRevision(v.Object(v.Engines.SourceOf(o))) &&
		applied == kinds.Text(o.Body, "status", "lastAttemptedRevision") &&
		known && generation >= o.Body.GetGeneration() && ready.Current(o.Body) &&
		(!strings.Contains(message, "for revision ") || strings.Contains(message, applied)) &&
		lastRunSucceeded(o)
}

// isRoutineOperatorKind: the last run succeeded, as status.history says since flux-operator 0.28, nothing has failed since, and what
// applies the object has changed nothing since. A failed fetch leaves only an event. The operator records no generation of its
// status (flux-operator v0.58 internal/controller/resourceset_controller.go, fluxinstance_controller.go).
func isRoutineOperatorKind(v *view.Component, o facts.Object, ready kinds.Condition) bool {
	at, digest := lastSuccess(o), newestDigest(o)
	if at.IsZero() || ready.Status != "Unknown" || !ready.Current(o.Body) || digest == "" || !strings.HasSuffix(kinds.Text(o.Body, "status", "lastAppliedRevision"), digest) {
		return false
	}
	isNewer := func(w events.Warning) bool { return w.Last.After(at) }
	return !slices.ContainsFunc(v.Warnings(o.Ref), isNewer) &&
		!slices.ContainsFunc(v.Engines.AppliedBy(o), func(ref facts.Ref) bool { return !LastChange(v, ref).Before(at) })
}

func newestDigest(o facts.Object) string {
	for _, run := range kinds.Items(o.Body, "status", "history") {
		return kinds.String(run, "digest")
	}
	return ""
}

// LastChange is when an applier last applied something else than before; the time of the Snapshot where nothing says. An entry of
// status.history that comes back keeps the time of its first run, so the end of the run before bounds it.
func LastChange(v *view.Component, applier facts.Ref) time.Time {
	history := kinds.Items(v.Object(applier).Body, "status", "history")
	if len(history) == 0 {
		return v.Now
	}
	at := func(i int, field string) time.Time {
		t, _ := time.Parse(time.RFC3339, kinds.String(history[i], field))
		return t
	}
	if applier.Kind == "HelmRelease" {
		return cmp.Or(at(0, "lastDeployed"), v.Now)
	}
	first, last := at(0, "firstReconciled"), at(0, "lastReconciled")
	if first.IsZero() || len(history) > 1 && !first.After(at(1, "lastReconciled")) {
		return cmp.Or(last, v.Now)
	}
	return first
}

// lastRunSucceeded reads status.history, whose first entry is the newest. It exists since kustomize-controller 1.7. Before,
// Healthy keeps the result of the last health check until the next.
func lastRunSucceeded(o facts.Object) bool {
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

// lastSuccess is when the newest run that status.history knows succeeded; unknown where it failed.
func lastSuccess(o facts.Object) time.Time {
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
	if applied == "" || applied != ArtifactRevision(v.Object(v.Engines.SourceOf(o))) || failedAt.IsZero() {
		return false
	}
	if len(kinds.Items(o.Body, "status", "history")) > 0 {
		at := lastSuccess(o)
		return !at.IsZero() && !at.Before(failedAt)
	}
	return view.LastTransition(ready).Sub(failedAt) > 2*retryInterval(o)
}

// retryInterval is how long kustomize-controller waits after a failed run: spec.retryInterval, which defaults to
// spec.interval (v1.9.3 api/v1/kustomization_types.go).
func retryInterval(o facts.Object) time.Duration {
	for _, field := range []string{"retryInterval", "interval"} {
		if d, err := time.ParseDuration(kinds.Text(o.Body, "spec", field)); err == nil && d > 0 {
			return d
		}
	}
	return view.RunTimeout
}

// markRoutineRuns turns the wait for a dependency into a routine where each dependency is OK itself: it is in the middle of a run
// of its own at the revision that it has, and is looked at again within 30 s. delivery has dependencies first.
func markRoutineRuns(v *view.Component, delivery []view.Applier, judged map[facts.Ref]*result.Result) {
	for _, d := range delivery {
		j, ready := judged[d.Object.Ref], kinds.ConditionOf(d.Object.Body, meta.ReadyCondition)
		if d.Object.Ref.Kind != "Kustomization" || j.State != trace.Progressing || ready.Reason != meta.DependencyNotReadyReason || !isRoutine(v, d.Object, ready) {
			continue
		}
		unsettled := false
		for _, dependency := range v.Engines.DependsOn(d.Object) {
			unsettled = unsettled || judged[dependency] == nil || judged[dependency].State != trace.OK
		}
		if !unsettled {
			j.State, j.Since = trace.OK, lastSuccess(d.Object)
			j.Summary = d.Object.Ref.Name + ", reconciling: waits for a dependency that is reconciling"
		}
	}
}
