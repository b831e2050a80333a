package checkout

import (
	"reflect"
	"strings"

	"github.com/fluxcd/pkg/envsubst"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// substitutionKey is the label or annotation that disables substitution for one object (fluxcd/pkg
// kustomize/kustomize_varsub.go).
const substitutionKey = "kustomize.toolkit.fluxcd.io/substitute"

// variables are those of one Kustomization.
type variables struct {
	values map[string]string
	// secret are variables that a Secret of the repository holds: their values are not known.
	secret map[string]bool
	// complete is true if all objects that variables come from are in the repository.
	complete bool
	// lenient is true if a variable without a value is empty.
	lenient bool
}

// lookUp returns the value of a variable. A variable whose value is not known stands for itself.
func (v variables) lookUp(name string) (value string, known bool) {
	if value, known = v.values[name]; known {
		return value, true
	}
	if v.secret[name] || !v.complete {
		return "${" + name + "}", true
	}
	return "", v.lenient
}

// defaultOf returns the value of a variable. One whose value is not known is taken as not set, so that its default counts.
func (v variables) defaultOf(name string) (value string, known bool) {
	if v.secret[name] {
		return "", true
	}
	return v.values[name], true
}

// substitute applies spec.postBuild. A variable without a value makes the Kustomization fail, as in kustomize-controller since
// 1.9 (its StrictPostBuildSubstitutions), unless it may come from an object outside of the repository.
func (w *world) substitute(d *appliedDelivery) (objects []manifest.Object, problems []manifest.Problem) {
	v := w.variablesOf(d)
	if len(v.values)+len(v.secret) == 0 && v.complete && kinds.Text(d.body, "spec", "postBuild", "substituteStrategy") != "Always" {
		return d.build.objects, nil
	}
	for _, o := range d.build.objects {
		if o.Body.GetLabels()[substitutionKey] == "disabled" || o.Body.GetAnnotations()[substitutionKey] == "disabled" {
			objects = append(objects, o)
			continue
		}
		body, err := substituted(o.Body, func(name string) (string, bool) {
			value, known := v.lookUp(name)
			o.Unresolved = o.Unresolved || value == "${"+name+"}"
			return value, known
		})
		if err != nil && (!v.complete || len(v.secret) > 0) {
			body, err = substituted(o.Body, v.defaultOf)
			o.Unresolved = true
		}
		if err != nil {
			o.Unresolved = true
			problems = append(problems, manifest.Problem{Kind: manifest.NotSubstituted, Place: o.At(""), Object: d.ref, Message: o.Ref.String() + ": " + err.Error()})
		} else {
			o.Body, o.Ref = body, manifest.RefOf(body)
		}
		objects = append(objects, o)
	}
	return objects, problems
}

func substituted(body *unstructured.Unstructured, lookUp func(string) (string, bool)) (*unstructured.Unstructured, error) {
	text, err := yaml.Marshal(body.Object)
	if err != nil {
		return nil, err
	}
	out, err := envsubst.Eval(string(text), lookUp)
	if err != nil {
		return nil, err
	}
	plain, err := yaml.YAMLToJSON([]byte(out))
	if err != nil {
		return nil, err
	}
	return manifest.FromJSON(plain)
}

// variablesOf returns the variables of a Kustomization. An object that is absent here may be in the cluster, also an optional one.
func (w *world) variablesOf(d *appliedDelivery) variables {
	v := variables{values: map[string]string{}, secret: map[string]bool{}, complete: true, lenient: w.options.LenientSubstitution}
	for _, ref := range sourcesOfVariables(d.delivery) {
		o, known := w.valueOf(ref, d)
		if !known {
			v.complete = false
			continue
		}
		for _, field := range []string{"data", "stringData"} {
			for name, value := range kinds.Fields(o.Body.Object, field) {
				if text, ok := value.(string); ok && ref.Kind == "ConfigMap" {
					v.values[name] = strings.ReplaceAll(text, "\n", "")
				} else {
					delete(v.values, name)
					v.secret[name] = true
				}
			}
		}
	}
	inline, _, _ := unstructured.NestedStringMap(d.body.Object, "spec", "postBuild", "substitute")
	for name, value := range inline {
		v.values[name] = strings.ReplaceAll(value, "\n", "")
	}
	return v
}

// sourcesOfVariables returns the ConfigMaps and Secrets that a Kustomization takes variables from.
func sourcesOfVariables(d *delivery) []facts.Ref {
	var refs []facts.Ref
	for _, from := range kinds.Items(d.body, "spec", "postBuild", "substituteFrom") {
		refs = append(refs, facts.Ref{
			Plane: facts.Control, Group: kinds.Core, Kind: kinds.String(from, "kind"), Namespace: d.ref.Namespace, Name: kinds.String(from, "name"),
		})
	}
	return refs
}

// valueOf finds an object that variables come from: the one that is applied to the cluster of the Kustomization, else the one
// nearest to it among those that are applied nowhere, as a bootstrap may apply them.
func (w *world) valueOf(ref facts.Ref, d *appliedDelivery) (manifest.Object, bool) {
	if o, applied := w.values[d.cluster][ref]; applied {
		return o, true
	}
	var nearest *manifest.Document
	for _, document := range w.byRef(ref) {
		if w.isApplied(document) {
			continue
		}
		if nearest == nil || len(commonFolder(document.Place.File, d.file())) > len(commonFolder(nearest.Place.File, d.file())) {
			nearest = document
		}
	}
	if nearest == nil {
		return manifest.Object{}, false
	}
	return manifest.Object{Ref: ref, Body: nearest.Body, Document: nearest}, true
}

// byRef returns the documents of an object.
func (w *world) byRef(ref facts.Ref) []*manifest.Document {
	if w.documentsByRef == nil {
		w.documentsByRef = map[facts.Ref][]*manifest.Document{}
		for _, name := range w.tree.Names {
			for _, document := range w.documents[name] {
				if document.Ref.Kind == "ConfigMap" || document.Ref.Kind == "Secret" {
					w.documentsByRef[document.Ref] = append(w.documentsByRef[document.Ref], document)
				}
			}
		}
	}
	return w.documentsByRef[ref]
}

func (w *world) isApplied(document *manifest.Document) bool {
	for _, cluster := range w.values {
		for _, o := range cluster {
			if o.Document == document {
				return true
			}
		}
	}
	return false
}

// collectValues collects the objects that variables come from, as they are applied to each cluster.
func (w *world) collectValues() {
	wanted := map[string]map[facts.Ref]bool{}
	for _, d := range w.applied {
		for _, ref := range sourcesOfVariables(d.delivery) {
			if wanted[d.cluster] == nil {
				wanted[d.cluster] = map[facts.Ref]bool{}
			}
			wanted[d.cluster][ref] = true
		}
	}
	w.values = map[string]map[facts.Ref]manifest.Object{}
	for _, d := range w.applied {
		cluster := d.target(d.cluster)
		for _, o := range d.objects {
			if !wanted[cluster][o.Ref] {
				continue
			}
			if w.values[cluster] == nil {
				w.values[cluster] = map[facts.Ref]manifest.Object{}
			}
			w.values[cluster][o.Ref] = o
		}
	}
}

func sameValues(a, b map[string]map[facts.Ref]manifest.Object) bool {
	data := func(all map[string]map[facts.Ref]manifest.Object) map[string]map[facts.Ref]any {
		found := map[string]map[facts.Ref]any{}
		for cluster, objects := range all {
			found[cluster] = map[facts.Ref]any{}
			for ref, o := range objects {
				found[cluster][ref] = o.Body.Object
			}
		}
		return found
	}
	return reflect.DeepEqual(data(a), data(b))
}
