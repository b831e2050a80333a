package verify

import (
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Cell is one component in one environment.
type Cell struct {
	Environment string `json:"environment"`
	// Bound is false if the component is not meant to be there; then the other fields are empty.
	Bound   bool           `json:"bound"`
	Verdict trace.Verdict  `json:"verdict"`
	Current trace.Currency `json:"current"`
	Release string         `json:"release,omitempty"`
	// Commit is the Git revision that delivers, and Image the container image that runs; "" if no pod was read.
	Commit string `json:"commit,omitempty"`
	Image  string `json:"image,omitempty"`
	// Reported is true where nothing was seen on the plane: it rests on what OpenChoreo last reported.
	Reported bool `json:"reported,omitempty"`
	// Since is since when it has this state, as far as the cluster records it.
	Since   time.Time  `json:"since,omitzero"`
	Failing trace.Code `json:"failing,omitempty"` // "" unless Verdict is Failed
	// Next is the next environment of the pipeline to which the component is bound, "" for the last; Order is how the
	// release here relates to the one there.
	Next  string `json:"next,omitempty"`
	Order Order  `json:"order,omitempty"`
	Remarks
}

// Order is how a release relates to that of the next environment.
type Order string

const (
	// OrderUnknown is the zero value: there is none to compare with.
	OrderUnknown Order = ""
	// Same means that both have the same.
	Same Order = "same"
	// Ahead means that the next environment has an older one: the usual way.
	Ahead Order = "ahead"
	// Older means that the next environment has a newer one: promotion has passed this environment by.
	Older Order = "older"
)

// Cells are a component's row of the matrix. s is the Snapshot that t was judged from; it knows the releases.
func Cells(t *trace.Trace, s *facts.Snapshot) []Cell {
	cells := make([]Cell, 0, len(t.Environments))
	for _, e := range t.Environments {
		c := Cell{Environment: e.Name, Verdict: e.Verdict, Current: e.Current, Release: e.Release}
		if c.Bound = !notBound(e); c.Bound {
			c.Commit = commitOf(t)
			c.Image = e.Image
			c.Since = lastTransition(e)
			c.Remarks = RemarksOf(e.Rungs)
			c.Reported = slices.ContainsFunc(e.Rungs, func(r trace.Rung) bool { return r.Reported && r.State == trace.OK })
		}
		if e.Failing != nil {
			c.Failing = e.Failing.Code
		}
		cells = append(cells, c)
	}
	compareWithNext(cells, t, s)
	return cells
}

// compareWithNext compares each cell with the next that is bound. Where the pipeline branches there are several; the first that has
// another release is the one to name.
func compareWithNext(cells []Cell, t *trace.Trace, s *facts.Snapshot) {
	for i := range cells {
		here := &cells[i]
		if !here.Bound {
			continue
		}
		for _, next := range promotionTargets(cells, t, here.Environment) {
			order := compare(s, here.Release, next.Release)
			if here.Next == "" || here.Order == Same && order != Same {
				here.Next, here.Order = next.Environment, order
			}
		}
	}
}

// promotionTargets are the bound environments that a release of the source is promoted to next: one that is not bound is passed over, to
// those behind it.
func promotionTargets(cells []Cell, t *trace.Trace, source string) []Cell {
	var found []Cell
	sources := []string{source}
	for at := 0; at < len(sources); at++ {
		for i, e := range t.Environments {
			switch {
			case !slices.Contains(e.PromotedFrom, sources[at]) || slices.Contains(sources, e.Name) || slices.ContainsFunc(found, func(c Cell) bool { return c.Environment == e.Name }):
			case cells[i].Bound:
				found = append(found, cells[i])
			default:
				sources = append(sources, e.Name)
			}
		}
	}
	return found
}

// compare reports how release a relates to b, which is that of the next environment.
func compare(s *facts.Snapshot, a, b string) Order {
	switch {
	case a == "" || b == "":
		return OrderUnknown
	case a == b:
		return Same
	case isOlder(s, a, b):
		return Older
	}
	return Ahead
}

// isOlder reports whether release a was made before b. Those of one apply were made in the same second; then, and where one was not
// read, their names tell.
func isOlder(s *facts.Snapshot, a, b string) bool {
	x, y := releaseOf(s, a), releaseOf(s, b)
	if x != nil && y != nil && !x.GetCreationTimestamp().Time.Equal(y.GetCreationTimestamp().Time) {
		return x.GetCreationTimestamp().Time.Before(y.GetCreationTimestamp().Time)
	}
	return kinds.OlderRelease(a, b)
}

// releaseOf is nil where the release was not read.
func releaseOf(s *facts.Snapshot, name string) *unstructured.Unstructured {
	return s.Object(facts.Ref{
		Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ComponentRelease", Namespace: s.Subject.Namespace, Name: name,
	}).Body
}

// commitOf is the revision of whoever delivers the component's own objects.
func commitOf(t *trace.Trace) string {
	for _, r := range t.Rungs {
		if r.ID == trace.RungDelivery {
			return r.Revision
		}
	}
	return ""
}

// lastTransition: of what failed or waits, since when it does; of what is well, since when all of it is.
func lastTransition(e trace.Environment) time.Time {
	if e.Failing != nil && !e.Failing.Since.IsZero() {
		return e.Failing.Since
	}
	var newest time.Time
	for _, r := range e.Rungs {
		if r.State == trace.Progressing && !r.Since.IsZero() {
			return r.Since
		}
		if r.Since.After(newest) {
			newest = r.Since
		}
	}
	return newest
}

// Environments are those of all rows, each in the order of its pipeline, and those of one pipeline together.
func Environments(results []Result) []string {
	var names []string
	for _, r := range results {
		at := 0 // behind the environment before
		for _, c := range r.Cells {
			if i := slices.Index(names, c.Environment); i >= 0 {
				at = i + 1
				continue
			}
			names = slices.Insert(names, at, c.Environment)
			at++
		}
	}
	return names
}
