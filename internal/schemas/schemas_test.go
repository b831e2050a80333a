package schemas

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &u.Object); err != nil {
		t.Fatal(err)
	}
	return u
}

func set(t *testing.T) *Set {
	t.Helper()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const workload = "apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {name: w, namespace: shop}\nspec:\n  owner: {projectName: p, componentName: c}\n"

func TestCheck(t *testing.T) {
	t.Parallel()
	s := set(t)
	for name, c := range map[string]struct {
		text string
		want []string // of paths
	}{
		"Good":          {workload + "  container: {image: i}", nil},
		"NameOfAFlag":   {"kind: Environment\nmetadata: {name: --all}\nspec: {dataPlaneRef: {kind: DataPlane, name: d}}", []string{"metadata.name"}},
		"Label":         {"kind: Environment\nmetadata: {name: e, labels: {a: b c}}\nspec: {dataPlaneRef: {kind: DataPlane, name: d}}", []string{"metadata.labels"}},
		"UnknownField":  {workload + "  container: {image: i, imagePullPolicy: Always}", []string{"spec.container.imagePullPolicy"}},
		"Required":      {workload + "  container: {}", []string{"spec.container.image"}},
		"Type":          {workload + "  container: {image: 1}", []string{"spec.container.image"}},
		"Enumeration":   {workload + "  container: {image: i}\n  endpoints: {http: {type: REST, port: 80}}", []string{"spec.endpoints.http.type"}},
		"Range":         {workload + "  container: {image: i}\n  endpoints: {http: {type: HTTP, port: 70000}}", []string{"spec.endpoints.http.port"}},
		"Rule":          {workload + "  container: {image: i, env: [{key: A, value: b, valueFrom: {secretKeyRef: {name: s, key: k}}}]}", []string{"spec.container.env[0]"}},
		"LabelIsNumber": {"apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {name: w, labels: {a: 1}}\nspec: {owner: {projectName: p, componentName: c}, container: {image: i}}", []string{"metadata"}},
		// Defaults are applied before required fields are checked.
		"Default":  {"apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: c}\nspec: {owner: {projectName: p}, componentType: {name: deployment/x}}", nil},
		"FreeForm": {"apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: c}\nspec: {owner: {projectName: p}, componentType: {name: deployment/x}, parameters: {any: {thing: 1}}}", nil},
		"Pattern":  {"apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: c}\nspec: {owner: {projectName: p}, componentType: {name: x}}", []string{"spec.componentType.name"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := s.Check(object(t, c.text), nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, v := range found {
				got = append(got, v.Path)
				if v.Message == "" {
					t.Errorf("%s: no message", v.Path)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s\n%v", diff, found)
			}
		})
	}
}

// TestChange checks that immutability is a rule only for updates.
func TestChange(t *testing.T) {
	t.Parallel()
	s := set(t)
	before := object(t, "kind: ReleaseBinding\nspec: {owner: {projectName: p, componentName: c}, environment: development, releaseName: c-1}")
	for name, c := range map[string]struct{ spec, want string }{
		"Allowed":   {"{owner: {projectName: p, componentName: c}, environment: development, releaseName: c-2}", ""},
		"Immutable": {"{owner: {projectName: p, componentName: c}, environment: staging, releaseName: c-1}", "spec.environment"},
	} {
		found, err := s.Check(object(t, "apiVersion: openchoreo.dev/v1alpha1\nkind: ReleaseBinding\nmetadata: {name: b}\nspec: "+c.spec), before)
		if err != nil || len(found) > 1 || (len(found) == 1) != (c.want != "") || len(found) == 1 && found[0].Path != c.want {
			t.Errorf("%s: %v %v, want %q", name, found, err, c.want)
		}
	}
}

// TestEverySchemaCompiles compiles every schema with its CEL rules. An object without a spec is validated without an internal
// error.
func TestEverySchemaCompiles(t *testing.T) {
	t.Parallel()
	s := set(t)
	if len(s.sources) != 37 {
		t.Errorf("%d kinds, OpenChoreo %s has 37", len(s.sources), Version)
	}
	for kind := range s.sources {
		if _, err := s.Check(object(t, "apiVersion: openchoreo.dev/v1alpha1\nkind: "+kind+"\nmetadata: {name: x}"), nil); err != nil {
			t.Error(err)
		}
		if !s.Knows("v1alpha1", kind) || s.Knows("v1", kind) {
			t.Errorf("%s is not known, or in a version that there is not", kind)
		}
	}
	if s.Knows("v1alpha1", "Organization") {
		t.Error("Organization went with 0.13")
	}
}

func BenchmarkCheck(b *testing.B) {
	s, err := New()
	if err != nil {
		b.Fatal(err)
	}
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(workload+"  container: {image: i, env: [{key: A, value: b}]}"), &u.Object); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if found, err := s.Check(u, nil); err != nil || len(found) > 0 {
			b.Fatal(found, err)
		}
	}
}
