package kustomize

import (
	"fmt"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// Judge assesses a Kustomization after its run (kustomize-controller v1.9.3 kustomization_controller.go).
func (e Engine) Judge(r engine.Run) engine.Verdict {
	if kinds.Running(r.Object.Body) && reachedWhileRunning(r) {
		return engine.Is(engine.Done, "applied, and in the middle of another run")
	}
	if v := flux.Unfinished(e, r); v.Decision != engine.Undecided {
		return v
	}
	ready := kinds.ConditionOf(r.Object.Body, meta.ReadyCondition)
	if ready.True() {
		return judgeApplied(r, ready)
	}
	message := kinds.InRepository(ready.Message)
	switch ready.Reason {
	case meta.DependencyNotReadyReason:
		return flux.AwaitDependency(r, ready)
	case meta.HealthCheckCanceledReason:
		// The controller itself starts another run immediately, with the revision that canceled this one.
		return engine.Repeat(engine.Canceled, flux.CanceledPause, flux.CanceledTries, message)
	case meta.ArtifactFailedReason:
		return artifactFailure(message)
	case meta.ReconciliationFailedReason:
		if kinds.IsTransient(message) {
			return engine.Repeat(engine.Transient, flux.TransientPause, flux.TransientTries, message)
		}
	}
	return engine.Is(engine.Failed, message)
}

// reachedWhileRunning reports whether a Kustomization with a new run in progress reached the wanted revision in an earlier run.
// The controller writes that field only after all objects are applied and healthy. If another client triggers runs continuously,
// this is the only evidence.
func reachedWhileRunning(r engine.Run) bool {
	return kinds.Observed(r.Object.Body) && len(r.Wanted) > 0 && !r.HadApplied && r.HasApplied
}

// judgeApplied compares with the source: a controller with a stale cache may have applied the previous revision
// (kustomize-controller #1583).
func judgeApplied(r engine.Run, ready kinds.Condition) engine.Verdict {
	switch {
	case r.HasApplied:
		return engine.Is(engine.Done, ready.Message)
	case len(r.Wanted) == 0:
		return engine.Is(engine.Failed, fmt.Sprintf("%s has no artifact to compare with", r.Source.Ref))
	}
	has := kinds.Text(r.Object.Body, "status", "lastAppliedRevision")
	return engine.Repeat(engine.Stale, flux.StalePause, flux.StaleTries, fmt.Sprintf("it has applied %s, but its source has %s", has, r.Wanted[0]))
}

// artifactFailure distinguishes a missing artifact and a transient download error from a permanent failure.
func artifactFailure(message string) engine.Verdict {
	switch {
	case strings.Contains(message, "artifact not found, retrying in"):
		return engine.Repeat(engine.Artifact, flux.ArtifactPause, flux.ArtifactTries, message)
	case strings.Contains(message, "failed to download"), strings.Contains(message, "failed to verify archive"):
		return engine.Repeat(engine.Transient, flux.TransientPause, flux.TransientTries, message)
	}
	return engine.Is(engine.Failed, message)
}

// Phase adds to kustomize-controller's message the objects that it waits for.
func (e Engine) Phase(u *unstructured.Unstructured) (doing string, applied bool) {
	doing = flux.Phase(u)
	reconciling := kinds.ConditionOf(u, meta.ReconcilingCondition)
	if !reconciling.True() || !strings.HasPrefix(reconciling.Message, "Running health checks") {
		return doing, false
	}
	return doing + e.waitsFor(u), true
}

// maxNamed limits the number of objects that are named in a message.
const maxNamed = 3

// waitsFor names the objects whose health a run checks. The controller itself names them only when the check fails.
func (e Engine) waitsFor(u *unstructured.Unstructured) string {
	if kinds.Bool(u, "spec", "wait") {
		return fmt.Sprintf("; it waits for all %d objects that it applies", len(e.Inventory(u)))
	}
	checks := kinds.Items(u, "spec", "healthChecks")
	var named []string
	for _, c := range checks[:min(len(checks), maxNamed)] {
		named = append(named, kinds.String(c, "kind")+" "+kinds.String(c, "name"))
	}
	if len(checks) > maxNamed {
		named = append(named, fmt.Sprintf("%d more", len(checks)-maxNamed))
	}
	if len(named) == 0 {
		return ""
	}
	return "; it waits for " + strings.Join(named, ", ")
}
