package assesstest

import (
	"regexp"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// PutYAML adds an object of the control plane.
func (w World) PutYAML(text string) facts.Object {
	w.T.Helper()
	u := &unstructured.Unstructured{}
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		w.T.Fatal(err)
	}
	if err := u.UnmarshalJSON(asJSON); err != nil {
		w.T.Fatal(err)
	}
	gvk := u.GroupVersionKind()
	o := facts.Object{
		Ref:     facts.Ref{Plane: facts.Control, Group: gvk.Group, Kind: gvk.Kind, Namespace: u.GetNamespace(), Name: u.GetName()},
		Outcome: facts.Found, Body: u,
	}
	w.Put(o)
	return o
}

var timeAgo = regexp.MustCompile(`<(-?[0-9hms]+)>`)

// PlaneObject reads an object in YAML. It was rendered as it is, but for what the API server adds.
func (w World) PlaneObject(text string) view.PlaneObject {
	w.T.Helper()
	text = timeAgo.ReplaceAllStringFunc(text, func(s string) string {
		d, err := time.ParseDuration(s[1 : len(s)-1])
		if err != nil {
			w.T.Fatal(err)
		}
		return `"` + w.Ago(d) + `"`
	})
	object := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		w.T.Fatalf("%v\n%s", err, text)
	}
	whole(object)
	live := &unstructured.Unstructured{Object: object}
	live.SetNamespace(w.Cell("development"))
	if live.GetName() == "" {
		live.SetName("x")
	}
	if kinds.Text(live, "metadata", "creationTimestamp") == "" {
		w.Set(facts.Object{Body: live}, w.Ago(time.Hour), "metadata", "creationTimestamp")
	}
	declared := live.DeepCopy()
	for _, field := range [][]string{{"status"}, {"metadata", "creationTimestamp"}, {"metadata", "generation"}, {"metadata", "deletionTimestamp"}} {
		unstructured.RemoveNestedField(declared.Object, field...)
	}
	ref := facts.Ref{Plane: "default", Group: live.GroupVersionKind().Group, Kind: live.GetKind(), Namespace: live.GetNamespace(), Name: live.GetName()}
	return view.PlaneObject{Ref: ref, Declared: declared, Live: facts.Object{Ref: ref, Outcome: facts.Found, Body: live}}
}

// whole turns the numbers of sigs.k8s.io/yaml into those of the API.
func whole(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range v {
			v[key] = whole(v[key])
		}
	case []any:
		for i := range v {
			v[i] = whole(v[i])
		}
	case float64:
		return int64(v)
	}
	return value
}
