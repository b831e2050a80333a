package delivery

import (
	"fmt"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// NotFoundMessage reports what else is known of an absent object: an inventory that still lists it means that it was
// applied and has vanished since, or was applied while it was being deleted (seen in the lab).
func NotFoundMessage(v *view.Component, ref facts.Ref) string {
	for _, applier := range AppliedBy(v, ref) {
		return fmt.Sprintf("%s does not exist, although %s %s lists it as applied", ref, applier.Ref.Kind, applier.Ref.Name)
	}
	return fmt.Sprintf("%s does not exist", ref)
}

// ExplainVanished looks for an object which satisfies of, does not exist, and is listed as applied: then its applier is what can bring
// it back.
func ExplainVanished(v *view.Component, f *trace.Finding, of func(facts.Ref) bool) (vanished bool) {
	for _, o := range v.Objects() {
		if o.Outcome != facts.Absent || o.Ref.Group != kinds.OpenChoreo || !of(o.Ref) {
			continue
		}
		for _, applier := range AppliedBy(v, o.Ref) {
			f.Hint = fmt.Sprintf("%s lists %s as applied", applier.Ref, o.Ref)
			if returns := Restoring(v, f, applier); returns != "" {
				f.Hint += ", and " + returns
			}
			return true
		}
	}
	return false
}

// Restoring adds to a finding about an object that applier lists as applied, and that was deleted, what restores it. It returns what
// prevents the next run of the applier, or when that is; "" if its state shows neither. An applier whose last run succeeded stays
// Ready=True: it compares with the cluster only in its next run (seen in the lab).
func Restoring(v *view.Component, f *trace.Finding, applier facts.Object) string {
	f.Path = []facts.Ref{applier.Ref}
	ready := kinds.ConditionOf(applier.Body, meta.ReadyCondition)
	restores, interval := v.Engines.Restores(applier)
	switch {
	case view.Deleting(applier.Body):
		return "is being deleted"
	case v.Engines.IsPaused(applier):
		f.NextSteps = resumeSteps(v, applier)
		return fmt.Sprintf("applies nothing until it is resumed (%s)", v.Engines.PausedBy(applier))
	case !restores:
		return "does not create deleted objects again"
	}
	RunsAgain(f, applier.Ref)
	switch {
	case ready.False():
		return "failed at its last run"
	case ready.True() && interval > 0:
		return fmt.Sprintf("creates it again at its next interval (%s)", interval)
	}
	return ""
}

// resumeSteps are the commands that resume a suspended applier.
func resumeSteps(v *view.Component, applier facts.Object) []trace.NextStep {
	key, _, _ := strings.Cut(v.Engines.PausedBy(applier), ":")
	resource := kinds.ResourceName(applier.Ref.Group, applier.Ref.Kind)
	line := command.Format("kubectl annotate %s %s -n %s %s-", resource, applier.Ref.Name, applier.Ref.Namespace, key)
	if key == "spec.suspend" {
		line = command.Format(`kubectl patch %s %s -n %s --type merge -p {"spec":{"suspend":false}}`, resource, applier.Ref.Name, applier.Ref.Namespace)
	}
	if line == "" {
		return nil
	}
	return []trace.NextStep{{Role: trace.RoleControlPlane, Plane: facts.Control, Command: line}}
}

// HasNamePrefix picks objects of a kind by the beginning of their names.
func HasNamePrefix(kind, prefix string) func(facts.Ref) bool {
	return func(ref facts.Ref) bool { return ref.Kind == kind && strings.HasPrefix(ref.Name, prefix) }
}

// DeclaredState judges the Ready condition and the deletion mark that all OpenChoreo kinds share.
func DeclaredState(v *view.Component, j *result.Result, o facts.Object, code trace.Code) {
	j.Current = DeclaredCurrency(v, o)
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	j.Since = view.LastTransition(ready)
	switch {
	case view.Deleting(o.Body):
		j.Summary = fmt.Sprintf("%s is being deleted", o.Ref.Name)
		j.Fail(v.TerminatingFinding(o))
	case ready.False() && ready.Current(o.Body):
		j.FailWithCode(o.Ref.Name, trace.Finding{Code: code, Message: ready.Message, Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready)})
	case ready.Present() && !ready.Current(o.Body):
		NotObserved(v, j, o, ready)
	}
}

// NotObserved judges an object whose condition was written for an older generation: it shows nothing about this one. The API keeps no time of the
// change, so the clock runs from the delivery.
func NotObserved(v *view.Component, j *result.Result, o facts.Object, c kinds.Condition) {
	changed := v.LastDelivery(o)
	message := fmt.Sprintf("the object has generation %d, but its condition %s is for generation %d", o.Body.GetGeneration(), c.Type, c.ObservedGeneration)
	if v.Within(changed, view.ObserveTimeout) {
		j.Wait(changed, "%s: %s", o.Ref.Name, message)
		return
	}
	j.Summary = fmt.Sprintf("%s: %s is for an older generation", o.Ref.Name, c.Type)
	j.Fail(v.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeGenerationNotObserved, Message: message, Since: changed, Evidence: view.ConditionEvidence(c),
		Hint: "its controller has not reconciled it: check that the controller runs",
	}))
}

// DeclaredCurrency is that of the applier of o: an object that Flux applied is what Git had at that revision, unless it
// was changed by hand.
func DeclaredCurrency(v *view.Component, o facts.Object) trace.Currency {
	current := trace.CurrencyUnknown
	for _, ref := range v.Engines.AppliedBy(o) {
		current = result.Older(current, ApplierCurrency(v, v.Object(ref)))
	}
	return current
}
