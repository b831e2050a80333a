package assess

import (
	"slices"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestReleaseOutdated: white space and what is empty are no change of the type or the parameters; all else is, on either side.
func TestReleaseOutdated(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		declared, released map[string]any // parameters
		want               bool
	}{
		"Same":          {map[string]any{"a": "b", "n": int64(1)}, map[string]any{"a": "b", "n": int64(1)}, false},
		"Folded":        {map[string]any{"a": "x\n\n  y\n"}, map[string]any{"a": "x y"}, false},
		"FoldedInAList": {map[string]any{"a": []any{"x\ny"}}, map[string]any{"a": []any{"x y"}}, false},
		"OtherText":     {map[string]any{"a": "x y"}, map[string]any{"a": "xy"}, true},
		"Empty":         {map[string]any{"a": "b", "c": map[string]any{}}, map[string]any{"a": "b", "d": []any{}}, false},
		"OneMore":       {map[string]any{"a": "b", "c": "d"}, map[string]any{"a": "b"}, true},
		"OneLess":       {map[string]any{"a": "b"}, map[string]any{"a": "b", "c": "d"}, true},
		"ShorterList":   {map[string]any{"a": []any{"x"}}, map[string]any{"a": []any{"x", "y"}}, true},
		"OtherNumber":   {map[string]any{"n": int64(1)}, map[string]any{"n": int64(2)}, true},
		"OtherForm":     {map[string]any{"n": "1"}, map[string]any{"n": int64(1)}, true},
	} {
		w := healthyWorld(t)
		component, release := w.one("Component", "greeter-service"), w.one("ComponentRelease", "")
		w.set(component, c.declared, "spec", "parameters")
		unstructured.RemoveNestedField(release.Body.Object, "spec", "componentProfile")
		w.set(release, c.released, "spec", "componentProfile", "parameters")
		got := false
		for _, r := range Assess(w.Snapshot, w.TakenAt).Environments[0].Rungs {
			got = got || slices.ContainsFunc(r.Findings, func(f trace.Finding) bool { return f.Code == trace.CodeReleaseOutdated })
		}
		if got != c.want {
			t.Errorf("%s: outdated %t, want %t", name, got, c.want)
		}
	}
}
