package manifest

import "testing"

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

func TestAtFollowsAliases(t *testing.T) {
	t.Parallel()
	d := parse(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: &d\n  k: v\nbinaryData: *d\n")[0]
	if got := d.At("binaryData.k").Line; got != 5 {
		t.Errorf("line %d, want 5", got)
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
