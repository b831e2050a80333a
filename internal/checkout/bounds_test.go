package checkout

import (
	"fmt"
	"strings"
	"testing"
)

// bomb is YAML in which each of some lists holds the one before nine times, by aliases.
func bomb(levels int) string {
	var text strings.Builder
	text.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := range levels {
		fmt.Fprintf(&text, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
	}
	return text.String()
}

// diamond are folders of which each level includes both folders of the next one. They hold no objects, which take kustomize longer.
func diamond(levels int) map[string]string {
	files := map[string]string{}
	for i := range levels {
		for _, side := range []string{"l", "r"} {
			files[fmt.Sprintf("%s%d/kustomization.yaml", side, i)] = fmt.Sprintf("namePrefix: %s-\nresources: [../l%d, ../r%d]\n", side, i+1, i+1)
		}
	}
	for _, side := range []string{"l", "r"} {
		files[fmt.Sprintf("%s%d/kustomization.yaml", side, levels)] = "commonLabels: {a: b}\n"
	}
	return files
}

// TestBuildsAreBounded: no repository of a few kilobytes makes a build go on for ever or fill the memory. What is no YAML to begin with
// is reported as such, and kustomize does not get it either.
func TestBuildsAreBounded(t *testing.T) {
	t.Parallel()
	const aliases, rebuilt = "YAML aliases would expand to more than 400000 values", "include kustomizations more than 2000 times again"
	indented := "\n      " + strings.ReplaceAll(configMap("a")+bomb(9), "\n", "\n      ") + "\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string // of the problem; "" for none
	}{
		"Resource":    {map[string]string{"k/kustomization.yaml": kustomization("a.yaml"), "k/a.yaml": configMap("a") + bomb(9)}, "document contains excessive aliasing"},
		"Patch":       {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "patches: [{path: p.txt}]\n", "k/a.yaml": configMap("a"), "k/p.txt": configMap("a") + bomb(9)}, aliases},
		"Transformer": {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "transformers: [p.txt]\n", "k/a.yaml": configMap("a"), "k/p.txt": "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: x}\n" + bomb(9)}, ""},
		"InPlace":     {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "patches:\n  - patch: |" + indented, "k/a.yaml": configMap("a")}, aliases},
		"ItsOwnAlias": {map[string]string{"k/kustomization.yaml": kustomization("a.yaml"), "k/a.yaml": configMap("a") + "b: &b [*b]\n"}, "anchor 'b' value contains itself"},
		"FewAliases":  {map[string]string{"k/kustomization.yaml": kustomization("a.yaml"), "k/a.yaml": configMap("a") + bomb(2)}, ""},
		"Diamond":     {diamond(30), rebuilt},
		"FewDiamonds": {diamond(3), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := load(t, c.files)
			found := ""
			for _, p := range r.Problems {
				found += p.Message + "\n"
			}
			if c.want == "" && name != "Transformer" && found != "" || !strings.Contains(found, c.want) {
				t.Errorf("want %q, got %q", c.want, found)
			}
		})
	}
}
