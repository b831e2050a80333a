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

// How often and after how long a controller is asked again for what may pass.
const (
	ArtifactTries = 3
	ArtifactPause = 2 * time.Second
	StaleTries    = 3
	StalePause    = time.Second
	PassingTries  = 1
	PassingPause  = 3 * time.Second
	CanceledTries = 2
	CanceledPause = 5 * time.Second
)

// Request is Flux's annotation: any change of its value is a request (fluxcd/pkg runtime v0.110 predicates/reconcile_requested.go).
func (Object) Request(token string) engine.Request {
	return engine.Request{Key: meta.ReconcileRequestAnnotation, Value: token}
}

// Phase is the message of Reconciling, or of Ready.
func (Object) Phase(u *unstructured.Unstructured) (doing string, applied bool) {
	return Phase(u), false
}

// Has compares the fields in which an applier repeats a revision.
func (Object) Has(u *unstructured.Unstructured, revisions []string) (attempted, applied bool) {
	return slices.Contains(revisions, kinds.Text(u, "status", "lastAttemptedRevision")), slices.Contains(revisions, kinds.Text(u, "status", "lastAppliedRevision"))
}

// Unfinished is the verdict while the conditions say nothing of the run that counts, else undecided. Conditions are written before
// the status that acknowledges the run (fluxcd/pkg runtime v0.110 patch/patch.go:223), so they are at least as new; a run that
// has begun since makes them wait.
func Unfinished(e engine.Reconciler, r engine.Run) engine.Verdict {
	ready := kinds.ConditionOf(r.Object.Body, meta.ReadyCondition)
	switch {
	case kinds.Running(r.Object.Body):
		doing, _ := e.Phase(r.Object.Body)
		return engine.Is(engine.Running, doing)
	case !ready.Present():
		return engine.Is(engine.Asked, "its controller has only prepared it for a first run")
	case !ready.Current(r.Object.Body):
		return engine.Is(engine.Asked, fmt.Sprintf("its controller has not looked at generation %d yet", r.Object.Body.GetGeneration()))
	}
	return engine.Verdict{}
}

// A dependency that is done may be found unready where it runs again at that moment. One that is not reconciled with the object
// is looked at by the controller itself, every 30 s (--requeue-dependency).
const (
	dependencyTries = 3
	dependencyPause = time.Second
	outsideTries    = 2
	outsidePause    = 30 * time.Second
)

// AwaitDependency judges a wait for a dependency: what an object depends on was done before it was asked, so that only something passing can be in the way.
func AwaitDependency(r engine.Run, ready kinds.Condition) engine.Verdict {
	if r.DependsOnOthers {
		return engine.Repeat(engine.Dependency, outsidePause, outsideTries, ready.Message)
	}
	return engine.Repeat(engine.Dependency, dependencyPause, dependencyTries, ready.Message)
}
