package origin

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// template is one of those from which OpenChoreo renders the objects of a release.
type template struct {
	owner     string // kind and name of the component type or trait, as the ComponentRelease has them
	id        string // "" in a trait
	instances []string
	isTrait   bool
	body      map[string]any
}

// String is the template in a sentence.
func (t template) String() string {
	if t.id == "" {
		return t.owner
	}
	return fmt.Sprintf("resource %s of %s", t.id, t.owner)
}

// templates are those of the release that is deployed, of its component type and its traits (openchoreo v1.2.3
// api/v1alpha1/componentrelease_types.go).
func templates(p *view.Environment) []template {
	release := p.Object(p.Ref("ComponentRelease", p.ReleaseName())).Body
	owner := cmp.Or(kinds.Text(release, "spec", "componentType", "kind"), "ComponentType") + " " + kinds.Text(release, "spec", "componentType", "name")
	var all []template
	for _, resource := range kinds.Items(release, "spec", "componentType", "spec", "resources") {
		all = appendTemplate(all, template{owner: owner, id: kinds.String(resource, "id")}, resource)
	}
	for _, trait := range kinds.Items(release, "spec", "traits") {
		t := template{owner: kinds.String(trait, "kind") + " " + kinds.String(trait, "name"), isTrait: true}
		for _, used := range kinds.Items(release, "spec", "componentProfile", "traits") {
			if kinds.String(used, "kind")+" "+kinds.String(used, "name") == t.owner {
				t.instances = append(t.instances, kinds.String(used, "instanceName"))
			}
		}
		for _, create := range kinds.Items(&unstructured.Unstructured{Object: trait}, "spec", "creates") {
			all = appendTemplate(all, t, create)
		}
	}
	return all
}

// appendTemplate leaves out what is rendered for the observability plane.
func appendTemplate(all []template, t template, item map[string]any) []template {
	if t.body = kinds.Fields(item, "template"); kinds.String(item, "targetPlane") == "observabilityplane" {
		return all
	}
	return append(all, t)
}

// of are the templates that the object may be rendered from.
func of(p *view.Environment, o view.PlaneObject) []template {
	return slices.DeleteFunc(templates(p), func(t template) bool {
		group, _ := schema.ParseGroupVersion(kinds.String(t.body, "apiVersion"))
		return group.Group != o.Ref.Group || kinds.String(t.body, "kind") != o.Ref.Kind || !renders(kinds.String(t.body, "metadata", "name"), o.Ref.Name) || !t.labels(o)
	})
}

// labels reports whether the object can have its labels from the template, by their fixed values: the templates of the HTTPRoutes of
// OpenChoreo differ in openchoreo.dev/endpoint-visibility.
func (t template) labels(o view.PlaneObject) bool {
	labels := kinds.Fields(t.body, "metadata")["labels"]
	if text, isText := labels.(string); isText {
		fixed := map[string]any{}
		for _, m := range fixedEntry.FindAllStringSubmatch(text, -1) {
			fixed[m[1]] = m[2]
		}
		labels = fixed
	}
	fixed, _ := labels.(map[string]any)
	for key, value := range fixed {
		text, isText := value.(string)
		if has := kinds.Label(o.Declared, key); has != "" && isText && !renders(text, has) {
			return false
		}
	}
	return true
}

// fixedEntry is an entry with a fixed text in an expression.
var fixedEntry = regexp.MustCompile(`"([^"]+)":\s*"([^"]*)"`)

// renders reports whether a text with expressions can become the name: what is between the first and the last expression may be anything.
func renders(text, name string) bool {
	before, _, calculated := strings.Cut(strings.TrimSpace(text), "${")
	if !calculated {
		return text == name
	}
	after := text[strings.LastIndex(text, "}")+1:]
	return strings.HasPrefix(name, before) && strings.HasSuffix(name, strings.TrimSpace(after))
}

// value is where the template takes the value of a field from, and the field that it sets with it: one below the given one, if that is an
// object or a list with one expression.
func (t template) value(p *view.Environment, fields []string) (set string, from Field, known bool) {
	body, taken := any(t.body), []string{}
	for {
		v, isObject := body.(map[string]any)
		list, isList := body.([]any)
		switch {
		case isList && len(list) == 1:
			body = list[0]
			taken[len(taken)-1] += "[0]"
			continue
		case isObject && len(fields) > 0:
			body, taken, fields = v[fields[0]], append(taken, fields[0]), fields[1:]
			continue
		case isObject:
			if name, only := onlyExpression(v); only {
				body, taken = v[name], append(taken, name)
				continue
			}
		}
		root, path, found := follow(body, fields)
		if !found || t.isTrait && len(t.instances) != 1 {
			return "", Field{}, false
		}
		from = setIn(p, root, path)
		if t.isTrait {
			from = setInTrait(p, root, t.instances[0], path)
		}
		return strings.Join(append(taken, fields...), "."), from, from.Object.Name != ""
	}
}

// onlyExpression is the field of an object that has an expression, if no other one has.
func onlyExpression(object map[string]any) (name string, only bool) {
	for key, value := range object {
		if text, isText := value.(string); isText && expression.MatchString(strings.TrimSpace(text)) {
			if only {
				return "", false
			}
			name, only = key, true
		}
	}
	return name, only
}

// setInTrait is where the configuration of a trait is set. It has the name of the instance in front.
func setInTrait(p *view.Environment, root, instance string, path []string) Field {
	prefix := "spec.traitEnvironmentConfigs." + instance
	o := p.Binding.Ref
	if root == "parameters" {
		o, prefix = p.Ref("Component", p.ComponentName), fmt.Sprintf("spec.traits[%s].parameters", instance)
	}
	return Field{Object: o, Path: prefix + "." + strings.Join(path, ".")}
}
