package checkout

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// bomb returns YAML with lists in which each list contains the previous one nine times, through aliases.
func bomb(levels int) string {
	var text strings.Builder
	text.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := range levels {
		fmt.Fprintf(&text, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
	}
	return text.String()
}

// diamond returns folders in which each level includes both folders of the next level. They contain no objects, which would make
// kustomize slower.
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

// operations returns a JSON patch with n copies. %d in to is the number of the copy.
func operations(n int, from, to string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "- {op: copy, from: %q, path: %q}\n", from, strings.ReplaceAll(to, "%d", strconv.Itoa(i)))
	}
	return text.String()
}

func indent(text, by string) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+by)
}

// patched returns a ConfigMap with a JSON patch.
func patched(kind, patch string) map[string]string {
	return map[string]string{
		"k/a.yaml":             "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default, finalizers: [x]}\ndata: {a: b/c}\n",
		"k/kustomization.yaml": kustomization("a.yaml") + "patches:\n- target: {kind: " + kind + "}\n  patch: |-\n    " + indent(patch, "    ") + "\n",
	}
}

// with replaces files.
func with(files map[string]string, namesAndTexts ...string) map[string]string {
	for i := 0; i < len(namesAndTexts); i += 2 {
		files[namesAndTexts[i]] = namesAndTexts[i+1]
	}
	return files
}

// replaced returns a ConfigMap in which n replacements copy one field into another.
func replaced(from, to string, n int, delimiter string) map[string]string {
	files := patched("ConfigMap", "")
	text := kustomization("a.yaml") + "replacements:\n"
	for i := range n {
		options := "create: true"
		if delimiter != "" {
			options = fmt.Sprintf("delimiter: %q, index: 0", delimiter)
		}
		text += fmt.Sprintf("- {source: {kind: ConfigMap, name: a, fieldPath: %s}, targets: [{select: {kind: ConfigMap}, fieldPaths: [%q], options: {%s}}]}\n",
			from, strings.ReplaceAll(to, "%d", strconv.Itoa(i)), options)
	}
	return with(files, "k/kustomization.yaml", text)
}

// layers returns n nested kustomizations, each of which doubles the object.
func layers(n int) map[string]string {
	files := patched("ConfigMap", "")
	below := "a.yaml"
	for i := range n {
		folder := fmt.Sprintf("l%d", i)
		if i == 0 {
			folder, below = "k", "a.yaml"
		}
		files[folder+"/kustomization.yaml"] = kustomization(below) + "patches:\n- target: {kind: ConfigMap}\n  patch: |-\n    " + operations(1, "/data", fmt.Sprintf("/data/x%d", i))
		below = "../" + folder
	}
	files["top/kustomization.yaml"] = kustomization(below)
	return files
}

// components returns one component that n different folders include.
func components(n int) map[string]string {
	files := map[string]string{"c/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n    " + indent(operations(2, "/data", "/data/x%d"), "    ")}
	for name, text := range layers(n) {
		if strings.HasSuffix(name, "kustomization.yaml") {
			text, _, _ = strings.Cut(text, "patches:")
			text += "components: [../c]\n"
		}
		files[name] = text
	}
	return files
}

// generator includes a file of a megabyte n times.
func generator(n int) map[string]string {
	text := "configMapGenerator:\n- name: a\n  files:\n"
	for i := range n {
		text += fmt.Sprintf("  - x%d=large.txt\n", i)
	}
	return map[string]string{"k/kustomization.yaml": text, "k/large.txt": strings.Repeat("x", 1<<20)}
}

// TestBuildsAreBounded checks that a repository of a few kilobytes cannot make a build endless or exhaust memory. Invalid YAML is
// reported as invalid and not passed to kustomize.
func TestBuildsAreBounded(t *testing.T) {
	t.Parallel()
	const aliases, rebuilt = "YAML aliases would expand to more than 400000 values", "include kustomizations more than 2000 times again"
	const copied = "would copy values into themselves repeatedly"
	indented := "\n      " + strings.ReplaceAll(configMap("a")+bomb(9), "\n", "\n      ") + "\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string // expected problem; "" for none
	}{
		"Resource":    {map[string]string{"k/kustomization.yaml": kustomization("a.yaml"), "k/a.yaml": configMap("a") + bomb(9)}, "document contains excessive aliasing"},
		"Patch":       {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "patches: [{path: p.txt}]\n", "k/a.yaml": configMap("a"), "k/p.txt": configMap("a") + bomb(9)}, aliases},
		"Transformer": {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "transformers: [p.txt]\n", "k/a.yaml": configMap("a"), "k/p.txt": "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: x}\n" + bomb(9)}, ""},
		"InPlace":     {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "patches:\n  - patch: |" + indented, "k/a.yaml": configMap("a")}, aliases},
		"ItsOwnAlias": {map[string]string{"k/kustomization.yaml": kustomization("a.yaml"), "k/a.yaml": configMap("a") + "b: &b [*b]\n"}, "anchor 'b' value contains itself"},
		"FewAliases":  {map[string]string{"k/kustomization.yaml": kustomization("a.yaml"), "k/a.yaml": configMap("a") + bomb(2)}, ""},
		"Diamond":     {diamond(30), rebuilt},
		"FewDiamonds": {diamond(3), ""},

		"CopiesOfEachOther": {patched("ConfigMap", operations(30, "/data", "/data/x%d")), copied},
		"CopiesIntoAList":   {patched("ConfigMap", operations(30, "/metadata/finalizers", "/metadata/finalizers/-")), copied},
		"CopiesInAFile":     {with(patched("ConfigMap", ""), "k/kustomization.yaml", kustomization("a.yaml")+"patches: [{path: p.txt, target: {kind: ConfigMap}}]\n", "k/p.txt", operations(30, "/data", "/data/x%d")), copied},
		"CopiesByATransformer": {with(patched("ConfigMap", ""), "k/kustomization.yaml", kustomization("a.yaml")+"transformers: [t.yaml]\n", "k/t.yaml",
			"apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\ntarget: {kind: ConfigMap}\npatch: |-\n  "+indent(operations(30, "/data", "/data/x%d"), "  ")+"\n"), copied},
		"CopiesByLayers":     {layers(30), copied},
		"CopiesByAComponent": {components(30), copied},
		"Replacements":       {replaced("data", "data.x%d", 30, ""), copied},
		"ReplacementsOfText": {replaced("data.a", "data.a", 30, "/"), copied},
		"CopyOfAField":       {patched("ConfigMap", operations(1, "/data/a", "/data/x%d")), ""},
		"ManyFieldsCopied":   {patched("ConfigMap", operations(100, "/metadata/name", "/data/x%d")), ""},
		"NameIntoManyImages": {replaced("metadata.name", "data.a", 100, "/"), ""},
		"FileTakenManyTimes": {generator(300), "this build would read more than 256 MiB"},
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
