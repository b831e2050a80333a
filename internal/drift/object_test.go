package drift_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
)

// parse returns the object in a YAML text.
func parse(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	return u
}

// TestObject: what is shown of the live object is what was declared, with the live values of the fields that differ and of no other.
func TestObject(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		declared, live, shown string
		paths                 []string
	}{
		"Same": {
			`{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, labels: {x: "1"}}, spec: {replicas: 1, template: {spec: {containers: [{name: main, resources: {limits: {cpu: 1000m}}}]}}}}`,
			`{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, uid: u, labels: {x: "1", y: "2"}}, spec: {replicas: 1, paused: true, template: {spec: {containers: [{name: proxy}, {name: main, resources: {limits: {cpu: "1"}}}]}}}, status: {replicas: 1}}`,
			`{kind: A, metadata: {labels: {x: "1"}}, spec: {replicas: 1, template: {spec: {containers: [{name: main, resources: {limits: {cpu: 1000m}}}]}}}}`, nil,
		},
		"Changed": {
			`{apiVersion: apps/v1, kind: Deployment, metadata: {labels: {x: "1"}}, spec: {replicas: 1, template: {spec: {containers: [{name: main, image: "a:1", args: [a], env: [{name: A, value: "1"}, {name: B, value: "2"}]}]}}}}`,
			`{apiVersion: apps/v1, kind: Deployment, metadata: {labels: {x: "2"}}, spec: {replicas: 3, template: {spec: {containers: [{name: proxy}, {name: main, image: "a:2", args: [a, b], env: [{name: B, value: "3"}]}]}}}}`,
			`{kind: A, metadata: {labels: {x: "2"}}, spec: {replicas: 3, template: {spec: {containers: [{name: main, image: "a:2", args: [a, b], env: [{name: B, value: "3"}]}]}}}}`,
			[]string{"metadata.labels.x", "spec.replicas", "spec.template.spec.containers[main].args", "spec.template.spec.containers[main].env[A]", "spec.template.spec.containers[main].env[B].value", "spec.template.spec.containers[main].image"},
		},
		"ConfigMap": {
			`{apiVersion: v1, kind: ConfigMap, data: {a: "1", b: "1000m", c: ""}}`, `{apiVersion: v1, kind: ConfigMap, data: {b: "1", c: x, z: "9"}}`,
			`{kind: A, data: {b: "1", c: x}}`,
			[]string{"data.a", "data.b", "data.c"},
		},
		"FieldIsMissing": {
			`{apiVersion: v1, kind: ConfigMap, data: {a: "1"}}`, `{apiVersion: v1, kind: ConfigMap}`, `{kind: A}`, []string{"data.a"},
		},
		"ListWithoutKeys": {
			`{apiVersion: x/v1, kind: A, spec: {rules: [{a: 1}, {b: 2}]}}`, `{apiVersion: x/v1, kind: A, spec: {rules: [{a: 1, default: 9}, {b: 3}, {c: 4}]}}`,
			`{kind: A, spec: {rules: [{a: 1}, {b: 3}, {c: 4}]}}`,
			[]string{"spec.rules"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			declared, live := parse(t, c.declared), parse(t, c.live)
			before := declared.DeepCopy()
			shown, fields := drift.Object(declared, live)
			shown["kind"] = "A" // so that it can be parsed
			want := parse(t, c.shown).Object
			if diff := cmp.Diff(want, shown); diff != "" {
				t.Errorf("shown (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.paths, drift.Paths(fields)); diff != "" {
				t.Errorf("paths (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(before, declared); diff != "" {
				t.Errorf("the declared object was changed (-want +got)\n%s", diff)
			}
		})
	}
}

// TestBetween finds what either side has alone. Empty values are no difference.
func TestBetween(t *testing.T) {
	t.Parallel()
	from := parse(t, `{kind: A, spec: {a: 1, only: x, l: [1, {b: 2}], longer: [1, 2], empty: []}}`).Object
	to := parse(t, `{kind: A, spec: {a: 2, l: [1, {b: 3}], longer: [1], new: "y"}}`).Object
	want := []drift.Field{
		{Path: "spec.a", Live: int64(1), Declared: int64(2)},
		{Path: "spec.l[1].b", Live: int64(2), Declared: int64(3)},
		{Path: "spec.longer", Live: []any{int64(1), int64(2)}, Declared: []any{int64(1)}},
		{Path: "spec.new", Declared: "y"},
		{Path: "spec.only", Live: "x"},
	}
	if diff := cmp.Diff(want, drift.Between("", from, to)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := drift.Between("", from, from); len(got) > 0 {
		t.Errorf("an object differs from itself: %v", got)
	}
}
