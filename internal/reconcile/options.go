package reconcile

import (
	"context"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Options of Run. The zero value, with a clock, pushes what the sources fetch through the targets and what they
// need, skips what is current, and stops at the first failure.
type Options struct {
	// Full requests also what is current already, so that drift in the cluster is reverted.
	Full bool
	// KeepGoing goes on with what does not need the object that failed.
	KeepGoing bool
	// Revision reports whether a commit is the wanted one or contains it; facts.Revision.Includes is such a function. A source
	// that is known not to have it is requested again until it has, or ctx ends. Where it is not known, as for a source of
	// another repository, what the source fetches is taken. nil: nothing particular is wanted.
	Revision func(commit string) (included, known bool)
	// Now is the clock. Run needs one.
	Now func() time.Time
	// Report, where not nil, is called for each change of an object's state or message, from the goroutine of Run.
	Report func(Event)
}

// Cluster is what Run needs of a cluster.
type Cluster interface {
	// Get returns the newest object that is known; after the first call for a ref, from memory.
	Get(ctx context.Context, ref facts.Ref) facts.Object
	// List returns the objects of q likewise. It is only called to find out why a controller is silent.
	List(ctx context.Context, q facts.Query) (facts.List, []facts.Object)
	// Changed receives, or is closed, after the result of Get may have changed since Changed was called.
	Changed() <-chan struct{}
	// Annotate sets one annotation, and returns the object as the API server had it right after. It retries what
	// may pass; an error is final. Setting the value that is there already changes nothing.
	Annotate(ctx context.Context, ref facts.Ref, key, value string) (facts.Object, error)
}
