package request

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// recorder is a Source that finds everything after a second, and records what is requested.
type recorder struct {
	mu        sync.Mutex
	requested []string
	underway  int
	most      int
}

func (r *recorder) record(what string) {
	r.mu.Lock()
	r.requested = append(r.requested, what)
	r.underway++
	r.most = max(r.most, r.underway)
	r.mu.Unlock()
	time.Sleep(time.Second)
	r.mu.Lock()
	r.underway--
	r.mu.Unlock()
}

func (r *recorder) Get(_ context.Context, ref facts.Ref) facts.Object {
	r.record("get " + ref.Name)
	return facts.Object{Ref: ref, Outcome: facts.Absent}
}

func (r *recorder) List(_ context.Context, q facts.Query) (facts.List, []facts.Object) {
	r.record("list " + q.Kind)
	return facts.List{Query: q, Outcome: facts.Found}, nil
}

func (r *recorder) Log(_ context.Context, q facts.LogQuery) facts.Log {
	r.record("log " + q.Container)
	return facts.Log{Query: q, Outcome: facts.Found}
}

// searcher also searches.
type searcher struct{ *recorder }

func (s searcher) Search(_ context.Context, q facts.Query, keep Filter) (facts.List, []facts.Object) {
	s.record("search " + q.Kind)
	o, _ := keep(facts.Encoded{})
	return facts.List{Query: q, Outcome: facts.Found, Items: []facts.Ref{o.Ref}}, nil
}

// TestSend: each request is sent as what it is and recorded; a Source that cannot search lists instead.
func TestSend(t *testing.T) {
	t.Parallel()
	workloads, log := facts.Query{Plane: facts.Control, Kind: "Workload"}, facts.LogQuery{Pod: facts.Ref{Name: "p"}, Container: "main"}
	pending := []Request{{get: kustomization("apps")}, {list: workloads}, {search: AllKustomizations()}, {log: log}}
	keep := func(facts.Encoded) (facts.Object, bool) { return facts.Object{Ref: kustomization("kept")}, true }
	for name, c := range map[string]struct {
		source func(*recorder) facts.Source
		want   string
		kept   int
	}{
		"Searches": {func(r *recorder) facts.Source { return searcher{r} }, "get apps, list Workload, log main, search Kustomization", 1},
		"Lists":    {func(r *recorder) facts.Source { return r }, "get apps, list Kustomization, list Workload, log main", 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, s := &recorder{}, newSet().Snapshot
			begun := time.Now()
			if err := Send(t.Context(), c.source(r), s, pending, keep); err != nil {
				t.Fatal(err)
			}
			slices.Sort(r.requested)
			if got := strings.Join(r.requested, ", "); got != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
			if took := time.Since(begun); took != time.Second {
				t.Errorf("%s: four requests took %v, want one round trip", name, took)
			}
			if s.Object(kustomization("apps")).Outcome != facts.Absent || s.List(workloads).Outcome != facts.Found || s.Log(log).Outcome != facts.Found || len(s.List(AllKustomizations()).Items) != c.kept {
				t.Errorf("%s: a response was not recorded", name)
			}
		})
	}
}

// TestManyRequests: no more than 32 requests are under way at once.
func TestManyRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var pending []Request
		for i := range 33 {
			pending = append(pending, Request{get: kustomization(strings.Repeat("a", i+1))})
		}
		r := &recorder{}
		if err := Send(t.Context(), r, newSet().Snapshot, pending, nil); err != nil || r.most != 32 || len(r.requested) != 33 {
			t.Errorf("%v: %d at once, %d requests", err, r.most, len(r.requested))
		}
	})
}

// TestSendAll: requests are sent until none follows, and for twelve round trips at most; after the context has ended, no more are.
func TestSendAll(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		ctx       context.Context
		depth     int
		want      int
		withError error
	}{
		"Shallow":  {context.Background(), 3, 3, nil},
		"Endless":  {context.Background(), 1000, 12, nil},
		"Canceled": {canceled, 3, 1, context.Canceled},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, left := &recorder{}, c.depth
			next := func() ([]Request, Filter) {
				if left == 0 {
					return nil, nil
				}
				left--
				return []Request{{get: kustomization(strings.Repeat("a", left+1))}}, nil
			}
			if err := SendAll(c.ctx, r, newSet().Snapshot, next); !errors.Is(err, c.withError) || len(r.requested) != c.want {
				t.Errorf("%s: %d requests, %v; want %d, %v", name, len(r.requested), err, c.want, c.withError)
			}
		})
	}
}
