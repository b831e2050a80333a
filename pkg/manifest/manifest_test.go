package manifest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const several = `# a head
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata:
  name: w
  namespace: shop
  labels:
    app.kubernetes.io/name: w
spec:
  container:
    env:
      - key: A
        value: "1"
      - {key: B, valueFrom: {secretKeyRef: {name: s, key: k}}}
  endpoints:
    http:
      port: 9090
---
# nothing but a comment
---
values: of a chart
---

apiVersion: openchoreo.dev/v1alpha1
kind: ClusterTrait
metadata: {name: t, namespace: ignored}
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: in-a-list
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
`

func parse(t *testing.T, text string) []Document {
	t.Helper()
	file, err := Parse("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return file.Documents
}

func TestParse(t *testing.T) {
	t.Parallel()
	var got []string
	for _, d := range parse(t, several) {
		got = append(got, fmt.Sprintf("%s:%d %s", d.Place.File, d.Place.Line, d.Ref))
	}
	want := []string{"a.yaml:2 Workload shop/w", "a.yaml:24 ClusterTrait t", "a.yaml:31 ConfigMap in-a-list"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestStrays: a build refuses what is no object, but not what is empty.
func TestStrays(t *testing.T) {
	t.Parallel()
	file, err := Parse("a.yaml", []byte(several+"---\n- a\n- list\n---\nnull\n---\napiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\n---\napiVersion: v1\nkind: List\nitems: []\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Place{{"a.yaml", 21}, {"a.yaml", 36}, {"a.yaml", 39}, {"a.yaml", 44}}, file.Strays); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestAt: a field has its line, what is not there that of its nearest ancestor.
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
		"spec.container.env[7].value":                       11,
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

// TestValues are as Kubernetes reads them.
func TestValues(t *testing.T) {
	t.Parallel()
	d := parse(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {1: v, true: w, day: 2026-11-21, n: 2, f: 1.5, b: yes, base: &x {k: v}, more: {<<: *x, l: w}}\n")[0]
	want := map[string]any{
		"1": "v", "true": "w", "day": "2026-11-21", "n": int64(2), "f": 1.5, "b": "yes",
		"base": map[string]any{"k": "v"}, "more": map[string]any{"k": "v", "l": "w"},
	}
	if diff := cmp.Diff(want, d.Body.Object["data"]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestObjectWithoutADocument(t *testing.T) {
	t.Parallel()
	if got := (Object{File: "kustomization.yaml"}).At("data.k"); got != (Place{File: "kustomization.yaml"}) {
		t.Errorf("%+v", got)
	}
}

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	head := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"Tab":             {head + "data:\n\tk: v\n", 5},
		"SecondDocument":  {head + "---\n" + head + "data: [\n", 8},
		"KeyTwice":        {head + "data: {k: v}\ndata: {}\n", 5},
		"KeyTwiceDeeper":  {head + "data:\n  k: v\n  k: w\n", 6},
		"NumberOfNoJSON":  {head + "data: {k: .nan}\n", 1},
		"AliasOfNothing":  {head + "data: *x\n", 4},
		"TemplateOfChart": {"{{- if .Values.x }}\na: b\n{{- end }}\n", 1},
	} {
		_, err := Parse("a.yaml", []byte(c.text))
		var broken *SyntaxError
		if !errors.As(err, &broken) || broken.Place != (Place{"a.yaml", c.line}) || broken.Message == "" {
			t.Errorf("%s: %v, want line %d", name, err, c.line)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(several))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(_ *testing.T, text []byte) {
		file, _ := Parse("a.yaml", text)
		for i := range file.Documents {
			file.Documents[i].At("spec.container.env[0].value")
		}
	})
}
