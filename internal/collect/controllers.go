package collect

import (
	"slices"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// leaseOf asks for the sign of life of the controller of an applier or a source that seems not to be looked at: it is in the
// middle of something, of an older generation, content with an older revision than its source has, or its canceled health check
// was not followed by a run.
func (k *known) leaseOf(o facts.Object) {
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
	if behind || !ready.True() || lags(o) {
		k.signsOfLife(engines.All().Controller(o.Ref))
	}
}

// controllers asks for OpenChoreo's sign of life where an object's conditions speak of an older generation.
func (k *known) controllers() {
	watched := []string{"Component", "ReleaseBinding", "RenderedRelease", "ProjectReleaseBinding"}
	for o := range k.Each() {
		if o.Ref.Group == kinds.OpenChoreo && slices.Contains(watched, o.Ref.Kind) && o.Outcome == facts.Found && lags(o) {
			k.signsOfLife(kinds.OpenChoreoController())
			return
		}
	}
}

func (k *known) signsOfLife(c kinds.Controller) {
	if c == (kinds.Controller{}) {
		return
	}
	k.get(facts.Ref{Plane: facts.Control, Group: kinds.Coordination, Kind: "Lease", Namespace: c.Namespace, Name: c.Lease})
	k.get(facts.Ref{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Namespace: c.Namespace, Name: c.Deployment})
}

// lags reports whether a condition was written for an older generation, or none was written at all.
func lags(o facts.Object) bool {
	conditions := kinds.Conditions(o.Body)
	if len(conditions) == 0 {
		return true
	}
	return slices.ContainsFunc(conditions, func(c kinds.Condition) bool {
		return !c.Current(o.Body) && c.Type != kinds.ConditionFinalizing
	})
}
