package trace

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// assessComponent judges the Component and the type that it names. With autoDeploy off its Ready=True means that it is
// valid, and says nothing of a deployment (openchoreo v1.2.3 internal/controller/component/controller.go:197).
func assessComponent(v *view) *judgement {
	o := v.Object(v.ref("Component", v.component))
	j := rung(RungComponent, o.Ref)
	if o.Outcome == facts.Absent {
		return v.componentAbsent(j)
	}
	if j.unread(o) {
		return j
	}
	v.componentType(j, o)
	v.componentReady(j, o)
	v.deliveryNotes(j, o)
	return j.ok("%s (%s)", kinds.Text(o.Body, "spec", "componentType", "name"), v.typeRef(o).Kind)
}

func (v *view) componentAbsent(j *judgement) *judgement {
	j.absent = true
	j.Summary = fmt.Sprintf("%s is not there", v.component)
	f := Finding{Code: CodeComponentAbsent, Message: v.missing(j.Object)}
	if appliers := v.appliedBy(j.Object); len(appliers) > 0 {
		// An object that Flux says it applied does not come back by waiting for anything above.
		j.absent = false
		f.Code = CodeAppliedButAbsent
		f.Hint = "Flux is content, because it does not look at what it applied before its next interval"
		f.Path = []facts.Ref{appliers[0].Ref}
		v.runsAgain(&f, appliers[0].Ref)
	}
	return j.fail(f)
}

// typeRef resolves spec.componentType: the object's name is the part after the slash, and a kind that is left out
// means the namespaced ComponentType (controller.go:211-281).
func (v *view) typeRef(component facts.Object) facts.Ref {
	kind := kinds.Text(component.Body, "spec", "componentType", "kind")
	if kind == "" {
		kind = "ComponentType"
	}
	name := kinds.Text(component.Body, "spec", "componentType", "name")
	return v.ref(kind, name[strings.LastIndex(name, "/")+1:])
}

func (v *view) componentType(j *judgement, component facts.Object) {
	ref := v.typeRef(component)
	if v.Object(ref).Outcome != facts.Absent {
		return
	}
	f := Finding{Code: CodeComponentTypeAbsent, Object: ref, Message: fmt.Sprintf("%s does not exist", ref)}
	other := v.ref("ClusterComponentType", ref.Name)
	if ref.Kind == "ComponentType" && v.Object(other).Outcome == facts.Found {
		f.Hint = fmt.Sprintf("%s exists: set spec.componentType.kind to ClusterComponentType (the Component must be made anew for that)", other)
	}
	j.Summary = f.Message
	j.fail(f)
}

// componentFault says where the cause of a Component's reason is, and what it means (openchoreo v1.2.3
// internal/controller/component/controller.go).
type componentFault struct {
	code    Code
	follows RungID
	hint    string
}

func componentFaults() map[string]componentFault {
	return map[string]componentFault{
		"WorkloadNotFound":           {CodeComponentNotReady, RungWorkload, ""},
		"ProjectNotFound":            {CodeComponentNotReady, RungProject, ""},
		"DeploymentPipelineNotFound": {CodeComponentNotReady, RungProject, ""},
		"ComponentTypeNotFound":      {CodeComponentTypeAbsent, "", "spec.componentType names it"},
		"TraitNotFound":              {CodeTraitAbsent, "", "spec.traits of the Component or of its type names it"},
		"WorkflowNotFound":           {CodeWorkflowRefused, "", "spec.workflow names it; a kind that is left out means ClusterWorkflow"},
		"WorkflowNotAllowed":         {CodeWorkflowRefused, "", "the component type lists the workflows that it allows"},
		"InvalidConfiguration":       {CodeComponentInvalid, "", ""},
		"AutoDeployFailed":           {CodeAutoDeployFailed, "", "no new release is cut or bound until this is mended; what runs keeps running"},
	}
}

// componentReady: the Component's controller watches everything that it reads (controller.go:851-872), so its
// conditions are fresh; the reason may point at another rung.
func (v *view) componentReady(j *judgement, o facts.Object) {
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	if deleting(o.Body) || !ready.False() || !ready.Current(o.Body) {
		v.declaredState(j, o, CodeComponentNotReady)
		return
	}
	fault, known := componentFaults()[ready.Reason]
	if !known {
		fault.code = CodeComponentNotReady
	}
	if ready.Reason == "AutoDeployFailed" && conflict(ready.Message) && v.within(since(ready), observeClock) {
		j.wait(since(ready), "%s: a conflict, tried again", o.Ref.Name)
		return
	}
	if fault.follows == RungWorkload && assessWorkload(v).State == Progressing {
		j.wait(since(ready), "%s waits for its build", o.Ref.Name)
		return
	}
	j.follows = fault.follows
	if strings.HasPrefix(ready.Message, "Multiple Workloads found") {
		j.follows = RungWorkload
	}
	before := len(j.Findings)
	v.declaredState(j, o, fault.code)
	if before > 0 {
		j.Findings = j.Findings[:before] // the absent type is the cause; Ready only repeats it
		return
	}
	last := &j.Findings[len(j.Findings)-1]
	last.Hint = orElse(last.Hint, fault.hint)
	v.otherTrait(last, o)
}

// otherTrait: a trait that is not there under the kind that is named may be there under the other.
func (v *view) otherTrait(f *Finding, component facts.Object) {
	if f.Code != CodeTraitAbsent {
		return
	}
	for _, trait := range kinds.Items(component.Body, "spec", "traits") {
		cluster := v.Object(v.ref("ClusterTrait", kinds.String(trait, "name")))
		if kind := kinds.String(trait, "kind"); (kind == "" || kind == "Trait") && cluster.Outcome == facts.Found {
			f.Hint = fmt.Sprintf("%s exists: set the trait's kind to ClusterTrait", cluster.Ref)
		}
	}
}

// conflict: two writers met; the controller tries again at once.
func conflict(message string) bool { return strings.Contains(message, "the object has been modified") }

// lastDelivery is the newest time at which something is known to have changed o: its making, or the last run of the
// Kustomization that applies it.
func (v *view) lastDelivery(o facts.Object) time.Time {
	newest := o.Body.GetCreationTimestamp().UTC()
	for _, ref := range appliersOf(o) {
		if t := since(kinds.ConditionOf(v.Object(ref).Body, kinds.ConditionReady)); t.After(newest) {
			newest = t
		}
	}
	return newest
}
