// Package postbuild substitutes the variables of spec.postBuild of a Kustomization, as kustomize-controller does.
package postbuild

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
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

// Variables are those of one Kustomization.
type Variables struct {
	values map[string]string
	// secret are variables that a Secret of the repository holds: their values are not known.
	secret map[string]bool
	// complete is true if all objects that variables come from are in the repository.
	complete bool
	// lenient is true if a variable without a value is empty.
	lenient bool
}

// Sources returns the ConfigMaps and Secrets that a Kustomization takes variables from.
func Sources(kustomization *unstructured.Unstructured) []facts.Ref {
	var refs []facts.Ref
	for _, from := range kinds.Items(kustomization, "spec", "postBuild", "substituteFrom") {
		refs = append(refs, facts.Ref{
			Plane: facts.Control, Group: kinds.Core, Kind: kinds.String(from, "kind"), Namespace: kustomization.GetNamespace(), Name: kinds.String(from, "name"),
		})
	}
	return refs
}

// VariablesOf returns the variables of a Kustomization. find returns one of its Sources; false if the repository does not have it. It
// may be in the cluster then, also an optional one. Without a value, a variable is empty if lenient is true, as in kustomize-controller
// with StrictPostBuildSubstitutions=false.
func VariablesOf(kustomization *unstructured.Unstructured, lenient bool, find func(facts.Ref) (*unstructured.Unstructured, bool)) Variables {
	v := Variables{values: map[string]string{}, secret: map[string]bool{}, complete: true, lenient: lenient}
	for _, ref := range Sources(kustomization) {
		o, known := find(ref)
		if !known {
			v.complete = false
			continue
		}
		v.take(ref, o)
	}
	inline, _, _ := unstructured.NestedStringMap(kustomization.Object, "spec", "postBuild", "substitute")
	for name, value := range inline {
		v.values[name] = strings.ReplaceAll(value, "\n", "")
	}
	return v
}

// take adds the variables of a ConfigMap or Secret.
func (v *Variables) take(ref facts.Ref, o *unstructured.Unstructured) {
	for _, field := range []string{"data", "stringData"} {
		for name, value := range kinds.Fields(o.Object, field) {
			if text, ok := value.(string); ok && ref.Kind == "ConfigMap" {
				v.values[name] = strings.ReplaceAll(text, "\n", "")
			} else {
				delete(v.values, name)
				v.secret[name] = true
			}
		}
	}
}

// lookUp returns the value of a variable. A variable whose value is not known represents itself.
func (v Variables) lookUp(name string) (value string, known bool) {
	if value, known = v.values[name]; known {
		return value, true
	}
	if v.secret[name] || !v.complete {
		return "${" + name + "}", true
	}
	return "", v.lenient
}

// defaultOf returns the value of a variable. One whose value is not known is taken as not set, so that its default counts. One that
// nothing sets stays without a value.
func (v Variables) defaultOf(name string) (value string, known bool) {
	value, known = v.values[name]
	return value, known || v.secret[name] || !v.complete || v.lenient
}

// Substitute returns the objects that a Kustomization has built, with the values of its variables. A variable without a value makes the
// Kustomization fail, as in kustomize-controller since 1.9 (its StrictPostBuildSubstitutions), unless it may come from an object outside
// of the repository. The bodies of the objects are not changed.
func (v Variables) Substitute(kustomization *unstructured.Unstructured, built []manifest.Object) (objects []manifest.Object, problems []manifest.Problem) {
	if len(v.values)+len(v.secret) == 0 && v.complete && kinds.Text(kustomization, "spec", "postBuild", "substituteStrategy") != "Always" {
		return built, nil
	}
	for _, o := range built {
		if o.Body.GetLabels()[substitutionKey] == "disabled" || o.Body.GetAnnotations()[substitutionKey] == "disabled" {
			objects = append(objects, o)
			continue
		}
		body, err := v.substituteIn(&o)
		if err != nil {
			o.Unresolved = true
			problems = append(problems, manifest.Problem{
				Kind: manifest.NotSubstituted, Place: placeOf(&o, err), Object: manifest.RefOf(kustomization), Message: o.Ref.String() + ": " + err.Error(),
			})
		} else {
			o.Body, o.Ref = body, manifest.RefOf(body)
		}
		objects = append(objects, o)
	}
	return objects, problems
}

// notSet matches the name in the error about a variable without a value (fluxcd/pkg envsubst/eval.go).
var notSet = regexp.MustCompile(`variable not set[^"]*"([^"]+)"`)

// placeOf returns the first line of an object with the variable of an error; else the object.
func placeOf(o *manifest.Object, err error) manifest.Place {
	if m := notSet.FindStringSubmatch(err.Error()); m != nil {
		pattern := regexp.MustCompile(`\$\{` + regexp.QuoteMeta(m[1]) + `\b`)
		if field, found := fieldWith(pattern, o.Body.Object); found {
			return o.AtMatch(strings.TrimPrefix(field, "."), pattern)
		}
	}
	return o.At("")
}

// fieldWith returns the path of the first string that matches.
func fieldWith(pattern *regexp.Regexp, value any) (field string, found bool) {
	switch v := value.(type) {
	case string:
		return "", pattern.MatchString(v)
	case []any:
		for i, item := range v {
			if below, found := fieldWith(pattern, item); found {
				return fmt.Sprintf("[%d]", i) + below, true
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if below, found := fieldWith(pattern, v[key]); found {
				return "." + key + below, true
			}
		}
	}
	return "", false
}

// substituteIn returns the body of an object with its values, and sets o.Unresolved if some are not known.
func (v Variables) substituteIn(o *manifest.Object) (*unstructured.Unstructured, error) {
	body, err := substituted(o.Body, func(name string) (string, bool) {
		value, known := v.lookUp(name)
		o.Unresolved = o.Unresolved || value == "${"+name+"}"
		return value, known
	})
	if err != nil && (!v.complete || len(v.secret) > 0) {
		o.Unresolved = true
		return substituted(o.Body, v.defaultOf)
	}
	return body, err
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
