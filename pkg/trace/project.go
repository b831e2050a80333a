package trace

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// assessProject looks up what the Project names: its own Ready looks neither at the pipeline nor at the bindings
// (openchoreo v1.2.3 internal/controller/project/controller.go).
func assessProject(v *view) *judgement {
	if v.project == "" {
		j := rung(RungProject, facts.Ref{})
		j.unasked = true
		j.Summary = "not known: nothing names it"
		return j
	}
	o := v.Object(v.ref("Project", v.project))
	j := rung(RungProject, o.Ref)
	if o.Outcome == facts.Absent {
		j.absent = true
		j.Summary = fmt.Sprintf("%s is not there", v.project)
		f := Finding{Code: CodeProjectAbsent, Message: v.missing(o.Ref)}
		v.vanished(&f, func(ref facts.Ref) bool { return ref == o.Ref })
		return j.fail(f)
	}
	if j.unread(o) {
		return j
	}
	v.declaredState(j, o, CodeProjectNotReady)
	v.deliveryNotes(j, o)
	if pipeline := v.pipeline(); pipeline.Outcome == facts.Invalid {
		j.unread(pipeline)
	} else if pipeline.Outcome == facts.Absent {
		j.fail(Finding{
			Code: CodeDeploymentPipelineAbsent, Object: pipeline.Ref, Message: v.missing(pipeline.Ref),
			Hint: "spec.deploymentPipelineRef of the Project names it",
		})
	}
	v.pipelineEnvironments(j)
	return j.ok("%s", strings.TrimSuffix(v.project+": "+strings.Join(kinds.PipelineEnvironments(v.pipeline().Body), " → "), ": "))
}

// pipelineEnvironments looks up what the pipeline names: nobody else does (openchoreo v1.2.3
// internal/controller/deploymentpipeline/controller.go).
func (v *view) pipelineEnvironments(j *judgement) {
	l := v.Listed(facts.Control, kinds.OpenChoreo, "Environment", v.ns)
	if l.Outcome != facts.Found || l.Truncated {
		return
	}
	for _, name := range kinds.PipelineEnvironments(v.pipeline().Body) {
		if v.Object(v.ref("Environment", name)).Outcome != facts.Found {
			j.note(Warning, Finding{
				Code: CodePipelineEnvironment, Object: v.pipeline().Ref,
				Message: fmt.Sprintf("%s promotes to environment %s, which does not exist", v.pipeline().Ref, name),
			})
		}
	}
}

// missing says of an absent object what else is known of it: an inventory that still lists it means that it was
// applied and has vanished since, or was applied while it was being deleted (seen in the lab).
func (v *view) missing(ref facts.Ref) string {
	for _, applier := range v.appliedBy(ref) {
		return fmt.Sprintf("%s does not exist, although %s %s lists it as applied", ref, applier.Ref.Kind, applier.Ref.Name)
	}
	return fmt.Sprintf("%s does not exist", ref)
}

// vanished is the applier that lists as applied an object which satisfies of and does not exist: one more run brings it
// back, while Flux is content until its next interval (seen in the lab).
func (v *view) vanished(f *Finding, of func(facts.Ref) bool) {
	for _, o := range v.Objects() {
		if o.Outcome != facts.Absent || o.Ref.Group != kinds.OpenChoreo || !of(o.Ref) {
			continue
		}
		for _, applier := range v.appliedBy(o.Ref) {
			f.Hint = fmt.Sprintf("%s lists %s as applied, and does not look before its next interval", applier.Ref, o.Ref)
			f.Path = []facts.Ref{applier.Ref}
			v.runsAgain(f, applier.Ref)
			return
		}
	}
}

// named picks objects of a kind by the beginning of their names.
func named(kind, prefix string) func(facts.Ref) bool {
	return func(ref facts.Ref) bool { return ref.Kind == kind && strings.HasPrefix(ref.Name, prefix) }
}

// declaredState judges the Ready condition and the deletion mark that all OpenChoreo kinds share.
func (v *view) declaredState(j *judgement, o facts.Object, code Code) {
	j.Current = v.declaredCurrency(o)
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	j.Since = since(ready)
	switch {
	case deleting(o.Body):
		j.Summary = fmt.Sprintf("%s is being deleted", o.Ref.Name)
		j.fail(terminating(o))
	case ready.False() && ready.Current(o.Body):
		j.Summary = fmt.Sprintf("%s: %s", o.Ref.Name, ready.Reason)
		j.fail(Finding{Code: code, Message: ready.Message, Since: since(ready), Evidence: quote(ready)})
	case ready.Present() && !ready.Current(o.Body):
		v.notObserved(j, o, ready)
	}
}

// notObserved: a condition that speaks of an older generation says nothing of this one. The API keeps no time of the
// change, so the clock runs from the delivery.
func (v *view) notObserved(j *judgement, o facts.Object, c kinds.Condition) {
	changed := v.lastDelivery(o)
	message := fmt.Sprintf("generation %d, but %s was written for generation %d", o.Body.GetGeneration(), c.Type, c.ObservedGeneration)
	if v.within(changed, observeClock) {
		j.wait(changed, "%s: %s", o.Ref.Name, message)
		return
	}
	j.Summary = fmt.Sprintf("%s: %s is out of date", o.Ref.Name, c.Type)
	j.fail(v.orControllerDown(o.Ref, Finding{
		Code: CodeNotObserved, Message: message, Since: changed, Evidence: quote(c),
		Hint: "its controller has not looked at it: is it running?",
	}))
}

func finalizers(o facts.Object) string {
	if len(o.Body.GetFinalizers()) == 0 {
		return ""
	}
	return "; it waits for " + strings.Join(o.Body.GetFinalizers(), ", ")
}

// declaredCurrency is that of the applier of o: an object that Flux applied is what Git had at that revision, unless it
// was changed by hand.
func (v *view) declaredCurrency(o facts.Object) Currency {
	current := CurrencyUnknown
	for _, ref := range appliersOf(o) {
		current = older(current, v.applierCurrency(v.Object(ref)))
	}
	return current
}
