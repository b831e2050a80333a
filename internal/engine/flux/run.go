package flux

import (
	"fmt"
	"slices"
	"time"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// Delays and numbers of retries for transient failures.
const (
	ArtifactTries  = 3
	ArtifactPause  = 2 * time.Second
	StaleTries     = 3
	StalePause     = time.Second
	TransientTries = 1
	TransientPause = 3 * time.Second
	CanceledTries  = 2
	CanceledPause  = 5 * time.Second
)

// Request returns Flux's annotation: any change of its value is a request (fluxcd/pkg runtime v0.110
// predicates/reconcile_requested.go).
func (Object) Request(token string) engine.Request {
	return engine.Request{Key: meta.ReconcileRequestAnnotation, Value: token}
}

// Phase returns the message of Reconciling, or of Ready.
func (Object) Phase(u *unstructured.Unstructured) (doing string, applied bool) {
	return Phase(u), false
}

// Has compares the status fields in which an applier records a revision.
func (Object) Has(u *unstructured.Unstructured, revisions []string) (attempted, applied bool) {
	return slices.Contains(revisions, kinds.Text(u, "status", "lastAttemptedRevision")), slices.Contains(revisions, kinds.Text(u, "status", "lastAppliedRevision"))
}

// Unfinished returns a verdict while the conditions do not yet describe the run that counts, and otherwise Undecided. The
// controller writes conditions before the status field that acknowledges the run (fluxcd/pkg runtime v0.110 patch/patch.go:223),
// so they are at least as new. If another run has started since, the conditions describe that one, and the verdict waits.
func Unfinished(e engine.Reconciler, r engine.Run) engine.Verdict {
	ready := kinds.ConditionOf(r.Object.Body, meta.ReadyCondition)
	switch {
	case kinds.Running(r.Object.Body):
		doing, _ := e.Phase(r.Object.Body)
		return engine.Is(engine.Running, doing)
	case !ready.Present():
		return engine.Is(engine.Asked, "its controller has not started the first run yet")
	case !ready.Current(r.Object.Body):
		return engine.Is(engine.Asked, fmt.Sprintf("its controller has not reconciled generation %d yet", r.Object.Body.GetGeneration()))
	}
	return engine.Verdict{}
}

// A dependency that is done may be not ready while it runs again. The controller itself retries a dependency outside the graph
// every 30 s (--requeue-dependency).
const (
	dependencyTries = 3
	dependencyPause = time.Second
	outsideTries    = 2
	outsidePause    = 30 * time.Second
)

// AwaitDependency assesses a wait for a dependency. The dependencies in the graph were done before the object was triggered, so
// only a transient state can block it.
func AwaitDependency(r engine.Run, ready kinds.Condition) engine.Verdict {
	if r.DependsOnOthers {
		return engine.Repeat(engine.Dependency, outsidePause, outsideTries, ready.Message)
	}
	return engine.Repeat(engine.Dependency, dependencyPause, dependencyTries, ready.Message)
}
