package fleet

import (
	"context"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Encoder is a facts.Source that can return the objects of a list unparsed.
type Encoder interface {
	ListEncoded(ctx context.Context, q facts.Query) (facts.List, []facts.Encoded)
}

// Counter is a facts.Source that can count the objects of a list without reading them.
type Counter interface {
	Count(ctx context.Context, q facts.Query) (int, facts.Outcome)
}

// item is one object of a complete list.
type item interface {
	// object returns the object. An encoded item is parsed each time, so the caller owns the result.
	object() facts.Object
	labels() labels.Set
	text(path ...string) string
}

// parsed is a parsed item, from a Source that holds parsed objects, such as a watch.
type parsed struct{ facts.Object }

func (r parsed) object() facts.Object       { return r.Object }
func (r parsed) labels() labels.Set         { return r.Body.GetLabels() }
func (r parsed) text(path ...string) string { return kinds.Text(r.Body, path...) }

// encoded is an unparsed item.
type encoded struct{ facts.Encoded }

func (e encoded) object() facts.Object       { return e.Object() }
func (e encoded) labels() labels.Set         { return e.Labels() }
func (e encoded) text(path ...string) string { return e.Text(path...) }

// items reads the list for q. It returns nil if the list was not Found or was truncated.
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
		all[o.Ref] = parsed{o}
	}
	return complete(l, all)
}

func complete(l facts.List, all map[facts.Ref]item) map[facts.Ref]item {
	if l.Outcome != facts.Found || l.Truncated {
		return nil
	}
	return all
}
