package collect

import (
	"slices"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// requestControllerOf requests the Lease and the Deployment of the controller of an applier or a source that seems not to be
// reconciled: a run has not finished, a condition is of an older generation, its content has an older revision than its source,
// or its canceled health check was not followed by a run.
func (k delivery) requestControllerOf(o facts.Object) {
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	failed := ready.False() && ready.Current(o.Body) && ready.Reason != meta.HealthCheckCanceledReason
	if o.Outcome != facts.Found || failed || engines.All().IsPaused(o) || engines.All().IsStatic(o) || engines.All().Properties(o.Ref).NoConditions {
		return
	}
	behind := false
	for _, ref := range engines.All().Sources(o) {
		has := kinds.Text(k.Object(ref).Body, "status", "artifact", "revision")
		behind = behind || (has != "" && o.Ref.Kind == "Kustomization" && has != kinds.Text(o.Body, "status", "lastAppliedRevision"))
	}
	if behind || !ready.True() || hasStaleConditions(o) {
		k.requestController(engines.All().Controller(o.Ref))
	}
}

// requestOpenChoreoController requests the same of OpenChoreo's controller, if the conditions of an object are of an older
// generation.
func (k delivery) requestOpenChoreoController() {
	watched := []string{"Component", "ReleaseBinding", "RenderedRelease", "ProjectReleaseBinding"}
	for o := range k.Each() {
		if o.Ref.Group == kinds.OpenChoreo && slices.Contains(watched, o.Ref.Kind) && o.Outcome == facts.Found && hasStaleConditions(o) {
			k.requestController(kinds.OpenChoreoController())
			return
		}
	}
}

func (k delivery) requestController(c kinds.Controller) {
	if c == (kinds.Controller{}) {
		return
	}
	k.RequestObject(facts.Ref{Plane: facts.Control, Group: kinds.Coordination, Kind: "Lease", Namespace: c.Namespace, Name: c.Lease})
	k.RequestObject(facts.Ref{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Namespace: c.Namespace, Name: c.Deployment})
}

// hasStaleConditions reports whether a condition was written for an older generation, or none was written at all.
func hasStaleConditions(o facts.Object) bool {
	conditions := kinds.Conditions(o.Body)
	if len(conditions) == 0 {
		return true
	}
	return slices.ContainsFunc(conditions, func(c kinds.Condition) bool {
		return !c.Current(o.Body) && c.Type != kinds.ConditionFinalizing
	})
}
