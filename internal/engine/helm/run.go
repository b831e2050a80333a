package helm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// Judge assesses a HelmRelease after its run (helm-controller v1.6.3 internal/controller, internal/reconcile).
func (e Engine) Judge(r engine.Run) engine.Verdict {
	if v := flux.Unfinished(e, r); v.Decision != engine.Undecided {
		return v
	}
	ready := kinds.ConditionOf(r.Object.Body, meta.ReadyCondition)
	reconciling := kinds.ConditionOf(r.Object.Body, meta.ReconcilingCondition)
	switch {
	case ready.True() && !r.HasApplied:
		return engine.Repeat(engine.Stale, flux.StalePause, flux.StaleTries, fmt.Sprintf("it is at %s, but its chart is at %s", e.Revision(r.Object.Body), wanted(r)))
	case ready.True():
		return engine.Is(engine.Done, ready.Message)
	case kinds.ConditionOf(r.Object.Body, meta.StalledCondition).True() && kinds.ConditionOf(r.Object.Body, meta.StalledCondition).Current(r.Object.Body):
		return engine.Is(engine.Failed, message(r, ready))
	case reconciling.True() && reconciling.Reason == meta.ProgressingReason:
		return engine.Is(engine.Running, flux.Phase(r.Object.Body)) // a rollback after a failed upgrade
	}
	switch ready.Reason {
	case meta.DependencyNotReadyReason:
		return flux.AwaitDependency(r, ready)
	case kinds.ReasonSourceNotReady:
		return engine.Repeat(engine.Artifact, flux.ArtifactPause, flux.ArtifactTries, ready.Message)
	case meta.HealthCheckCanceledReason:
		return engine.Repeat(engine.Canceled, flux.CanceledPause, flux.CanceledTries, ready.Message)
	case meta.ArtifactFailedReason:
		if strings.HasPrefix(ready.Message, "Source not ready: ") || strings.Contains(ready.Message, "Could not load chart") {
			return engine.Repeat(engine.Artifact, flux.ArtifactPause, flux.ArtifactTries, ready.Message)
		}
	}
	return engine.Is(engine.Failed, message(r, ready))
}

func wanted(r engine.Run) string {
	for _, revision := range r.Wanted {
		return revision
	}
	return "no revision"
}

// message prefers that of Released, which has the error itself if Ready only reports exhausted retries or a successful rollback
// (helm-controller #1337).
func message(r engine.Run, ready kinds.Condition) string {
	released := kinds.ConditionOf(r.Object.Body, kinds.ConditionReleased)
	if !released.False() || released.Message == "" || released.Message == ready.Message {
		return ready.Message
	}
	return fmt.Sprintf("%s: %s", ready.Message, released.Message)
}

// Has reports whether u has one of the revisions. A HelmRelease records the version of a HelmChart; for other artifacts it keeps
// the digest (helm-controller v1.6.3 internal/controller/helmrelease_controller.go:904). Before the chart exists, only the
// repository is known, which is not enough. A revision is applied if it was attempted and u is Ready.
func (e Engine) Has(u *unstructured.Unstructured, revisions []string) (attempted, applied bool) {
	for _, source := range e.Sources(u) {
		if source.Kind == "HelmRepository" {
			return true, true
		}
	}
	version, digest := kinds.Text(u, "status", "lastAttemptedRevision"), kinds.Text(u, "status", "lastAttemptedRevisionDigest")
	has := slices.ContainsFunc(revisions, func(revision string) bool {
		return revision == version || (digest != "" && strings.HasSuffix(revision, digest))
	})
	return has, has
}
