package settle

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// told is what was last said of a rung.
type told struct {
	environment string
	rung        trace.RungID
	state       trace.State
	current     trace.Currency
	summary     string
}

// tell reports when a rung has changed, and keeps when each was first healthy and current.
func (w *wait) tell(t *trace.Trace) {
	var now []told
	each(t, func(environment string, r trace.Rung) {
		now = append(now, told{environment, r.ID, r.State, r.Current, r.Summary})
		w.reach(Reached{environment, r.ID, t.TakenAt}, r)
	})
	if !slices.Equal(w.told, now) {
		w.report(Event{Time: t.TakenAt, Trace: t})
	}
	w.told = now
}

func (w *wait) reach(at Reached, r trace.Rung) {
	same := func(o Reached) bool { return o.Environment == at.Environment && o.Rung == at.Rung }
	switch {
	case r.State != trace.OK || r.Current == trace.Behind || slices.ContainsFunc(w.ready, same) || slices.ContainsFunc(w.result.Reached, same):
	case len(w.told) == 0:
		w.ready = append(w.ready, at)
	default:
		w.result.Reached = append(w.result.Reached, at)
	}
}

func each(t *trace.Trace, visit func(environment string, r trace.Rung)) {
	for _, r := range t.Rungs {
		visit("", r)
	}
	for _, e := range t.Environments {
		for _, r := range e.Rungs {
			visit(e.Name, r)
		}
	}
}

func (w *wait) report(e Event) {
	if w.Report != nil {
		w.Report(e)
	}
}
