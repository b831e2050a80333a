package fluxoperator

import (
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// Judge assesses a ResourceSet or FluxInstance after its run (flux-operator v0.30 internal/controller). They have no source of
// their own: their content is their spec, which their parent has applied.
func (e Engine) Judge(r engine.Run) engine.Verdict {
	if v := flux.Unfinished(e, r); v.Decision != engine.Undecided {
		return v
	}
	ready := kinds.ConditionOf(r.Object.Body, meta.ReadyCondition)
	reconciling := kinds.ConditionOf(r.Object.Body, meta.ReconcilingCondition)
	switch {
	case ready.True():
		return engine.Is(engine.Done, ready.Message)
	case reconciling.True() && reconciling.Reason == meta.ProgressingReason:
		return engine.Is(engine.Running, flux.Phase(r.Object.Body))
	case ready.Reason == meta.DependencyNotReadyReason:
		return flux.AwaitDependency(r, ready)
	case ready.Reason == meta.ReconciliationFailedReason && kinds.IsTransient(ready.Message):
		return engine.Repeat(engine.Transient, flux.TransientPause, flux.TransientTries, ready.Message)
	}
	return engine.Is(engine.Failed, strings.TrimPrefix(ready.Message, "reconciliation failed: "))
}
