package unapplied

import "testing"

// TestWithoutSource: a Kustomization that a person applies needs a source. A patch of one does not.
func TestWithoutSource(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spec, want string
		line       int
	}{
		"Empty":      {"{}\n", "", 0},
		"Letter":     {"\n  interval: 1m\n  prune: true\n  sourceReef: {kind: GitRepository, name: a}\n", "this Kustomization has no spec.sourceRef.name; see the field sourceReef", 7},
		"Omitted":    {"\n  interval: 1m\n  prune: true\n", "this Kustomization has no spec.sourceRef.name", 4},
		"NoName":     {"\n  interval: 1m\n  prune: true\n  sourceRef: {kind: GitRepository}\n", "this Kustomization has no spec.sourceRef.name; see the field sourceRef", 7},
		"Whole":      {"\n  interval: 1m\n  prune: true\n  sourceRef: {kind: GitRepository, name: a}\n", "", 0},
		"Patch":      {"\n  interval: 1m\n", "", 0},
		"OtherPatch": {"\n  prune: true\n", "", 0},
	} {
		text := "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: b}\nspec: " + c.spec
		r := record(t, map[string]string{"a.yaml": text, "used.yaml": text}, "used.yaml", "")
		got, line := "", 0
		for _, p := range r.Problems {
			got, line = got+p.Message, line+p.Place.Line
		}
		if got != c.want || line != c.line {
			t.Errorf("%s: %q at line %d, want %q at %d", name, got, line, c.want, c.line)
		}
	}
}
