package component

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessWorkload assesses the rung workload: exactly one Workload must name the component as its owner. Workloads have no conditions.
func AssessWorkload(v *view.Component) *result.Result {
	found := v.Workloads()
	j := result.New(trace.RungWorkload, v.Ref("Workload", ""))
	switch {
	case len(found) == 0:
		return noWorkload(v, j)
	case len(found) > 1:
		return severalWorkloads(v, j, found)
	}
	o := found[0]
	j.Object, j.Current = o.Ref, delivery.DeclaredCurrency(v, o)
	if view.Deleting(o.Body) {
		return j.Fail(v.TerminatingFinding(o))
	}
	delivery.AddWarnings(v, j, o)
	targetPorts(j, o)
	image := kinds.Text(o.Body, "spec", "container", "image")
	if image == "" {
		return noImage(v, j, o)
	}
	return j.OK("%s, %s", o.Ref.Name, trace.ImageName(image))
}

func noWorkload(v *view.Component, j *result.Result) *result.Result {
	l := v.Listed(facts.Control, kinds.OpenChoreo, "Workload", v.Namespace)
	if j.NoAnswer(v.Ref("Workload", ""), l.Outcome, l.Reason) {
		return j
	}
	// A Workload that is listed but could not be read is no absence.
	for _, item := range l.Items {
		if o := v.Object(item); o.Outcome != facts.Found && o.Outcome != facts.Absent && j.CannotRead(o) {
			return j
		}
	}
	if built, waits := build(v, j); waits {
		return built
	}
	j.Cause = result.NotFound()
	j.Summary = fmt.Sprintf("no Workload for component %s", v.ComponentName)
	component := kinds.ConditionOf(v.Object(v.Ref("Component", v.ComponentName)).Body, kinds.ConditionReady)
	f := trace.Finding{
		Code: trace.CodeWorkloadNotFound, Message: fmt.Sprintf("no Workload in namespace %s has spec.owner.componentName %s", v.Namespace, v.ComponentName),
		Hint: "check that its file exists and that spec.owner is correct; without a Workload no release can be created",
	}
	if component.Reason == kinds.ReasonWorkloadNotFound {
		f.Since, f.Evidence = view.LastTransition(component), view.ConditionEvidence(component)
	}
	delivery.ExplainVanished(v, &f, delivery.HasNamePrefix("Workload", v.ComponentName+"-"))
	return j.Fail(f)
}

func severalWorkloads(v *view.Component, j *result.Result, found []facts.Object) *result.Result {
	var named []string
	for _, o := range found {
		named = append(named, o.Ref.Name)
	}
	hint := "in Git, delete all of them but one"
	if len(found) == 2 {
		hint = "in Git, delete one of them"
	}
	if o, release := releasedWorkload(v, found); release != "" {
		hint = fmt.Sprintf("%s. Release %s has what is in %s now", hint, release, o.Ref.Name)
	}
	j.Object = found[0].Ref
	j.Summary = fmt.Sprintf("%d Workloads for one component", len(found))
	return j.Fail(trace.Finding{
		Code:    trace.CodeMultipleWorkloads,
		Message: fmt.Sprintf("Workloads %s have the same owner; a component has exactly one Workload", strings.Join(named, ", ")),
		Hint:    hint,
	})
}

// releasedWorkload is the only one of the Workloads with the content of a ComponentRelease, and the newest such release.
func releasedWorkload(v *view.Component, found []facts.Object) (released facts.Object, release string) {
	for _, o := range found {
		for _, r := range v.OwnedBy("ComponentRelease", v.ComponentName) {
			if !kinds.Released(o.Body, r.Body) {
				continue
			}
			if release != "" && released.Ref != o.Ref {
				return facts.Object{}, ""
			}
			if release == "" || kinds.OlderRelease(release, r.Ref.Name) {
				released, release = o, r.Ref.Name
			}
		}
	}
	return released, release
}

// targetPorts: the NetworkPolicy that OpenChoreo renders opens the endpoint's port, but a policy is about the pod's port
// (openchoreo v1.2.3 internal/networkpolicy/networkpolicy.go:110).
func targetPorts(j *result.Result, o facts.Object) {
	endpoints := view.Nested(o, "spec", "endpoints")
	for _, name := range slices.Sorted(maps.Keys(endpoints)) {
		port, _, _ := unstructured.NestedInt64(endpoints, name, "port")
		target, set, _ := unstructured.NestedInt64(endpoints, name, "targetPort")
		if set && target != port {
			j.Note(trace.Warning, trace.Finding{
				Code: trace.CodeTargetPortBlocked, Message: fmt.Sprintf("endpoint %s has port %d and targetPort %d", name, port, target),
				Hint: "the NetworkPolicy allows only the port, so connections from other components may be blocked: let the container listen on that port, or set port to that of the container",
			})
		}
	}
}
