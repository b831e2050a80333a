package manifest

import (
	"regexp"
	"testing"
)

// TestAt expects the line of a field, or of the nearest ancestor of an absent field.
func TestAt(t *testing.T) {
	t.Parallel()
	d := parse(t, several)[0]
	for path, want := range map[string]int{
		"":                2,
		"kind":            3,
		"metadata.labels": 7,
		"metadata.labels[app.kubernetes.io/name]":           8,
		"metadata.labels.app.kubernetes.io/name":            8,
		"spec.container.env[0]":                             12,
		"spec.container.env[0].value":                       13,
		"spec.container.env[1].valueFrom.secretKeyRef.name": 14,
		"spec.container.env":                                11,
		"spec.container.env[1]":                             14,
		"spec.container.env[2]":                             11,
		"spec.container.env[-1]":                            11,
		"spec.container.env[7].value":                       11,
		"spec.container.env[0].value.deeper":                13,
		"spec.container.env[x]":                             11,
		"spec.container.image":                              10,
		"spec.endpoints[http].port":                         17,
		"spec.endpoints.http.type":                          16,
		"status":                                            2,
	} {
		if got := d.At(path); got.Line != want || got.File != "a.yaml" {
			t.Errorf("%q: line %d, want %d", path, got.Line, want)
		}
	}
}

// TestAtMatch expects the line within a block of text, and that of the field for other texts.
func TestAtMatch(t *testing.T) {
	t.Parallel()
	const text = "x: stray\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  plain: ${A}\n" +
		"  literal: |\n    # ${AB}\n\n    x: ${A}\n    y: ${A}\n  folded: >-\n    one\n    ${A}\n  quoted: \"\n    ${A}\"\n"
	d := parse(t, text)[0]
	for path, want := range map[string]int{"data.plain": 7, "data.literal": 11, "data.folded": 15, "data.quoted": 16, "data.absent": 6, "data": 6} {
		if got := d.AtMatch(path, regexp.MustCompile(`\$\{A\b`)); got != (Place{"a.yaml", want}) {
			t.Errorf("%q: %v, want line %d", path, got, want)
		}
	}
	if got := d.AtMatch("data.literal", regexp.MustCompile("absent")).Line; got != 8 {
		t.Errorf("a pattern that the text does not have: line %d, want 8", got)
	}
	generated := Object{File: "kustomization.yaml", Line: 7}
	if got := generated.AtMatch("data.literal", regexp.MustCompile("x")); got != (Place{"kustomization.yaml", 7}) {
		t.Errorf("a generated object: %v", got)
	}
}

func TestAtFollowsAliases(t *testing.T) {
	t.Parallel()
	d := parse(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: &d\n  k: v\nbinaryData: *d\n")[0]
	if got := d.At("binaryData.k").Line; got != 5 {
		t.Errorf("line %d, want 5", got)
	}
}

// TestAtOfSeveral: each object of a file has its own lines, also in a List, after documents that are no objects, and through aliases.
func TestAtOfSeveral(t *testing.T) {
	t.Parallel()
	const text = "x: stray\n---\nkind: Pod\napiVersion: v1\nmetadata: {name: a}\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: b\n" +
		"- apiVersion: v1\n  kind: Pod\n  metadata:\n    namespace: shop\n    name: c\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  labels: &l\n    app: x\n  name: d\nspec:\n  a: &i\n    k: v\n  list:\n  - *i\n  - k: w\n  merged:\n    <<: *l\n    own: y\n"
	documents := parse(t, text)
	for _, c := range []struct {
		document int
		path     string
		want     int
	}{
		{0, "metadata.name", 5},
		{1, "", 10},
		{1, "metadata.name", 13},
		{2, "metadata.name", 18},
		{2, "metadata.labels", 16},
		{3, "metadata.labels.app", 24},
		{3, "spec.list[0]", 30},
		{3, "spec.list[0].k", 28},
		{3, "spec.list[1].k", 31},
		{3, "spec.list.1.k", 31},
		{3, "spec.merged.own", 34},
		{3, "spec.merged.app", 32},
	} {
		if got := documents[c.document].At(c.path); got != (Place{"a.yaml", c.want}) {
			t.Errorf("%s of %s: %s, want line %d", c.path, documents[c.document].Ref, got, c.want)
		}
	}
}

// TestAtOfAnObject expects a file without a line for generated objects, and the lines of the document for all others.
func TestAtOfAnObject(t *testing.T) {
	t.Parallel()
	d := parse(t, several)[0]
	for name, c := range map[string]struct {
		object Object
		want   Place
	}{
		"Generated":   {Object{File: "kustomization.yaml"}, Place{File: "kustomization.yaml"}},
		"OfADocument": {Object{File: "a.yaml", Document: &d}, Place{"a.yaml", 8}},
		"NeverParsed": {Object{Document: &Document{Place: Place{"b.yaml", 4}}}, Place{"b.yaml", 4}},
		"OfNowhere":   {Object{}, Place{}},
	} {
		if got := c.object.At("metadata.labels[app.kubernetes.io/name]"); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	for want, place := range map[string]Place{"a.yaml:7": {File: "a.yaml", Line: 7}, "a.yaml": {File: "a.yaml"}} {
		if got := place.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
