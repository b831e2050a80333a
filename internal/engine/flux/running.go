package flux

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// longRuns is the factor by which a run may exceed its timeout before it counts as stuck.
const longRuns = 3

// Running assesses a run in progress; a routine run only repeats the current state. Ready is Unknown during a run. The error of
// the previous run may exist only in the events, because each new run overwrites the condition.
func Running(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition, routine bool) *result.Result {
	if f, ok := failureInEvents(v, o, ready); ok {
		j.Summary = fmt.Sprintf("%s retries", o.Ref.Name)
		return j.Fail(f)
	}
	began := view.LastTransition(ready)
	if !ready.Present() {
		began = o.Body.GetCreationTimestamp().UTC()
	}
	switch {
	case !v.Within(began, longRuns*v.Engines.RunTime(o)):
	case routine:
		j.Since, j.Reconciling = LastSuccess(o), true
		return j.OK("%s, reconciling: %s", delivery.ApplierName(v, o.Ref), Phase(o.Body))
	default:
		return j.Wait(began, "%s: %s", o.Ref.Name, Phase(o.Body))
	}
	j.Summary = fmt.Sprintf("%s does not finish its run", o.Ref.Name)
	return j.Fail(stuck(v, o, Phase(o.Body), ready))
}

// stuck reports a run that a working controller would have finished long ago.
func stuck(v *view.Component, o facts.Object, message string, ready kinds.Condition) trace.Finding {
	return v.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeDeliveryStuck, Message: message, Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready),
		Hint: "its controller is down, hangs, or has no free worker" + busyHint(v),
	})
}

// HealthCheckCanceled assesses a canceled health check, which another run follows immediately.
func HealthCheckCanceled(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	if v.Within(view.LastTransition(ready), view.CanceledTimeout) {
		return j.Wait(view.LastTransition(ready), "%s: %s", delivery.ApplierName(v, o.Ref), ready.Message)
	}
	j.Summary = fmt.Sprintf("%s has not run since its health check was canceled", delivery.ApplierName(v, o.Ref))
	return j.Fail(stuck(v, o, fmt.Sprintf("%s: %s; no run has followed", ready.Reason, ready.Message), ready))
}

// Phase returns the controller's message about its current step.
func Phase(u *unstructured.Unstructured) string {
	if c := kinds.ConditionOf(u, meta.ReconcilingCondition); c.True() && c.Message != "" {
		return c.Message
	}
	return cmp.Or(kinds.ConditionOf(u, meta.ReadyCondition).Message, "not reconciled yet")
}

// Stalled returns the Stalled condition of an object: its controller does not retry before the object changes, whatever the
// reason. A later wait for a dependency or an artifact supersedes it: the controller removes Stalled only after those checks
// (kustomize-controller v1.9.3 kustomization_controller.go:332).
func Stalled(o facts.Object, ready kinds.Condition) kinds.Condition {
	c := kinds.ConditionOf(o.Body, meta.StalledCondition)
	if !c.True() || !c.Current(o.Body) || ready.Reason != c.Reason && view.LastTransition(ready).After(view.LastTransition(c)) {
		return kinds.Condition{}
	}
	return c
}

// DependencyNotReady is normal while the dependency runs. The error of an earlier run at this revision may exist only in the
// events (seen in the lab). A dependency that does not exist does not recover by waiting.
func DependencyNotReady(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	j.Summary = fmt.Sprintf("%s waits: %s", o.Ref.Name, ready.Message)
	f := trace.Finding{Code: trace.CodeDependencyNotReady, Message: ready.Message, Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready)}
	if strings.Contains(ready.Message, " not found") {
		f.Hint = fmt.Sprintf("spec.dependsOn of the %s names an object that does not exist, so it waits without limit", o.Ref.Kind)
		return j.Fail(f)
	}
	if earlier, ok := failureInEvents(v, o, ready); ok {
		return j.Fail(earlier)
	}
	if v.Within(view.LastTransition(ready), view.DependencyTimeout) {
		j.State = trace.Progressing
		f.Hint = "Flux checks a dependency again every 30 seconds by default; nothing has to be done unless a dependency fails"
		return j.Note(trace.Info, f)
	}
	return j.Fail(f)
}

// busyHint counts the Kustomizations with a run in progress. kustomize-controller runs four at a time by default, and a health
// check occupies its worker for up to spec.timeout (flux2 #5622).
func busyHint(v *view.Component) string {
	running := 0
	for _, ks := range v.Of(facts.Control, kinds.FluxKustomize, "Kustomization") {
		if c := kinds.ConditionOf(ks.Body, meta.ReconcilingCondition); c.True() && c.Reason == meta.ProgressingReason {
			running++
		}
	}
	if running < 4 {
		return ""
	}
	return fmt.Sprintf("; %d Kustomizations are reconciling now", running)
}
