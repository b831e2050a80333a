package releases

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestNewReleaseHint: the command has what occ requires; a name that is no word of a command gives no command.
func TestNewReleaseHint(t *testing.T) {
	t.Parallel()
	const hint = "nothing of the change is deployed without a new release"
	for name, want := range map[string]string{
		"front": hint + ": occ componentrelease generate --mode file-system --namespace default --project demo --component front",
		"a b\n": hint,
	} {
		workload := manifest.Object{Ref: facts.Ref{Kind: "Workload", Namespace: "default"}, Body: &unstructured.Unstructured{Object: map[string]any{
			"spec": map[string]any{"owner": map[string]any{"projectName": "demo", "componentName": name}},
		}}}
		if got := newReleaseHint(&workload); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestDifference: the first field that differs, as deep as both have one of the same form.
func TestDifference(t *testing.T) {
	t.Parallel()
	container := func(args ...any) map[string]any {
		return map[string]any{"image": "i", "args": args, "app.kubernetes.io/name": "x"}
	}
	for name, c := range map[string]struct {
		a, b any
		want string
	}{
		"Same":            {container("x"), container("x"), ""},
		"Text":            {container("x"), map[string]any{"image": "j", "args": []any{"x"}, "app.kubernetes.io/name": "x"}, "spec.image"},
		"Entry":           {container("x", "y"), container("x", "z"), "spec.args[1]"},
		"Length":          {container("x"), container("x", "y"), "spec.args"},
		"Added":           {map[string]any{"image": "i"}, map[string]any{"image": "i", "port": int64(80)}, "spec.port"},
		"Removed":         {map[string]any{"image": "i", "port": int64(80)}, map[string]any{"image": "i"}, "spec.port"},
		"FirstOfTwo":      {map[string]any{"b": "1", "a": "1"}, map[string]any{"b": "2", "a": "2"}, "spec.a"},
		"OtherForm":       {map[string]any{"a": map[string]any{"b": "c"}}, map[string]any{"a": []any{"b"}}, "spec.a"},
		"KeyWithDots":     {container("x"), map[string]any{"image": "i", "args": []any{"x"}, "app.kubernetes.io/name": "y"}, "spec[app.kubernetes.io/name]"},
		"NothingBefore":   {nil, container("x"), "spec"},
		"DeepInAnElement": {[]any{map[string]any{"a": map[string]any{"b": "c"}}}, []any{map[string]any{"a": map[string]any{"b": "d"}}}, "spec[0].a.b"},
	} {
		got, changed := difference("spec", c.a, c.b)
		if got != c.want || changed != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", name, got, changed, c.want)
		}
	}
}
