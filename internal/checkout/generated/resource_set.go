package generated

import (
	"bytes"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// fromResourceSet renders the templates of a ResourceSet once for each of its inputs. Inputs of providers are not known
// (flux-operator v0.59 api/v1/resourceset_types.go).
func fromResourceSet(u *unstructured.Unstructured) []*unstructured.Unstructured {
	inputs := kinds.Items(u, "spec", "inputs")
	if len(kinds.Items(u, "spec", "inputsFrom")) > 0 && len(inputs) == 0 {
		return nil
	}
	if len(inputs) == 0 {
		inputs = []map[string]any{{}}
	}
	specs := append(kinds.Items(u, "spec", "steps"), kinds.Fields(u.Object, "spec"))
	var all []*unstructured.Unstructured
	for _, spec := range specs {
		resources, _, _ := unstructured.NestedSlice(spec, "resources")
		for _, input := range inputs {
			for _, resource := range resources {
				text, err := yaml.Marshal(resource)
				if err != nil {
					continue
				}
				all = append(all, rendered(string(text), input)...)
			}
			all = append(all, rendered(kinds.String(spec, "resourcesTemplate"), input)...)
		}
	}
	return once(all)
}

// rendered returns the objects of a template; none of one that cannot be rendered.
func rendered(text string, input map[string]any) []*unstructured.Unstructured {
	out, err := resourceSetLanguage().render(text, input)
	if err != nil {
		return nil
	}
	var all []*unstructured.Unstructured
	for _, document := range bytes.Split(out, []byte("\n---")) {
		if u, ok := decode(document); ok {
			all = append(all, u)
		}
	}
	return all
}

// once drops objects that were rendered before: templates need not depend on the input. It also drops those that an annotation
// disables, often depending on the input (flux-operator v0.59 internal/builder/resourceset.go).
func once(all []*unstructured.Unstructured) []*unstructured.Unstructured {
	known := map[string]bool{}
	var kept []*unstructured.Unstructured
	for _, u := range all {
		id := u.GetAPIVersion() + "/" + u.GetKind() + "/" + u.GetNamespace() + "/" + u.GetName()
		if !known[id] && kinds.Annotation(u, kinds.FluxOperator+"/reconcile") != "disabled" {
			known[id] = true
			kept = append(kept, u)
		}
	}
	return kept
}
