package resolve

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const twins = `apiVersion: v1
kind: Pod
metadata: {name: one, namespace: a}
---
apiVersion: v1
kind: Pod
metadata: {name: twin, namespace: a}
---
apiVersion: v1
kind: Pod
metadata: {name: twin, namespace: b}
---
apiVersion: v1
kind: Pod
metadata: {name: twin, namespace: c}
---
apiVersion: v1
kind: Pod
metadata: {name: twin, namespace: d}
---
apiVersion: v1
kind: Pod
metadata: {name: remote, namespace: dp-x}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: vela, namespace: a}`

// TestFind: an object of another namespace is only taken where the user chose none, and where it is the only one.
func TestFind(t *testing.T) {
	t.Parallel()
	for named, c := range map[string]struct {
		namespace string
		anywhere  bool
		refused   string
		want      string // the namespace, or a part of the error
	}{
		"pod/one":      {"a", false, "", "a"},
		"po/one":       {"b", true, "", "a"},
		"pods/one":     {"b", false, "", `pods "one" not found in namespace b; it exists in namespace a: use -n`},
		"pod/twin":     {"x", true, "", `pods "twin" not found in namespace x; it exists in namespace `},
		"pods/remote":  {"dp-x", false, "", "dp-x"},
		"po/remote":    {"a", true, "", "dp-x"},
		"pod/no":       {"a", true, "", `pods "no" not found in namespace a; use -n`},
		"node/no":      {"a", true, "", `nodes "no" not found`},
		"Pod/one":      {"a", true, "Pod", "cannot read Pod a/one: forbidden"},
		"app/vela":     {"a", false, "", "a"}, // of two kinds with that name, the one that has it
		"deploy.x/one": {"a", false, "", `unknown kind "deploy.x"`},
		"pod/a b":      {"a", false, "", "invalid name"},
	} {
		f := source(t, "prod", twins)
		f.refused = c.refused
		kind, name, _ := strings.Cut(named, "/")
		n, err := Parse(kind, name)
		n.Namespace, n.Anywhere = c.namespace, c.anywhere
		var got facts.Object
		if err == nil {
			got, err = Find(t.Context(), f, []facts.Plane{"prod"}, n)
		}
		if text := got.Ref.Namespace; err == nil && text != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %s, %v; want %s", named, text, err, c.want)
		}
	}
}

// TestFindNamesSome: of many namespaces an error lists three.
func TestFindNamesSome(t *testing.T) {
	t.Parallel()
	n, err := Parse("pod", "twin")
	if err != nil {
		t.Fatal(err)
	}
	n.Namespace = "x"
	if _, err := Find(t.Context(), source(t, "prod", twins), nil, n); err == nil || strings.Count(err.Error(), ", in ") != 2 {
		t.Errorf("%v; want three namespaces", err)
	}
}

// TestJoin: several objects lead to all their components.
func TestJoin(t *testing.T) {
	t.Parallel()
	if got := Join(nil); len(got.Subjects) != 0 {
		t.Errorf("%+v", got)
	}
	first := Result{Object: facts.Object{Ref: facts.Ref{Name: "first"}}, Subjects: []facts.Subject{in("dev", "a", "web")}}
	got := Join([]Result{first, {Subjects: []facts.Subject{in("dev", "a", "api")}}})
	if len(got.Subjects) != 2 || got.Subjects[0].Component != "api" || got.Object.Ref.Name != "first" {
		t.Errorf("%+v", got)
	}
}

// TestHostileOwner: labels and specs are untrusted.
func TestHostileOwner(t *testing.T) {
	t.Parallel()
	for _, labels := range []string{
		"openchoreo.dev/namespace: a, openchoreo.dev/component: ../b", "openchoreo.dev/namespace: ../a, openchoreo.dev/component: b",
		"openchoreo.dev/namespace: a, openchoreo.dev/component: b, openchoreo.dev/environment: ../c",
	} {
		f := source(t, "prod", "apiVersion: v1\nkind: Pod\nmetadata: {name: one, namespace: a, labels: {"+labels+"}}")
		n, err := Parse("pod", "one")
		if err != nil {
			t.Fatal(err)
		}
		n.Namespace = "a"
		o, err := Find(t.Context(), f, nil, n)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Components(t.Context(), f, o); err == nil || !strings.Contains(err.Error(), "cannot use the owner of Pod a/one: invalid") {
			t.Errorf("%s: %+v, %v", labels, got.Subjects, err)
		}
	}
}
