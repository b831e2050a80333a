package delivery

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func named(name string) facts.Ref { return facts.Ref{Kind: "Kustomization", Name: name} }

// graphFrom reads "a>b c" as: a depends on b and c.
func graphFrom(edges ...string) graph {
	g := graph{}
	for _, edge := range edges {
		from, to, _ := strings.Cut(edge, ">")
		g[named(from)] = nil
		for _, name := range strings.Fields(to) {
			g[named(from)] = append(g[named(from)], named(name))
		}
	}
	return g
}

// TestComponents: only objects that depend on each other have the same number, whichever way leads back.
func TestComponents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edges  []string
		cycles [][]string
	}{
		"Chain":     {[]string{"a>b", "b>c", "c>"}, nil},
		"Itself":    {[]string{"a>a"}, nil},
		"Two":       {[]string{"a>b", "b>a", "c>a"}, [][]string{{"a", "b"}}},
		"Three":     {[]string{"a>b", "b>c", "c>a d", "d>"}, [][]string{{"a", "b", "c"}}},
		"TwoCycles": {[]string{"a>b", "b>a c", "c>d", "d>c"}, [][]string{{"a", "b"}, {"c", "d"}}},
		"Diamond":   {[]string{"a>b c", "b>d", "c>d", "d>"}, nil},
		"Undefined": {[]string{"a>gone"}, nil},
	} {
		byNumber := map[int][]string{}
		for ref, number := range graphFrom(c.edges...).components() {
			byNumber[number] = append(byNumber[number], ref.Name)
		}
		var cycles [][]string
		for _, members := range byNumber {
			if slices.Sort(members); len(members) > 1 {
				cycles = append(cycles, members)
			}
		}
		slices.SortFunc(cycles, slices.Compare[[]string])
		if diff := cmp.Diff(c.cycles, cycles); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestOrdered: a binding may be applied after its release if its Kustomization waits for one that applies the release, or is that one.
func TestOrdered(t *testing.T) {
	t.Parallel()
	g := graphFrom("bindings>apps", "apps>releases", "releases>", "other>")
	for name, c := range map[string]struct {
		binding, release []facts.Ref
		want             bool
	}{
		"Same":       {[]facts.Ref{named("apps")}, []facts.Ref{named("apps")}, true},
		"Indirectly": {[]facts.Ref{named("bindings")}, []facts.Ref{named("releases")}, true},
		"Backwards":  {[]facts.Ref{named("releases")}, []facts.Ref{named("bindings")}, false},
		"Apart":      {[]facts.Ref{named("other")}, []facts.Ref{named("releases")}, false},
		"OneOfTwo":   {[]facts.Ref{named("other"), named("apps")}, []facts.Ref{named("releases")}, true},
		"None":       {nil, []facts.Ref{named("releases")}, false},
	} {
		if got := g.ordered(c.binding, c.release); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestAffected: the message about a variable without a value begins with the object that has it.
func TestAffected(t *testing.T) {
	t.Parallel()
	for message, want := range map[string][]string{
		"Component shop/pay: variable A has no value": {"Component shop/pay"}, "variable A has no value": nil, "component shop/pay: x": nil, "Component shop/pay x": nil,
	} {
		if diff := cmp.Diff(want, affected(manifest.Problem{Kind: manifest.NotSubstituted, Message: message})); diff != "" {
			t.Errorf("%q (-want +got)\n%s", message, diff)
		}
	}
	if got := affected(manifest.Problem{Kind: manifest.NotBuilt, Message: "Component shop/pay: x"}); got != nil {
		t.Errorf("a build that fails affects %q alone", got)
	}
}

// TestProblemHints: lint's own configuration is a YAML file, which kustomize-controller reads unless the source leaves it out.
func TestProblemHints(t *testing.T) {
	t.Parallel()
	flux := &index.Index{Repository: &manifest.Repository{}}
	flux.Flux = true
	for file, want := range map[string]string{"apps/a.yaml": "nothing below the path is applied", "apps/.choreolint.yaml": "list .choreolint.yaml in .sourceignore"} {
		severity, f := problem(flux, manifest.Problem{Kind: manifest.NotBuilt, Place: manifest.Place{File: file}})
		if severity != trace.Error || !strings.HasPrefix(f.Hint, want) {
			t.Errorf("%s: %s %q", file, severity, f.Hint)
		}
	}
	for kind, want := range map[string]bool{"ComponentType": true, "ClusterComponentType": true, "Trait": true, "ClusterTrait": true, "Workflow": true, "Component": false, "ComponentRelease": false, "ClusterDataPlane": false} {
		if got := isDefinition(kind); got != want {
			t.Errorf("%s: %v, want %v", kind, got, want)
		}
	}
}
