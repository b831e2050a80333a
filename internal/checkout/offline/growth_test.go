package offline

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

func TestPathOf(t *testing.T) {
	t.Parallel()
	for pointer, want := range map[string]string{
		"":                         "/",
		"/data/a":                  "/data/a/",
		"/spec/containers/0/image": "/spec/containers/*/image/",
		"/metadata/finalizers/-":   "/metadata/finalizers/*/",
		"/spec/v1/a":               "/spec/v1/a/",
		"/spec/*/a":                "/spec/*/a/",
	} {
		if got := pathOf(strings.Split(pointer, "/")); got != want {
			t.Errorf("%s: %s, want %s", pointer, got, want)
		}
	}
}

func TestFieldPath(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"":                                   "/metadata/name/",
		"data.a":                             "/data/a/",
		"spec.containers.[name=a.b].image":   "/spec/containers/*/image/",
		"spec.containers.1.image":            "/spec/containers/*/image/",
		"metadata.annotations.[acme.io/a~b]": "/metadata/annotations/acme.io~1a~0b/",
	} {
		if got := fieldPath(field); got != want {
			t.Errorf("%q: %s, want %s", field, got, want)
		}
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{"": "", "ConfigMap": "ConfigMap", "Config.*": "", "ConfigMap|Secret": "", "^ConfigMap": ""} {
		if got := kindOf(resid.ResId{Gvk: resid.Gvk{Kind: kind}, Name: "a"}); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}

// TestCopiesUntilTooMuch: with a limit of 32, a value that doubles is too large after its sixth doubling.
func TestCopiesUntilTooMuch(t *testing.T) {
	t.Parallel()
	to := func(kind, path string) func(int) place { return func(int) place { return place{kind, path} } }
	each := func(kind, path string) func(int) place {
		return func(i int) place { return place{kind, fmt.Sprintf("%s%d/", path, i)} }
	}
	for name, c := range map[string]struct {
		from      place
		to        func(i int) place
		adds      bool
		kindsVary bool
		want      int // the number of the copy that exceeds the limit; 0 for none of 20
	}{
		"OfTheWhole":           {place{"ConfigMap", "/"}, each("ConfigMap", "/data/x"), false, false, 7},
		"OfOneField":           {place{"ConfigMap", "/data/a/"}, each("ConfigMap", "/data/x"), false, false, 0},
		"InPlaceOfTheLast":     {place{"ConfigMap", "/"}, to("ConfigMap", "/data/x/"), false, false, 0},
		"IntoItself":           {place{"ConfigMap", "/data/a/"}, to("ConfigMap", "/data/a/"), true, false, 6},
		"IntoItsOwnPlace":      {place{"ConfigMap", "/data/a/"}, to("ConfigMap", "/data/a/"), false, false, 0},
		"TheSameIntoOneText":   {place{"ConfigMap", "/metadata/name/"}, to("ConfigMap", "/data/a/"), true, false, 0},
		"IntoAnotherKind":      {place{"ConfigMap", "/"}, each("Secret", "/data/x"), false, false, 0},
		"KindsThatChange":      {place{"ConfigMap", "/"}, each("Secret", "/data/x"), false, true, 7},
		"IntoAnyKind":          {place{"ConfigMap", "/"}, each("", "/data/x"), false, false, 7},
		"FromAnyKind":          {place{"", "/"}, each("Secret", "/data/x"), false, false, 7},
		"NamesWithOnePrefix":   {place{"ConfigMap", "/data/x/"}, each("ConfigMap", "/data/x"), false, false, 0},
		"PartOfTheCopiedValue": {place{"ConfigMap", "/data/a/b/"}, to("ConfigMap", "/data/a/"), true, false, 6},
	} {
		g := newGrowth(nil)
		g.most, g.kindsVary = 32, c.kindsVary
		got := 0
		for i := 1; i <= 20 && got == 0; i++ {
			if g.copy(c.from, c.to(i), c.adds) {
				got = i
			}
		}
		if got != c.want {
			t.Errorf("%s: too much at copy %d, want %d", name, got, c.want)
		}
	}
}

func TestManyCopies(t *testing.T) {
	t.Parallel()
	g := newGrowth(nil)
	for i := 1; i <= maxCopies+1; i++ {
		if got, want := g.copy(place{"", "/a/"}, place{"", "/b/"}, false), i > maxCopies; got != want {
			t.Fatalf("copy %d is too much: %t, want %t", i, got, want)
		}
	}
}

// TestGrowthFactor: the files of a repository may grow to 64 MiB, and each repository by 32 times.
func TestGrowthFactor(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]float64{0: 4096, 16<<10 - 1: 4096, 1<<20 - 1: 64, 2<<20 - 1: 32, 3 << 20: 32} {
		if got := newGrowth(map[string][]byte{"a": make([]byte, size/2), "b": make([]byte, size-size/2)}).most; got != want {
			t.Errorf("%d bytes may grow by %g times, want %g", size, got, want)
		}
	}
}

// doubled returns a JSON patch that doubles an object n times. More than 13 are too many for a small repository.
func doubled(n int, prefix string) string {
	var operations []string
	for i := range n {
		operations = append(operations, fmt.Sprintf("{op: copy, from: /data, path: /data/%s%d}", prefix, i))
	}
	return "[" + strings.Join(operations, ", ") + "]"
}

// replacedBy returns n replacements that double an object, as a list in one line.
func replacedBy(n int, kind string) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("{source: {kind: ConfigMap, fieldPath: data}, targets: [{select: {kind: %s}, fieldPaths: [data.x%d]}]}", kind, i))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// growthCase is a checkout, and whether a build of k copies too much.
type growthCase struct {
	files map[string]string
	want  bool
}

func checkGrowth(t *testing.T, cases map[string]growthCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkout := treeOf(c.files)
			files := New(t.Context(), checkout, false, func(r Removed) { t.Errorf("%+v", r) })
			if got := files.GrowsTooMuch(path.Join(Root, "k/kustomization.yaml"), checkout); got != c.want {
				t.Errorf("%t, want %t", got, c.want)
			}
		})
	}
}

// patched is a patch of ConfigMaps, in one line.
func patched(operations string) string {
	return "{target: {kind: ConfigMap}, patch: \"" + operations + "\"}"
}

func TestCopiesByPatches(t *testing.T) {
	t.Parallel()
	checkGrowth(t, map[string]growthCase{
		"ThirteenCopies": {map[string]string{"k": "patches: [" + patched(doubled(13, "x")) + "]"}, false},
		"FourteenCopies": {map[string]string{"k": "patches: [" + patched(doubled(14, "x")) + "]"}, true},
		"TwoPatches":     {map[string]string{"k": "patches: [" + patched(doubled(7, "x")) + ", {patch: \"" + doubled(7, "y") + "\"}]"}, true},
		"OtherOperation": {map[string]string{"k": "patches: [" + patched(strings.ReplaceAll(doubled(14, "copy"), "op: copy", "op: move")) + "]"}, false},
		"JSON6902":       {map[string]string{"k": "patchesJson6902: [{target: {version: v1, kind: ConfigMap, name: a}, patch: \"" + doubled(14, "x") + "\"}]"}, true},
		"InAFile":        {map[string]string{"k": "patches: [{path: p.yaml}]", "k/p.yaml": doubled(14, "x")}, true},
		"MissingFile":    {map[string]string{"k": "patches: [{path: q.yaml}]", "k/p.yaml": doubled(14, "x")}, false},
		"OfTheBase":      {map[string]string{"k": "resources: [../b]\npatches: [" + patched(doubled(7, "x")) + "]", "b": "patches: [" + patched(doubled(7, "y")) + "]"}, true},
		"OfAComponent":   {map[string]string{"k": "components: [../c]\npatches: [" + patched(doubled(7, "x")) + "]", "c": "kind: Component\npatches: [" + patched(doubled(7, "y")) + "]"}, true},
		"NotIncluded":    {map[string]string{"k": "patches: [" + patched(doubled(7, "x")) + "]", "b": "patches: [" + patched(doubled(7, "y")) + "]"}, false},
		"Itself":         {map[string]string{"k": "resources: [../k]"}, false},
	})
}

func TestCopiesByReplacements(t *testing.T) {
	t.Parallel()
	const fourteen = "[data.x0, data.x1, data.x2, data.x3, data.x4, data.x5, data.x6, data.x7, data.x8, data.x9, data.y0, data.y1, data.y2, data.y3]"
	const one = "{source: {kind: ConfigMap, fieldPath: data}, targets: [{select: {kind: ConfigMap}, fieldPaths: " + fourteen + "}]}"
	intoText := func(options string) string {
		return strings.Repeat("\n- {source: {kind: ConfigMap, fieldPath: data.a}, targets: [{select: {kind: ConfigMap}, fieldPaths: [data.a]"+options+"}]}", 13)
	}
	checkGrowth(t, map[string]growthCase{
		"FourteenCopies":  {map[string]string{"k": "replacements: " + replacedBy(14, "ConfigMap")}, true},
		"FourteenTargets": {map[string]string{"k": "replacements: [" + one + "]"}, true},
		"OfAnotherKind":   {map[string]string{"k": "replacements: " + replacedBy(14, "Secret")}, false},
		"OfAChangedKind": {
			map[string]string{"k": "patches: [{patch: '{kind: Secret}', options: {allowKindChange: true}}]\nreplacements: " + replacedBy(14, "Secret")},
			true,
		},
		"ListInAFile":       {map[string]string{"k": "replacements: [{path: r.yaml}]", "k/r.yaml": replacedBy(14, "ConfigMap")}, true},
		"OneInAFile":        {map[string]string{"k": "replacements: [{path: r.yaml}]", "k/r.yaml": one}, true},
		"WithoutFieldPaths": {map[string]string{"k": "replacements: [{source: {kind: ConfigMap}, targets: [{select: {kind: ConfigMap}}]}]"}, false},
		"WithADelimiter":    {map[string]string{"k": "replacements:" + intoText(", options: {delimiter: '/'}")}, true},
		"WithoutADelimiter": {map[string]string{"k": "replacements:" + intoText("")}, false},
		"NoSource":          {map[string]string{"k": "replacements: [{targets: [{select: {kind: ConfigMap}}]}]"}, false},
	})
}

func TestCopiesByTransformers(t *testing.T) {
	t.Parallel()
	const plugin = "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: x}\ntarget: {kind: ConfigMap}\n"
	many := "patch: \"" + doubled(14, "x") + "\"\n"
	checkGrowth(t, map[string]growthCase{
		"Inline":         {map[string]string{"k": "transformers:\n- |\n  " + strings.ReplaceAll(plugin+many, "\n", "\n  ")}, true},
		"InAFile":        {map[string]string{"k": "transformers: [t.yaml]", "k/t.yaml": plugin + many}, true},
		"JSONOp":         {map[string]string{"k": "transformers: [t.yaml]", "k/t.yaml": plugin + strings.Replace(many, "patch", "jsonOp", 1)}, true},
		"Path":           {map[string]string{"k": "transformers: [t.yaml]", "k/t.yaml": plugin + "path: p.yaml", "k/p.yaml": doubled(14, "x")}, true},
		"Replacements":   {map[string]string{"k": "transformers: [t.yaml]", "k/t.yaml": plugin + "replacements: " + replacedBy(14, "ConfigMap")}, true},
		"OtherPatch":     {map[string]string{"k": "transformers: [t.yaml]", "k/t.yaml": plugin + "patch: 'a: copy'"}, false},
		"SecondDocument": {map[string]string{"k": "transformers: [t.yaml]", "k/t.yaml": plugin + "---\n" + plugin + many}, true},
		"InvalidBefore":  {map[string]string{"k": "transformers: [t.yaml]", "k/t.yaml": "a: [\n---\n" + plugin + many}, true},
		"InAFolder":      {map[string]string{"k": "transformers: [../t]", "t": "resources: [a.yaml, t.yaml]", "t/a.yaml": plugin, "t/t.yaml": plugin + many}, true},
		"PathInAFolder":  {map[string]string{"k": "transformers: [../t]", "t": "resources: [t.yaml]", "t/t.yaml": plugin + "path: p.yaml", "t/p.yaml": doubled(14, "x")}, true},
	})
}

// treeOf returns a checkout. A name without an extension is a folder with this kustomization.yaml.
func treeOf(files map[string]string) *tree.Tree {
	all := map[string][]byte{}
	for name, text := range files {
		if path.Ext(name) == "" {
			name += "/kustomization.yaml"
		}
		all[name] = []byte(text)
	}
	return tree.New(all)
}
