package trace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// workloads are the subject's Workloads: the link is spec.owner, whatever their name.
func (v *view) workloads() []facts.Object { return v.ownedBy("Workload", v.component) }

// assessWorkload: exactly one Workload must name the component as its owner. Workloads have no conditions.
func assessWorkload(v *view) *judgement {
	found := v.workloads()
	j := rung(RungWorkload, v.ref("Workload", ""))
	switch {
	case len(found) == 0:
		return v.noWorkload(j)
	case len(found) > 1:
		return severalWorkloads(j, found)
	}
	o := found[0]
	j.Object, j.Current = o.Ref, v.declaredCurrency(o)
	if deleting(o.Body) {
		return j.fail(terminating(o))
	}
	v.deliveryNotes(j, o)
	targetPorts(j, o)
	image := kinds.Text(o.Body, "spec", "container", "image")
	if image == "" {
		return v.noImage(j, o)
	}
	return j.ok("%s, %s", o.Ref.Name, imageName(image))
}

func (v *view) noWorkload(j *judgement) *judgement {
	l := v.Listed(facts.Control, kinds.OpenChoreo, "Workload", v.ns)
	if j.unanswered(v.ref("Workload", ""), l.Outcome, l.Reason) {
		return j
	}
	// A Workload that is listed but could not be read is no absence.
	for _, item := range l.Items {
		if o := v.Object(item); o.Outcome != facts.Found && o.Outcome != facts.Absent && j.unread(o) {
			return j
		}
	}
	if built, waits := v.build(j); waits {
		return built
	}
	j.absent = true
	j.Summary = fmt.Sprintf("none names component %s", v.component)
	component := kinds.ConditionOf(v.Object(v.ref("Component", v.component)).Body, kinds.ConditionReady)
	f := Finding{
		Code: CodeWorkloadAbsent, Message: fmt.Sprintf("no Workload in namespace %s has spec.owner.componentName %s", v.ns, v.component),
		Hint: "is its file missing, or its owner misspelt? Without a Workload no release can be cut",
		Next: commands(kubectl(v.ns, "get workloads")),
	}
	if component.Reason == "WorkloadNotFound" {
		f.Since, f.Evidence = since(component), quote(component)
	}
	v.vanished(&f, named("Workload", v.component+"-"))
	return j.fail(f)
}

func severalWorkloads(j *judgement, found []facts.Object) *judgement {
	var named []string
	for _, o := range found {
		named = append(named, o.Ref.Name)
	}
	j.Object = found[0].Ref
	j.Summary = fmt.Sprintf("%d name the same component", len(found))
	return j.fail(Finding{
		Code:    CodeWorkloadDuplicate,
		Message: fmt.Sprintf("%s all have the same owner; OpenChoreo expects exactly one", strings.Join(named, ", ")),
		Hint:    "delete the files of all but one",
	})
}

// targetPorts: the NetworkPolicy that OpenChoreo renders opens the endpoint's port, but a policy is about the pod's port
// (openchoreo v1.2.3 internal/networkpolicy/networkpolicy.go:110).
func targetPorts(j *judgement, o facts.Object) {
	endpoints := nested(o, "spec", "endpoints")
	for _, name := range slices.Sorted(maps.Keys(endpoints)) {
		port, _, _ := unstructured.NestedInt64(endpoints, name, "port")
		target, set, _ := unstructured.NestedInt64(endpoints, name, "targetPort")
		if set && target != port {
			j.note(Warning, Finding{
				Code: CodeTargetPort, Message: fmt.Sprintf("endpoint %s has port %d and targetPort %d", name, port, target),
				Hint: "the NetworkPolicy of the cell opens the port only, so that other components may not get through",
			})
		}
	}
}
