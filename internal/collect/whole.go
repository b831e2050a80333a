package collect

import (
	"context"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Whole is src with every list read to its end, for callers that need to know what depends on the component.
func Whole(src facts.Source) facts.Source { return whole{src} }

type whole struct{ facts.Source }

func (w whole) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	all := q
	all.Limit = 0
	l, objects := w.Source.List(ctx, all)
	l.Query = q
	return l, objects
}

func (w whole) Skew(plane facts.Plane) (ahead time.Duration, known bool) {
	if clock, ok := w.Source.(facts.Clock); ok {
		return clock.Skew(plane)
	}
	return 0, false
}
