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
	return j.ok("%s (%s)", kinds.Text(o.Body, "spec", "componentType", "name"), v.typeRef(o).Kind)
}

func (v *view) componentAbsent(j *judgement) *judgement {
	j.absent = true
	j.Summary = fmt.Sprintf("%s is not there", v.component)
	f := Finding{Code: CodeComponentAbsent, Message: v.missing(j.Object)}
	if appliers := v.appliedBy(j.Object); len(appliers) > 0 {
		// An object that Flux says it applied does not come back by waiting for anything above.
		j.absent = false
		f.Code = CodeComponentPruned
		f.Hint = "Flux is content, because it does not look at what it applied before its next interval"
		f.Path = []facts.Ref{appliers[0].Ref}
		f.Next = []string{reconcileFlux(appliers[0].Ref)}
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

// waitingReasons are normal for a while after a commit, because one Kustomization applies kinds in alphabetical order.
func waitingReasons() map[string]RungID {
	return map[string]RungID{
		"WorkloadNotFound":           RungWorkload,
		"ProjectNotFound":            RungProject,
		"DeploymentPipelineNotFound": RungProject,
		"ComponentTypeNotFound":      RungComponent,
	}
}

// componentReady: the Component's controller watches everything that it reads (controller.go:851-872), so its
// conditions are fresh; the reason may point at another rung.
func (v *view) componentReady(j *judgement, o facts.Object) {
	j.follows = waitingReasons()[kinds.ConditionOf(o.Body, "Ready").Reason]
	before := len(j.Findings)
	v.declaredState(j, o, CodeComponentNotReady)
	if j.State == Failed && before > 0 {
		j.Findings = j.Findings[:before] // the absent type is the cause; Ready only repeats it
	}
}

// lastDelivery is the newest time at which something is known to have changed o: its making, or the last run of the
// Kustomization that applies it.
func (v *view) lastDelivery(o facts.Object) time.Time {
	newest := o.Body.GetCreationTimestamp().Time
	if owner, ok := kinds.OwnerKustomization(o.Body); ok {
		ks := v.Object(kustomizationRef(owner.Namespace, owner.Name))
		if t := since(kinds.ConditionOf(ks.Body, "Ready")); t.After(newest) {
			newest = t
		}
	}
	return newest
}
