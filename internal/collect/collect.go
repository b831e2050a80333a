// Package collect follows references from the subject and fills a Snapshot. It decides what to ask, and passes no
// verdict: what is worth asking is a function of what is known, and everything that is worth asking is asked at once.
//
// A healthy component in one environment costs 19 requests in three waves, each further environment five more and no
// further wave. What is not healthy costs a few more; docs/requests.md lists what is asked when.
package collect

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxWaves bounds the depth: no chain of references that is worth following is longer.
const maxWaves = 12

// parallel bounds the requests under way at once, so that a large closure does not open hundreds of streams.
const parallel = 32

// question is one thing to ask: exactly one field is set.
type question struct {
	get    facts.Ref
	list   facts.Query
	search facts.Query // a list, of which next says what is kept
	log    facts.LogQuery
}

// Run reads everything that a trace of subject needs. It fails only when the subject names nothing or ctx ends; what
// could not be read is a fact in the Snapshot. now is this machine's time; the Snapshot has the control plane's where src
// is a facts.Clock.
func Run(ctx context.Context, src facts.Source, subject facts.Subject, now time.Time) (*facts.Snapshot, error) {
	if subject.Namespace == "" || subject.Component == "" {
		return nil, fmt.Errorf("collect: a namespace and a component must be given")
	}
	s := facts.New(subject, now)
	err := fill(ctx, src, s, func() []question {
		trim(s)
		return next(s)
	})
	if err != nil {
		return nil, err
	}
	(&known{Snapshot: s, ns: subject.Namespace, component: subject.Component}).dropStrangers()
	if clock, ok := src.(facts.Clock); ok {
		s.SetClock(clock)
	}
	return s, nil
}

// fill asks what next returns, until it returns nothing.
func fill(ctx context.Context, src facts.Source, s *facts.Snapshot, next func() []question) error {
	for range maxWaves {
		open := next()
		if len(open) == 0 {
			return nil
		}
		if err := ask(ctx, src, s, open); err != nil {
			return err
		}
	}
	return nil
}

// ask puts all open questions at once and records the answers. The answers come in any order; the Snapshot does not
// depend on it.
func ask(ctx context.Context, src facts.Source, s *facts.Snapshot, open []question) error {
	var recording sync.Mutex
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	keep := (&known{Snapshot: s, ns: s.Subject.Namespace, component: s.Subject.Component}).keeper()
	for _, q := range open {
		group.Go(func() error {
			record := answer(gctx, src, q, keep)
			recording.Lock()
			defer recording.Unlock()
			record(s)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("collect: %w", err)
	}
	return nil
}

func answer(ctx context.Context, src facts.Source, q question, keep keeper) func(*facts.Snapshot) {
	switch {
	case !q.get.IsZero():
		o := src.Get(ctx, q.get)
		return func(s *facts.Snapshot) { s.Put(o) }
	case q.log != facts.LogQuery{}:
		l := src.Log(ctx, q.log)
		return func(s *facts.Snapshot) { s.PutLog(l) }
	case q.search != facts.Query{}:
		l, objects := find(ctx, src, q.search, keep)
		return func(s *facts.Snapshot) { s.PutList(l, objects) }
	}
	l, objects := src.List(ctx, q.list)
	return func(s *facts.Snapshot) { s.PutList(l, objects) }
}

// next is everything worth asking that was not asked yet. What a complete list has shown to be absent may be reason to ask for more.
func next(s *facts.Snapshot) []question {
	for {
		if k := pass(s); !k.noted {
			return k.open
		}
	}
}

func pass(s *facts.Snapshot) *known {
	k := &known{Snapshot: s, ns: s.Subject.Namespace, component: s.Subject.Component, nodes: map[facts.Ref]bool{}}
	k.first()
	if k.heard() {
		k.project()
		k.componentType()
		k.delivery()
		k.environments()
		k.byName()
		k.missing()
		k.builds()
		k.controllers()
	}
	return k
}

// known is the Snapshot with the questions that follow from it.
type known struct {
	*facts.Snapshot
	ns, component string
	open          []question
	noted         bool               // that something is absent
	nodes         map[facts.Ref]bool // those that are asked for
}

// first asks what needs nothing but the subject's name. Bindings and Workloads have no labels, so their owners are read
// from tables; Kustomizations, Environments and ProjectReleaseBindings are read whole where they are few.
func (k *known) first() {
	k.get(k.ref("Component", k.component))
	k.list(k.owned("ReleaseBinding", k.component))
	k.list(k.owned("Workload", k.component))
	k.list(k.renderedQuery())
	k.list(listedKustomizations())
	k.list(k.listed("Environment"))
	k.list(k.listed("ProjectReleaseBinding"))
}

// heard reports whether the first wave was asked: everything else follows from it.
func (k *known) heard() bool {
	return k.Object(k.ref("Component", k.component)).Outcome != facts.NotAsked
}

func (k *known) renderedQuery() facts.Query {
	q := k.all("RenderedRelease")
	q.Labels = hasLabel(kinds.LabelComponent, k.component)
	return q
}

func (k *known) all(kind string) facts.Query {
	return facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: k.ns}
}

func (k *known) owned(kind, component string) facts.Query {
	q := k.all(kind)
	q.Owner = component
	return q
}

// ref names an OpenChoreo object: every link of a component resolves in its own namespace.
func (k *known) ref(kind, name string) facts.Ref {
	r := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: k.ns, Name: name}
	if known, ok := kinds.Lookup(kinds.OpenChoreo, kind); ok && !known.Namespaced {
		r.Namespace = ""
	}
	return r
}

// get asks for an object. One that is not in a complete list is absent, which is noted as if it had been asked for.
func (k *known) get(ref facts.Ref) {
	switch {
	case ref.Name == "", k.Object(ref).Outcome != facts.NotAsked, slices.Contains(k.open, question{get: ref}):
	case k.covered(ref):
		k.Put(facts.Object{Ref: ref, Outcome: facts.Absent})
		k.noted = true
	default:
		k.open = append(k.open, question{get: ref})
	}
}

// covered reports whether a complete list has already said that ref is not there. An invalid reference is not absent: it is
// put to the Source, which says so without a request. The list of ProjectReleaseBindings has lost those of other projects.
func (k *known) covered(ref facts.Ref) bool {
	if reference.Object(ref) != nil || ref.Kind == "ProjectReleaseBinding" {
		return false
	}
	q := facts.Query{Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind}
	for _, q.Namespace = range []string{ref.Namespace, ""} {
		for _, q.Limit = range []int{0, listable} {
			if l := k.List(q); l.Outcome == facts.Found && !l.Truncated && !k.searched(q) {
				return true
			}
		}
	}
	return false
}

func (k *known) list(q facts.Query) {
	if k.List(q).Outcome == facts.NotAsked && !slices.Contains(k.open, question{list: q}) {
		k.open = append(k.open, question{list: q})
	}
}

func (k *known) log(q facts.LogQuery) {
	if k.Log(q).Outcome == facts.NotAsked && !slices.Contains(k.open, question{log: q}) {
		k.open = append(k.open, question{log: q})
	}
}
