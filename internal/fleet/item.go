package fleet

import (
	"context"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Encoder is a facts.Source that can leave the objects of a list as they came.
type Encoder interface {
	ListEncoded(ctx context.Context, q facts.Query) (facts.List, []facts.Encoded)
}

// Counter is a facts.Source that knows how long a list is without reading it.
type Counter interface {
	Count(ctx context.Context, q facts.Query) (int, facts.Outcome)
}

// item is one object of a whole.
type item interface {
	// object is the object itself. Where it is kept as it came, it is taken apart each time, and the caller's own.
	object() facts.Object
	labels() labels.Set
	text(path ...string) string
}

// read is an item that is taken apart: one of a Source that holds it so anyway, such as a watch.
type read struct{ facts.Object }

func (r read) object() facts.Object       { return r.Object }
func (r read) labels() labels.Set         { return r.Body.GetLabels() }
func (r read) text(path ...string) string { return kinds.Text(r.Body, path...) }

// encoded is an item as it came.
type encoded struct{ facts.Encoded }

func (e encoded) object() facts.Object       { return e.Object() }
func (e encoded) labels() labels.Set         { return e.Labels() }
func (e encoded) text(path ...string) string { return e.Text(path...) }

// items reads the list that q asks for; nil where it is not to be had, or was cut short.
func (s *Source) items(ctx context.Context, q facts.Query) map[facts.Ref]item {
	all := map[facts.Ref]item{}
	if source, can := s.cluster.(Encoder); can {
		l, objects := source.ListEncoded(ctx, q)
		for _, e := range objects {
			all[e.Ref] = encoded{e}
		}
		return complete(l, all)
	}
	l, objects := s.cluster.List(ctx, q)
	for _, o := range objects {
		all[o.Ref] = read{o}
	}
	return complete(l, all)
}

func complete(l facts.List, all map[facts.Ref]item) map[facts.Ref]item {
	if l.Outcome != facts.Found || l.Truncated {
		return nil
	}
	return all
}
