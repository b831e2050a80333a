package notfound

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestFirstOf: whoever has mistyped a namespace wants to see some, not a screen full.
func TestFirstOf(t *testing.T) {
	t.Parallel()
	for want, namespaces := range map[string][]string{
		"a":                           {"a"},
		"a and in b and in c":         {"a", "b", "c"},
		"a, in b, in c and in 1 more": {"a", "b", "c", "d"},
		"a, in b, in c and in 2 more": {"a", "b", "c", "d", "e"},
	} {
		if got := firstOf(namespaces); got != want {
			t.Errorf("%v: %q, want %q", namespaces, got, want)
		}
	}
}

// TestFailingApplication: an Application names what it delivers in its repository only. One that fails and delivers to the namespace may
// be the reason why the component does not exist; any other is not.
func TestFailingApplication(t *testing.T) {
	t.Parallel()
	const failing = `; Application argocd/shop, which delivers to this namespace, fails: there is no such cluster`
	const unwell = `status: {conditions: [{type: ComparisonError, message: there is no such cluster}]}`
	const here = `destination: {server: "https://kubernetes.default.svc", namespace: default}`
	for name, c := range map[string]struct{ spec, status, want string }{
		"Fails":            {here, unwell, failing},
		"IsSynced":         {here, "status: {sync: {status: Synced, revision: a}}", ""},
		"IsSyncing":        {here, "status: {operationState: {phase: Running}}", ""},
		"AnotherNamespace": {`destination: {namespace: other}`, unwell, ""},
		"NoNamespace":      {`destination: {server: a}`, unwell, ""},
	} {
		s := facts.New(facts.Subject{Namespace: "default", Component: "shop"}, time.Now())
		s.Put(facts.Object{Ref: facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "Component", Namespace: "default", Name: "shop"}, Outcome: facts.Absent})
		ref := facts.Ref{Plane: facts.Control, Group: "argoproj.io", Kind: "Application", Namespace: "argocd", Name: "shop"}
		body := map[string]any{}
		if err := yaml.Unmarshal([]byte("spec: {source: {repoURL: u, path: p}, "+c.spec+"}\n"+c.status), &body); err != nil {
			t.Fatal(err)
		}
		application := facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: body}}
		q := facts.Query{Plane: facts.Control, Group: ref.Group, Kind: ref.Kind, Limit: 100}
		s.PutList(facts.List{Query: q, Outcome: facts.Found, Items: []facts.Ref{ref}}, []facts.Object{application})
		err := Component(s)
		if err == nil || strings.TrimPrefix(err.Error(), `component "shop" not found in namespace default`) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
