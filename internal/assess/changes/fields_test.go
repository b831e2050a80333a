package changes

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

type fields = map[string]any

func replicaSet(spec fields) facts.Object {
	return facts.Object{Body: &unstructured.Unstructured{Object: fields{"spec": fields{"template": fields{"spec": spec}}}}}
}

// container is an entry of a pod's template with a name, an image and more fields.
func container(name, image string, more fields) fields {
	c := fields{"name": name, "image": image}
	for key, value := range more {
		c[key] = value
	}
	return c
}

// TestTemplateChanges: images come first, then environment variables, of which no value is shown.
func TestTemplateChanges(t *testing.T) {
	t.Parallel()
	env := func(pairs ...string) fields {
		var all []any
		for i := 0; i+1 < len(pairs); i += 2 {
			all = append(all, fields{"name": pairs[i], "value": pairs[i+1]})
		}
		return fields{"env": all}
	}
	memory := func(limit string) fields { return fields{"resources": fields{"limits": fields{"memory": limit}}} }
	pod := func(containers ...any) fields { return fields{"containers": containers} }
	for name, c := range map[string]struct {
		from, to fields
		want     []facts.FieldChange
	}{
		"Same":      {pod(container("main", "a:1", nil)), pod(container("main", "a:1", nil)), nil},
		"Reordered": {pod(container("main", "a:1", nil), container("x", "b:1", nil)), pod(container("x", "b:1", nil), container("main", "a:1", nil)), nil},
		"Image":     {pod(container("main", "a:1", nil)), pod(container("main", "a:2", nil)), []facts.FieldChange{{Path: "containers[main].image", Old: "a:1", New: "a:2"}}},
		"Added":     {pod(container("main", "a:1", nil)), pod(container("main", "a:1", nil), container("x", "b:1", nil)), []facts.FieldChange{{Path: "containers[x]"}}},
		"Removed":   {pod(container("main", "a:1", nil), container("x", "b:1", nil)), pod(container("main", "a:1", nil)), []facts.FieldChange{{Path: "containers[x]"}}},
		"Variables": {
			pod(container("main", "a:1", env("KEPT", "1", "CHANGED", "1", "REMOVED", "1"))), pod(container("main", "a:1", env("ADDED", "1", "CHANGED", "2", "KEPT", "1"))),
			[]facts.FieldChange{{Path: "containers[main].env[ADDED]"}, {Path: "containers[main].env[CHANGED]"}, {Path: "containers[main].env[REMOVED]"}},
		},
		"Resources": {pod(container("main", "a:1", memory("64Mi"))), pod(container("main", "a:1", memory("32Mi"))), []facts.FieldChange{{Path: "containers[main].resources.limits.memory", Old: "64Mi", New: "32Mi"}}},
		"Hidden":    {pod(container("main", "a:1", fields{"workingDir": "/a"})), pod(container("main", "a:1", fields{"workingDir": "/b"})), []facts.FieldChange{{Path: "containers[main].workingDir"}}},
		"OfThePod":  {fields{"serviceAccountName": "a"}, fields{"serviceAccountName": "b"}, []facts.FieldChange{{Path: "serviceAccountName"}}},
		"Init":      {fields{"initContainers": []any{container("i", "a:1", nil)}}, fields{"initContainers": []any{container("i", "a:2", nil)}}, []facts.FieldChange{{Path: "initContainers[i].image", Old: "a:1", New: "a:2"}}},
		"ImageFirst": {
			fields{"serviceAccountName": "a", "containers": []any{container("main", "a:1", env("A", "1"))}},
			fields{"serviceAccountName": "b", "containers": []any{container("main", "a:2", env("A", "2"))}},
			[]facts.FieldChange{{Path: "containers[main].image", Old: "a:1", New: "a:2"}, {Path: "containers[main].env[A]"}, {Path: "serviceAccountName"}},
		},
	} {
		if diff := cmp.Diff(c.want, templateChanges(replicaSet(c.from), replicaSet(c.to))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestWords: the first two fields are named; images without their registry, as long as they still differ.
func TestWords(t *testing.T) {
	t.Parallel()
	image := func(from, to string) facts.FieldChange {
		return facts.FieldChange{Path: "containers[main].image", Old: from, New: to}
	}
	for want, c := range map[string]struct {
		fields []facts.FieldChange
		more   int
	}{
		"":                                  {nil, 0},
		"3 more":                            {nil, 3},
		"image of container main a:1 → a:2": {[]facts.FieldChange{image("r.example/x/a:1", "r.example/x/a:2")}, 0},
		"image of container main r/x/a:1 → r/y/a:1": {[]facts.FieldChange{image("r/x/a:1", "r/y/a:1")}, 0},
		"image of container main a:2":               {[]facts.FieldChange{image("", "r/a:2")}, 0},
		"image of container main":                   {[]facts.FieldChange{image("r/a:1", "")}, 0},
		"spec.releaseName a/1 → b/2":                {[]facts.FieldChange{{Path: "spec.releaseName", Old: "a/1", New: "b/2"}}, 0},
		"containers[x]":                             {[]facts.FieldChange{{Path: "containers[x]"}}, 0},
		"a, b, 1 more":                              {[]facts.FieldChange{{Path: "a"}, {Path: "b"}, {Path: "c"}}, 0},
		"a, b, 3 more":                              {[]facts.FieldChange{{Path: "a"}, {Path: "b"}, {Path: "c"}}, 2},
	} {
		if got := words(c.fields, c.more); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
