package kustomize

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// addWarnings adds the present and future problems of a Kustomization with Ready=True at the right revision.
func addWarnings(v *view.Component, j *result.Result, o facts.Object) {
	if v.Engines.HasPrunedAll(o) {
		empty(v, j, o)
	}
	if kinds.Bool(o.Body, "spec", "force") {
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeKustomizationForce, Message: fmt.Sprintf("%s has spec.force: true: an object that the API server rejects as invalid is deleted and recreated", o.Ref),
			Hint: "for a Component this deletes all objects that it owns",
		})
	}
	if _, remote := view.Nested(o, "spec")["kubeConfig"]; remote {
		j.Note(trace.Info, trace.Finding{Code: trace.CodeKustomizationRemote, Message: fmt.Sprintf("%s applies to another cluster, by spec.kubeConfig", o.Ref)})
	}
}

// empty reports a build without objects. A kustomization.yaml that lists nothing builds to nothing. With prune enabled,
// everything applied before is then deleted, under Ready=True (seen in the lab). If the component is absent, this is the cause.
func empty(v *view.Component, j *result.Result, o facts.Object) {
	f := trace.Finding{
		Code: trace.CodeKustomizationEmpty, Message: fmt.Sprintf("%s applied %s, which has no objects: all objects that it applied before were deleted", o.Ref, cmp.Or(j.Revision, "nothing")),
		Hint:     fmt.Sprintf("all that it had applied is deleted from the cluster, as spec.prune is true and %s contains no objects: restore the resources in its kustomization.yaml", cmp.Or(kinds.Text(o.Body, "spec", "path"), "its path")),
		Evidence: []trace.Evidence{{Path: "status.inventory.entries", Value: "none"}},
	}
	if v.Object(v.Ref("Component", v.ComponentName)).Outcome == facts.Absent && isPruneSuspect(v, o.Ref) {
		j.Summary = fmt.Sprintf("%s applied no objects", o.Ref.Name)
		j.Fail(f)
		return
	}
	j.Note(trace.Warning, f)
}

// isPruneSuspect reports whether no other evidence shows which object applied the component.
func isPruneSuspect(v *view.Component, ref facts.Ref) bool {
	return slices.Contains(v.Delivery.Direct, ref) && len(delivery.AppliedBy(v, v.Ref("Component", v.ComponentName))) == 0
}
