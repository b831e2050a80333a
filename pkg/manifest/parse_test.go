package manifest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
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

// TestNonObjects covers documents that a build rejects, because they are not objects, and empty ones, which it accepts.
func TestNonObjects(t *testing.T) {
	t.Parallel()
	file, err := Parse("a.yaml", []byte(several+"---\n- a\n- list\n---\nnull\n---\napiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\n---\napiVersion: v1\nkind: List\nitems: []\n"))
	if err != nil {
		t.Fatal(err)
	}
	var places []Place
	for _, s := range file.NonObjects {
		places = append(places, s.Place)
	}
	if diff := cmp.Diff([]Place{{"a.yaml", 21}, {"a.yaml", 36}, {"a.yaml", 39}, {"a.yaml", 44}}, places); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestValues expects the values that Kubernetes reads.
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

func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	const head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	for name, c := range map[string]struct {
		text    string
		line    int
		message string
	}{
		"Tab":             {head + "data:\n\tk: v\n", 5, "found character that cannot start any token"},
		"SecondDocument":  {head + "---\n" + head + "data: [\n", 8, "did not find expected node content"},
		"KeyTwice":        {head + "data: {k: v}\ndata: {}\n", 5, `mapping key "data" already defined at line 4`},
		"KeyTwiceDeeper":  {head + "data:\n  k: v\n  k: w\n", 6, `mapping key "k" already defined at line 5`},
		"TwoKeysTwice":    {head + "data:\n  k: v\n  k: w\nmore:\n  l: v\n  l: w\n", 6, `mapping key "k" already defined at line 5; mapping key "l" already defined at line 8`},
		"NumberOfNoJSON":  {head + "data: {k: .nan}\n", 1, "json: unsupported value: NaN"},
		"ItemOfAList":     {"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  metadata: {}\n", 7, `mapping key "metadata" already defined at line 6`},
		"AliasOfNothing":  {head + "data: *x\n", 4, "unknown anchor 'x' referenced"},
		"AliasOfItself":   {head + "data: &x [*x]\n", 1, "anchor 'x' value contains itself"},
		"TemplateOfChart": {"{{- if .Values.x }}\na: b\n{{- end }}\n", 1, "did not find expected node content"},
	} {
		_, err := Parse("a.yaml", []byte(c.text))
		var broken *SyntaxError
		if !errors.As(err, &broken) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(SyntaxError{Place{"a.yaml", c.line}, c.message}, *broken); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	err := &SyntaxError{Place{"apps/a.yaml", 3}, "mapping values are not allowed in this context"}
	if want := "parse apps/a.yaml:3: mapping values are not allowed in this context"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

// TestObjectsBeforeASyntaxError expects the objects before the error, and none after it.
func TestObjectsBeforeASyntaxError(t *testing.T) {
	t.Parallel()
	const text = "apiVersion: v1\nkind: Pod\nmetadata: {name: before}\n---\na: [\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: after}\n"
	file, err := Parse("a.yaml", []byte(text))
	if err == nil {
		t.Error("no error")
	}
	if diff := cmp.Diff([]string{"Pod before"}, refs(file.Documents)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := file.Documents[0].At("metadata.name").Line; got != 3 {
		t.Errorf("line %d, want 3", got)
	}
}

func refs(documents []Document) []string {
	var found []string
	for _, d := range documents {
		found = append(found, d.Ref.String())
	}
	return found
}

// TestWhatIsAnObject: an object has an apiVersion, a kind and a name. A List is split, but some kinds that end with List are not
// lists, and some objects that are not lists have a field items.
func TestWhatIsAnObject(t *testing.T) {
	t.Parallel()
	const named = "metadata: {name: a, namespace: shop}"
	for name, c := range map[string]struct {
		text       string
		objects    []string
		nonObjects int
	}{
		"Object":             {"apiVersion: v1\nkind: Pod\n" + named, []string{"Pod shop/a"}, 0},
		"WithoutKind":        {"apiVersion: v1\n" + named, nil, 1},
		"WithoutAPIVersion":  {"kind: Pod\n" + named, nil, 1},
		"WithoutName":        {"apiVersion: v1\nkind: Pod", nil, 1},
		"Text":               {"some text", nil, 1},
		"Null":               {"null", nil, 0},
		"Nothing":            {"", nil, 0},
		"List":               {"apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, " + named + "}, {apiVersion: v1, kind: Service, " + named + "}]", []string{"Pod shop/a", "Service shop/a"}, 0},
		"TypedList":          {"apiVersion: v1\nkind: PodList\nitems: [{apiVersion: v1, kind: Pod, " + named + "}]", []string{"Pod shop/a"}, 0},
		"ListOfOthers":       {"apiVersion: v1\nkind: List\nitems: [text, {kind: Pod}, {apiVersion: v1, kind: Pod}]", nil, 1},
		"EmptyList":          {"apiVersion: v1\nkind: List\nitems: []", nil, 0},
		"ListWithoutItems":   {"apiVersion: v1\nkind: List", nil, 1},
		"KindThatEndsInList": {"apiVersion: example.com/v1\nkind: AllowList\n" + named, []string{"AllowList shop/a"}, 0},
		"ItemsOfAnotherKind": {"apiVersion: example.com/v1\nkind: Menu\n" + named + "\nitems: [{apiVersion: v1, kind: Pod, " + named + "}]", []string{"Menu shop/a"}, 0},
		"ItemsThatAreNoList": {"apiVersion: example.com/v1\nkind: AllowList\n" + named + "\nitems: {a: b}", []string{"AllowList shop/a"}, 0},
	} {
		file, err := Parse("a.yaml", []byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.objects, refs(file.Documents)); diff != "" || len(file.NonObjects) != c.nonObjects {
			t.Errorf("%s: %d non-objects, want %d (-want +got)\n%s", name, len(file.NonObjects), c.nonObjects, diff)
		}
	}
}

// TestRefOf ignores the namespace that kustomize sets on a cluster-scoped kind. An unknown kind keeps its namespace.
func TestRefOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]facts.Ref{
		`{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "shop"}}`:                                 {Plane: facts.Control, Kind: "Pod", Namespace: "shop", Name: "a"},
		`{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a", "namespace": "shop"}}`:                           {Plane: facts.Control, Kind: "Namespace", Name: "a"},
		`{"apiVersion": "openchoreo.dev/v1alpha1", "kind": "ClusterTrait", "metadata": {"name": "a", "namespace": "shop"}}`:   {Plane: facts.Control, Group: "openchoreo.dev", Kind: "ClusterTrait", Name: "a"},
		`{"apiVersion": "example.com/v1", "kind": "Namespace", "metadata": {"name": "a", "namespace": "shop"}}`:               {Plane: facts.Control, Group: "example.com", Kind: "Namespace", Namespace: "shop", Name: "a"},
		`{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "a", "namespace": "sh"}}`: {Plane: facts.Control, Group: "rbac.authorization.k8s.io", Kind: "ClusterRole", Namespace: "sh", Name: "a"},
	} {
		body, err := FromJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, RefOf(body)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}

// TestFromJSON expects int64 for whole numbers, as the accessors of unstructured objects do, and an error for anything that is
// not an object.
func TestFromJSON(t *testing.T) {
	t.Parallel()
	body, err := FromJSON([]byte(`{"spec": {"replicas": 2, "share": 0.5}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"spec": map[string]any{"replicas": int64(2), "share": 0.5}}
	if diff := cmp.Diff(want, body.Object); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, text := range []string{"", "{", "[]", `"text"`} {
		if body, err := FromJSON([]byte(text)); err == nil {
			t.Errorf("%q is %v, want an error", text, body)
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
