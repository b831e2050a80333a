package exporter

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/metrics"
)

// unreadable is a kind that could not be read.
type unreadable struct {
	plane       facts.Plane
	group, kind string
	outcome     facts.Outcome
}

// unread counts the components of which objects could not be read, by kind.
type unread struct {
	mu     sync.Mutex
	counts map[unreadable]int
}

func (u *unread) reset() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.counts = map[unreadable]int{}
}

// See notes what could not be read of a component. A kind that is not installed is no fault: no component needs all of them.
func (e *Exporter) See(s *facts.Snapshot) {
	found := map[unreadable]bool{}
	note := func(plane facts.Plane, group, kind string, o facts.Outcome) {
		if o == facts.Forbidden || o == facts.Unreachable {
			found[unreadable{plane, group, kind, o}] = true
		}
	}
	for o := range s.Each() {
		note(o.Ref.Plane, o.Ref.Group, o.Ref.Kind, o.Outcome)
	}
	for l := range s.EachList() {
		note(l.Query.Plane, l.Query.Group, l.Query.Kind, l.Outcome)
	}
	e.unread.mu.Lock()
	defer e.unread.mu.Unlock()
	for one := range found {
		e.unread.counts[one]++
	}
}

func (u *unread) write(m metrics.Writer) {
	u.mu.Lock()
	defer u.mu.Unlock()
	m.Family("choreo_exporter_unreadable_components", "Number of components of which objects of a kind could not be read: what depends on them is unknown.")
	for _, one := range slices.SortedFunc(maps.Keys(u.counts), func(a, b unreadable) int {
		return cmp.Or(cmp.Compare(a.plane, b.plane), cmp.Compare(a.group, b.group), cmp.Compare(a.kind, b.kind), cmp.Compare(a.outcome, b.outcome))
	}) {
		m.Sample("choreo_exporter_unreadable_components", float64(u.counts[one]), metrics.Label{Name: "plane", Value: string(one.plane)},
			metrics.Label{Name: "group", Value: one.group}, metrics.Label{Name: "kind", Value: one.kind}, metrics.Label{Name: "outcome", Value: one.outcome.String()})
	}
}
