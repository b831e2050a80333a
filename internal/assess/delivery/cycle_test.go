package delivery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func kustomizationRef(name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization", Namespace: "flux-system", Name: name}
}

// totalOrder has each of n depend on all before it: there are 2^(n-2) ways from the last to the first.
func totalOrder(n int) (nodes []facts.Ref, edges map[facts.Ref][]facts.Ref) {
	edges = map[facts.Ref][]facts.Ref{}
	for i := range n {
		nodes = append(nodes, kustomizationRef(fmt.Sprint(i)))
		edges[nodes[i]] = slices.Clone(nodes[:i])
	}
	return nodes, edges
}

// TestCirclesAreFoundInLinearTime counts how often an object is asked for what it depends on.
func TestCirclesAreFoundInLinearTime(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2, 30, 1000} {
		nodes, edges := totalOrder(n)
		asked := 0
		next := func(ref facts.Ref) []facts.Ref { asked++; return edges[ref] }
		if circle := delivery.FirstCycle(nodes, next); circle != nil || asked != n {
			t.Errorf("%d in total order: a circle of %d, after %d questions", n, len(circle), asked)
		}
		last := nodes[n-1]
		edges[nodes[0]] = []facts.Ref{last}
		asked = 0
		want := []facts.Ref{nodes[0], last, nodes[0]}
		if diff := cmp.Diff(want, delivery.FirstCycle(nodes, next)); diff != "" || asked != n {
			t.Errorf("%d in total order and back, after %d questions (-want +got)\n%s", n, asked, diff)
		}
	}
}

func TestCircles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ edges, want string }{
		"None":            {"a>b b>c a>c", ""},
		"Itself":          {"a>b b>b", "b b"},
		"Two":             {"a>b b>c c>b", "b c b"},
		"TheFirstOfTwo":   {"a>b b>a c>d d>c", "a b a"},
		"TheShorterWay":   {"a>b b>c c>a b>a", "a b a"},
		"BesideTheWay":    {"a>b a>c c>d d>c b>d", "c d c"},
		"ThroughANeither": {"a>x x>a", "a x a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			edges := map[facts.Ref][]facts.Ref{}
			for _, edge := range strings.Fields(c.edges) {
				from, to, _ := strings.Cut(edge, ">")
				edges[kustomizationRef(from)] = append(edges[kustomizationRef(from)], kustomizationRef(to))
			}
			nodes := []facts.Ref{kustomizationRef("a"), kustomizationRef("b"), kustomizationRef("c"), kustomizationRef("d")}
			var got []string
			for _, ref := range delivery.FirstCycle(nodes, func(ref facts.Ref) []facts.Ref { return edges[ref] }) {
				got = append(got, ref.Name)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestManyKustomizations: what the component's Kustomization depends on, in total order, is judged in one pass.
func TestManyKustomizations(t *testing.T) {
	t.Parallel()
	const n = 200
	w := assesstest.Healthy(t)
	nodes, edges := totalOrder(n)
	for _, ref := range append(nodes, w.Projects().Ref) {
		o := w.Projects()
		if ref != o.Ref {
			o.Ref, o.Body = ref, o.Body.DeepCopy()
			o.Body.SetName(ref.Name)
			w.Put(o)
		} else {
			edges[ref] = nodes
		}
		needed := make([]any, 0, n)
		for _, dependency := range edges[ref] {
			needed = append(needed, map[string]any{"name": dependency.Name})
		}
		w.Set(o, needed, "spec", "dependsOn")
	}
	got := assess.Assess(w.Snapshot, w.TakenAt)
	if diff := cmp.Diff(assesstest.Outcome{Verdict: trace.VerdictHealthy}, assesstest.OutcomeOf(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if parts := len(got.Rungs[2].Parts); parts != n+1 {
		t.Errorf("%d parts, want %d", parts, n+1)
	}
}

// TestAppliersOfAppliers: sets that are made by sets that are made by sets are each looked at once. Without that, the ways
// through these are more than anybody has time for.
func TestAppliersOfAppliers(t *testing.T) {
	t.Parallel()
	const layers = 40
	w := assesstest.Healthy(t)
	prefixes := map[string]string{"ResourceSet": "resourceset." + kinds.FluxOperator, "FluxInstance": kinds.FluxOperator}
	w.TakeOver(assesstest.FluxLabels(prefixes["ResourceSet"], "layer-0"))
	for i := range layers {
		for kind := range prefixes {
			o := w.PutYAML(fmt.Sprintf(`{apiVersion: fluxcd.controlplane.io/v1, kind: %s, metadata: {name: layer-%d, namespace: shop, generation: 1}, status: {conditions: [{type: Ready, status: "True", observedGeneration: 1}]}}`, kind, i))
			labels := map[string]string{}
			for _, prefix := range prefixes {
				labels[prefix+"/name"], labels[prefix+"/namespace"] = fmt.Sprintf("layer-%d", (i+1)%layers), "shop"
			}
			o.Body.SetLabels(labels)
		}
	}
	v := w.Component()
	delivery.ApplierCurrency(v, w.One("ResourceSet", "layer-0"))
	if len(v.Currencies) != 2*layers {
		t.Errorf("%d appliers were looked at, want %d", len(v.Currencies), 2*layers)
	}
	if diff := cmp.Diff(assesstest.Outcome{Verdict: trace.VerdictHealthy}, assesstest.OutcomeOf(assess.Assess(w.Snapshot, w.TakenAt))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
