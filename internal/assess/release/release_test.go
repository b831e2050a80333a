package release_test

import (
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestReleaseOutdated: white space and what is empty are no change of the type, the parameters or the traits; all else is, on either side.
func TestReleaseOutdated(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	volume := func(kind, size string) map[string]any {
		return map[string]any{"kind": kind, "name": "volume", "instanceName": "data", "parameters": map[string]any{"size": size}}
	}
	for name, c := range map[string]struct {
		declared, released     map[string]any // parameters
		traits, releasedTraits []any
		want                   bool
	}{
		"Same":           {map[string]any{"a": "b", "n": int64(1)}, map[string]any{"a": "b", "n": int64(1)}, nil, nil, false},
		"Folded":         {map[string]any{"a": "x\n\n  y\n"}, map[string]any{"a": "x y"}, nil, nil, false},
		"FoldedInAList":  {map[string]any{"a": []any{"x\ny"}}, map[string]any{"a": []any{"x y"}}, nil, nil, false},
		"OtherText":      {map[string]any{"a": "x y"}, map[string]any{"a": "xy"}, nil, nil, true},
		"Empty":          {map[string]any{"a": "b", "c": map[string]any{}}, map[string]any{"a": "b", "d": []any{}}, nil, nil, false},
		"OneMore":        {map[string]any{"a": "b", "c": "d"}, map[string]any{"a": "b"}, nil, nil, true},
		"OneLess":        {map[string]any{"a": "b"}, map[string]any{"a": "b", "c": "d"}, nil, nil, true},
		"ShorterList":    {map[string]any{"a": []any{"x"}}, map[string]any{"a": []any{"x", "y"}}, nil, nil, true},
		"OtherNumber":    {map[string]any{"n": int64(1)}, map[string]any{"n": int64(2)}, nil, nil, true},
		"OtherForm":      {map[string]any{"n": "1"}, map[string]any{"n": int64(1)}, nil, nil, true},
		"SameTrait":      {nil, nil, []any{volume("Trait", "10Gi")}, []any{volume("Trait", "10Gi")}, false},
		"DefaultKind":    {nil, nil, []any{volume("", "10Gi")}, []any{volume("Trait", "10Gi")}, false},
		"OtherKind":      {nil, nil, []any{volume("ClusterTrait", "10Gi")}, []any{volume("Trait", "10Gi")}, true},
		"OtherTrait":     {nil, nil, []any{volume("Trait", "20Gi")}, []any{volume("Trait", "10Gi")}, true},
		"OneMoreTrait":   {nil, nil, []any{volume("Trait", "10Gi")}, nil, true},
		"OneTraitLess":   {nil, nil, nil, []any{volume("Trait", "10Gi")}, true},
		"TraitsReversed": {nil, nil, []any{volume("Trait", "10Gi"), volume("Trait", "20Gi")}, []any{volume("Trait", "20Gi"), volume("Trait", "10Gi")}, true},
	} {
		w := healthy.Copy(t)
		component, release := w.One("Component", "greeter-service"), w.One("ComponentRelease", "")
		w.Set(component, c.declared, "spec", "parameters")
		unstructured.RemoveNestedField(release.Body.Object, "spec", "componentProfile")
		w.Set(release, c.released, "spec", "componentProfile", "parameters")
		w.Set(component, c.traits, "spec", "traits")
		w.Set(release, c.releasedTraits, "spec", "componentProfile", "traits")
		got := false
		for _, r := range assess.Assess(w.Snapshot, w.TakenAt).Environments[0].Rungs {
			got = got || slices.ContainsFunc(r.Findings, func(f trace.Finding) bool { return f.Code == trace.CodeReleaseOutdated })
		}
		if got != c.want {
			t.Errorf("%s: outdated %t, want %t", name, got, c.want)
		}
	}
}
