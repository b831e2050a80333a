package reconcile

import (
	"fmt"
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// How often and after how long an applier is asked again for what may pass.
const (
	artifactTries = 3
	artifactPause = 2 * time.Second
	staleTries    = 3
	stalePause    = time.Second
	passingTries  = 1
	passingPause  = 3 * time.Second
	canceledTries = 2
	canceledPause = 5 * time.Second
)

// judgeKustomization reads a Kustomization after its run (kustomize-controller v1.9.3 kustomization_controller.go).
func (b *book) judgeKustomization(n *node, ready kinds.Condition) verdict {
	if ready.True() {
		return b.judgeApplied(n, ready)
	}
	message := kinds.InRepository(ready.Message)
	switch ready.Reason {
	case meta.DependencyNotReadyReason:
		return b.judgeDependency(n, ready)
	case meta.HealthCheckCanceledReason:
		// The controller itself begins again at once, with the revision that made it cancel.
		return repeat(causeCanceled, canceledPause, canceledTries, message)
	case meta.ArtifactFailedReason:
		return artifactFailure(message)
	case meta.ReconciliationFailedReason:
		if kinds.Passing(message) {
			return repeat(causePassing, passingPause, passingTries, message)
		}
	}
	return failed(message)
}

// reachedWhileRunning reports whether a Kustomization that runs again has been seen to come to the wanted revision: that field is only
// written once all is applied and healthy. Another client that makes it run all the time leaves no other sign.
func (b *book) reachedWhileRunning(n *node) bool {
	return n.ref.Kind == "Kustomization" && n.observed() && b.hasWanted(n) && !b.has(n, n.first, applied) && b.has(n, n.object, applied)
}

// judgeApplied compares with the source: a controller whose cache was older than what we saw has applied the revision before
// (kustomize-controller #1583).
func (b *book) judgeApplied(n *node, ready kinds.Condition) verdict {
	switch {
	case b.has(n, n.object, applied):
		return done(ready.Message)
	case !b.hasWanted(n):
		return failed(fmt.Sprintf("%s has no artifact to compare with", engines.All().SourceOf(n.object)))
	}
	has := kinds.Text(n.object.Body, "status", applied)
	return repeat(causeStale, stalePause, staleTries, fmt.Sprintf("it has applied %s, but its source has %s", has, b.wanted(n)[0]))
}

// artifactFailure tells an artifact that is not there yet, and a download that may succeed, from what the next run meets too.
func artifactFailure(message string) verdict {
	switch {
	case strings.Contains(message, "artifact not found, retrying in"):
		return repeat(causeArtifact, artifactPause, artifactTries, message)
	case strings.Contains(message, "failed to download"), strings.Contains(message, "failed to verify archive"):
		return repeat(causePassing, passingPause, passingTries, message)
	}
	return failed(message)
}

// inHealthChecks reports whether everything is applied, and its health is being looked at.
func inHealthChecks(o facts.Object) bool {
	reconciling := kinds.ConditionOf(o.Body, meta.ReconcilingCondition)
	return reconciling.True() && strings.HasPrefix(reconciling.Message, "Running health checks")
}

// maxNamed bounds the objects that are named in a message.
const maxNamed = 3

// waitsFor says which objects' health a run looks at. The controller itself only says so when it gives up.
func waitsFor(o facts.Object) string {
	if !inHealthChecks(o) {
		return ""
	}
	if kinds.Bool(o.Body, "spec", "wait") {
		return fmt.Sprintf("; it waits for all %d objects that it applies", len(engines.All().Inventory(o)))
	}
	checks := kinds.Items(o.Body, "spec", "healthChecks")
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
