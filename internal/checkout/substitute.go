package checkout

import (
	"strings"

	"github.com/fluxcd/pkg/envsubst"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// substitutionKey is the label or annotation that disables substitution for one object (fluxcd/pkg
// kustomize/kustomize_varsub.go).
const substitutionKey = "kustomize.toolkit.fluxcd.io/substitute"

// substitute applies spec.postBuild. If variables come from an object outside the repository, objects that need such a variable
// stay unchanged. Otherwise a variable without a value makes the Kustomization fail, as in kustomize-controller since 1.9 (its
// StrictPostBuildSubstitutions).
func (b *builder) substitute(d *delivery, objects []manifest.Object) []manifest.Object {
	variables, complete := b.variables(d)
	if len(variables) == 0 {
		return objects
	}
	for i, o := range objects {
		if o.Body.GetLabels()[substitutionKey] == "disabled" || o.Body.GetAnnotations()[substitutionKey] == "disabled" {
			continue
		}
		body, err := substituted(o.Body, variables, complete && b.loader.lenient)
		if err == nil {
			objects[i].Body, objects[i].Ref = body, manifest.RefOf(body)
			continue
		}
		if complete {
			b.loader.problem(manifest.NotSubstituted, o.At(""), d.ref, o.Ref.String()+": "+err.Error())
		}
	}
	return objects
}

// substituted returns an object with its variables replaced. lenient replaces one without a value by nothing.
func substituted(body *unstructured.Unstructured, variables map[string]string, lenient bool) (*unstructured.Unstructured, error) {
	text, err := yaml.Marshal(body.Object)
	if err != nil {
		return nil, err
	}
	out, err := envsubst.Eval(string(text), func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok || lenient
	})
	if err != nil {
		return nil, err
	}
	plain, err := yaml.YAMLToJSON([]byte(out))
	if err != nil {
		return nil, err
	}
	return manifest.FromJSON(plain)
}

// variables returns the variables of a Kustomization, and whether all of them are known.
func (b *builder) variables(d *delivery) (variables map[string]string, complete bool) {
	variables, complete = map[string]string{}, true
	for _, from := range kinds.Items(d.body, "spec", "postBuild", "substituteFrom") {
		data := b.data(kinds.String(from, "kind"), d.ref.Namespace, kinds.String(from, "name"))
		if data == nil {
			complete = false // also for an optional object, because the cluster may have it
		}
		for name, value := range data {
			variables[name] = strings.ReplaceAll(value, "\n", "")
		}
	}
	inline, _, _ := unstructured.NestedStringMap(d.body.Object, "spec", "postBuild", "substitute")
	for name, value := range inline {
		variables[name] = strings.ReplaceAll(value, "\n", "")
	}
	return variables, complete
}

// data returns the data of a ConfigMap in the checkout. It never uses a plain-text Secret.
func (b *builder) data(kind, namespace, name string) map[string]string {
	if kind != "ConfigMap" {
		return nil
	}
	for _, file := range b.loader.tree.Names {
		for _, d := range b.loader.documents[file] {
			if d.Ref.Group == kinds.Core && d.Ref.Kind == kind && d.Ref.Namespace == namespace && d.Ref.Name == name {
				data, _, _ := unstructured.NestedStringMap(d.Body.Object, "data")
				return data
			}
		}
	}
	return nil
}
