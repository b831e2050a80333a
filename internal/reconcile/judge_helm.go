package reconcile

import (
	"fmt"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// judgeHelmRelease reads a HelmRelease after its run (helm-controller v1.6.3 internal/controller, internal/reconcile).
func (b *book) judgeHelmRelease(n *node, ready kinds.Condition) verdict {
	reconciling := kinds.ConditionOf(n.object.Body, meta.ReconcilingCondition)
	switch {
	case ready.True() && !b.has(n, n.object, attempted):
		return repeat(causeStale, stalePause, staleTries, fmt.Sprintf("it is at %s, but its chart is at %s", shownRevision(n.object), b.wantedText(n)))
	case ready.True():
		return done(ready.Message)
	case kinds.ConditionOf(n.object.Body, meta.StalledCondition).True() && kinds.ConditionOf(n.object.Body, meta.StalledCondition).Current(n.object.Body):
		return failed(helmMessage(n, ready))
	case reconciling.True() && reconciling.Reason == meta.ProgressingReason:
		return pending(Running, phase(n.object)) // a rollback after a failed upgrade
	}
	switch ready.Reason {
	case meta.DependencyNotReadyReason:
		return b.judgeDependency(n, ready)
	case kinds.ReasonSourceNotReady:
		return repeat(causeArtifact, artifactPause, artifactTries, ready.Message)
	case meta.HealthCheckCanceledReason:
		return repeat(causeCanceled, canceledPause, canceledTries, ready.Message)
	case meta.ArtifactFailedReason:
		if strings.HasPrefix(ready.Message, "Source not ready: ") || strings.Contains(ready.Message, "Could not load chart") {
			return repeat(causeArtifact, artifactPause, artifactTries, ready.Message)
		}
	}
	return failed(helmMessage(n, ready))
}

func (b *book) wantedText(n *node) string {
	for _, revision := range b.wanted(n) {
		return revision
	}
	return "no revision"
}

// helmMessage: Released holds the error itself, where Ready only says that the retries are used up or that a rollback has
// succeeded (helm-controller #1337).
func helmMessage(n *node, ready kinds.Condition) string {
	released := kinds.ConditionOf(n.object.Body, kinds.ConditionReleased)
	if !released.False() || released.Message == "" || released.Message == ready.Message {
		return ready.Message
	}
	return fmt.Sprintf("%s: %s", ready.Message, released.Message)
}

// judgeOperatorKind reads a ResourceSet or FluxInstance after its run (flux-operator v0.30 internal/controller). They have no
// source of their own: what they are made of is their spec, which their parent has applied.
func (b *book) judgeOperatorKind(n *node, ready kinds.Condition) verdict {
	reconciling := kinds.ConditionOf(n.object.Body, meta.ReconcilingCondition)
	switch {
	case ready.True():
		return done(ready.Message)
	case reconciling.True() && reconciling.Reason == meta.ProgressingReason:
		return pending(Running, phase(n.object))
	case ready.Reason == meta.DependencyNotReadyReason:
		return b.judgeDependency(n, ready)
	case ready.Reason == meta.ReconciliationFailedReason && kinds.Passing(ready.Message):
		return repeat(causePassing, passingPause, passingTries, ready.Message)
	}
	return failed(strings.TrimPrefix(ready.Message, "reconciliation failed: "))
}
