package exporter

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// place is a component in an environment; without an environment, all that it has above them.
type place struct{ namespace, component, environment string }

// standing is the state of a place, and the finding that explains it.
type standing struct {
	state string
	rung  trace.RungID
	code  trace.Code
}

// transitions counts how places change.
type transitions struct {
	counter *prometheus.CounterVec
	last    map[place]standing // nil before the first report
}

// update counts each place whose state differs from the report before. In the first report nothing has changed. A place that
// is new has changed unless it is OK; one that was deleted has not.
func (t *transitions) update(places []change.Change) {
	now := make(map[place]standing, len(places))
	for _, c := range places {
		at, is := place{c.Namespace, c.Component, c.Environment}, standing{c.To.State, c.Rung, c.Code}
		now[at] = is
		was, known := t.last[at]
		switch {
		case t.last == nil, known && was == is, !known && c.Look == trace.OK:
			continue
		case is.rung == "" && is.code == "": // it has recovered from what was there before
			is.rung, is.code = was.rung, was.code
		}
		t.counter.WithLabelValues(string(is.rung), string(is.code), is.state).Inc()
	}
	t.last = now
}
