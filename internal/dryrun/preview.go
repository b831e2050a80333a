package dryrun

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Stored is an object as an API server would store it. Body is nil unless the Outcome of the Answer is Accepted.
type Stored struct {
	Answer
	Body *unstructured.Unstructured
}

// Preview requests a server-side apply of objects of a repository that writes nothing, as their appliers would send them. It is for objects
// of kinds that the program knows: the Outcome of another one is NotSent.
func Preview(ctx context.Context, to Applier, r *manifest.Repository, objects []*manifest.Object) map[facts.Ref]Stored {
	appliers := newAppliers(r)
	all := make(map[facts.Ref]Stored, len(objects))
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(inParallel)
	for _, o := range objects {
		group.Go(func() error {
			stored := preview(ctx, to, appliers.of(o))
			mu.Lock()
			defer mu.Unlock()
			all[o.Ref] = stored
			return nil
		})
	}
	_ = group.Wait() // an error is an answer
	return all
}

func preview(ctx context.Context, to Applier, a applied) Stored {
	kind, known := kinds.Declared(a.body.GroupVersionKind())
	if !known {
		return Stored{Answer: Answer{Message: "the path of its kind is not known"}}
	}
	text, err := to.Apply(ctx, kind, a.body, a.manager)
	body := &unstructured.Unstructured{}
	if err == nil {
		err = body.UnmarshalJSON(text)
	}
	if err != nil {
		return Stored{Answer: answerOf(err)}
	}
	for _, ofServer := range [][]string{{"status"}, {"metadata", "managedFields"}} { // of these, Clean would keep the managers
		unstructured.RemoveNestedField(body.Object, ofServer...)
	}
	facts.Clean(body)
	return Stored{Answer: answerOf(nil), Body: body}
}
