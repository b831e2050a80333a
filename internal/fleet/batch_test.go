package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// server is the cluster with the interfaces of package kube's Source.
type server struct {
	*cluster
	tb testing.TB
}

func (s server) ListEncoded(ctx context.Context, q facts.Query) (facts.List, []facts.Encoded) {
	l, objects := s.List(ctx, q)
	encoded := make([]facts.Encoded, 0, len(objects))
	for _, o := range objects {
		text, err := json.Marshal(o.Body.Object)
		if err != nil {
			s.tb.Errorf("encode %s: %v", o.Ref, err)
			return facts.List{Query: q, Outcome: facts.Unreachable, Reason: err.Error()}, nil
		}
		encoded = append(encoded, facts.Encode(o.Ref, o.Body.GetAPIVersion(), string(text)))
	}
	return l, encoded
}

func (s server) Count(_ context.Context, q facts.Query) (int, facts.Outcome) {
	s.note("COUNT " + q.Kind)
	return len(s.kinds[facts.Query{Plane: q.Plane, Group: q.Group, Kind: q.Kind}]), s.refuse(q)
}

// inBatches traces all components, batch by batch.
func (c *cluster) inBatches(tb testing.TB, o Options) []*trace.Trace {
	tb.Helper()
	source := New(server{c, tb}, o)
	var traces []*trace.Trace
	all := c.subjects
	defer func() { c.subjects = all }()
	for _, batch := range Batches(all) {
		c.subjects = batch
		traces = append(traces, c.each(tb, source.Batch(batch))...)
	}
	return traces
}

// TestSameTracesInBatches checks that batches and encoded items do not change a trace, whatever the user may read.
func TestSameTracesInBatches(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"healthy", "pod-crash-loop", "dependency-fails", "binding-undeployed", "release-stale-not-found", "kustomization-behind"} {
		for name, refuse := range map[string]func(facts.Query) facts.Outcome{
			"Allowed":    func(facts.Query) facts.Outcome { return facts.Found },
			"Everywhere": func(q facts.Query) facts.Outcome { return refused(q.Namespace == "" && q.Kind != "Kustomization") },
			"Batches":    func(q facts.Query) facts.Outcome { return refused(strings.Contains(q.Labels, " in (")) },
			"Wholes": func(q facts.Query) facts.Outcome {
				return refused(q.Owner == "" && q.Labels == "" && q.Kind != "Kustomization")
			},
		} {
			t.Run(scenario+"/"+name, func(t *testing.T) {
				t.Parallel()
				c := newCluster(t, scenario, 3)
				c.refuse = refuse
				for _, o := range []Options{{}, {Whole: true}, {Whole: true, Everywhere: true}} {
					for i, got := range c.inBatches(t, o) {
						if diff := cmp.Diff(c.trace(t, c, c.subjects[i]), got); diff != "" {
							t.Errorf("%+v, %s (-alone +batch)\n%s", o, c.subjects[i].Component, diff)
						}
					}
				}
			})
		}
	}
}

// TestBatchesReadTheirOwn checks that a batch reads its RenderedReleases, and in two cells its Deployments and pods. Nothing else
// is read again.
func TestBatchesReadTheirOwn(t *testing.T) {
	t.Parallel()
	count := func(components int) (labelled, others int) {
		c := newCluster(t, "healthy", components)
		c.inBatches(t, Options{Whole: true})
		for _, asked := range c.asked {
			if strings.Contains(asked, " in (") {
				labelled++
			} else {
				others++
			}
		}
		return labelled, others
	}
	few, fewOthers := count(3)
	many, manyOthers := count(2 * batchSize)
	if few != 5 || many != 2*few || manyOthers != fewOthers {
		t.Errorf("one batch costs %d lists of its own and %d others, two cost %d and %d", few, fewOthers, many, manyOthers)
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	named := func(n, length int) []facts.Subject {
		var all []facts.Subject
		for i := range n {
			all = append(all, facts.Subject{Namespace: "x", Component: fmt.Sprintf("%0*d", length, i)})
		}
		return all
	}
	for name, c := range map[string]struct {
		subjects []facts.Subject
		want     []int
	}{
		"None":  {nil, nil},
		"One":   {named(1, 5), []int{1}},
		"Short": {named(250, 5), []int{100, 100, 50}},
		"Long":  {named(100, 63), []int{62, 38}},
	} {
		var sizes []int
		batches := Batches(c.subjects)
		for _, batch := range batches {
			sizes = append(sizes, len(batch))
		}
		if diff := cmp.Diff(c.want, sizes); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(c.subjects, slices.Concat(batches...)); diff != "" {
			t.Errorf("%s: not the same subjects (-want +got)\n%s", name, diff)
		}
	}
}

// TestTooManyReleasesAreOnlyCounted checks that releases are counted without listing their names, if the cluster can count.
func TestTooManyReleasesAreOnlyCounted(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "healthy", 1)
	key := facts.Query{Plane: facts.Control, Group: "openchoreo.dev", Kind: "ComponentRelease"}
	for release := c.kinds[key][0]; len(c.kinds[key]) <= maxReleases; {
		c.kinds[key] = append(c.kinds[key], release)
	}
	if got := c.inBatches(t, Options{Whole: true})[0]; got.Verdict != trace.VerdictHealthy {
		t.Errorf("verdict %s", got.Verdict)
	}
	if slices.ContainsFunc(c.asked, func(s string) bool { return strings.HasPrefix(s, "LIST ComponentRelease") }) || !slices.Contains(c.asked, "COUNT ComponentRelease") {
		t.Errorf("asked %v", c.asked)
	}
}
