package settle

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// reported is the last reported state of a rung.
type reported struct {
	environment string
	rung        trace.RungID
	state       trace.State
	current     trace.Currency
	summary     string
}

// reportChanges reports each changed rung and records when it was first healthy and current.
func (w *wait) reportChanges(t *trace.Trace) {
	var now []reported
	each(t, func(environment string, r trace.Rung) {
		now = append(now, reported{environment, r.ID, r.State, r.Current, r.Summary})
		w.reportReached(Reached{environment, r.ID, t.TakenAt}, r)
	})
	if !slices.Equal(w.reported, now) {
		w.report(Event{Time: t.TakenAt, Trace: t})
	}
	w.reported = now
}

func (w *wait) reportReached(at Reached, r trace.Rung) {
	same := func(o Reached) bool { return o.Environment == at.Environment && o.Rung == at.Rung }
	switch {
	case r.State != trace.OK || r.Current == trace.Behind || slices.ContainsFunc(w.ready, same) || slices.ContainsFunc(w.result.Reached, same):
	case len(w.reported) == 0:
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
