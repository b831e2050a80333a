// Package origin finds where a field of a rendered object is set: in the ReleaseBinding, in the Component, or in the template of a component type or
// trait.
package origin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Field is where a value is set, or can be.
type Field struct {
	Object facts.Ref
	Path   string // in the spec; "" if it is in a template
	Value  string // "" if the default of the component type counts
}

// String is the field in a sentence.
func (f Field) String() string {
	if f.Path == "" {
		return fmt.Sprintf("the template of %s", f.Object)
	}
	return fmt.Sprintf("%s of %s", f.Path, f.Object)
}

// expression is a template's whole value, taken from the configuration of an environment or the parameters of a component (openchoreo
// v1.2.3 internal/pipeline/component/context).
var expression = regexp.MustCompile(`^\$\{\s*(environmentConfigs|parameters)((?:\.[A-Za-z0-9_]+)+)\s*\}$`)

// Of is where a field of a container is set, by the template in the release that is deployed. What a trait changes is not considered.
func Of(p *view.Environment, container string, fields ...string) (f Field, known bool) {
	release := p.Object(p.Ref("ComponentRelease", p.ReleaseName()))
	for _, resource := range kinds.Items(release.Body, "spec", "componentType", "spec", "resources") {
		for _, path := range [][]string{{"template", "spec", "template", "spec"}, {"template", "spec", "jobTemplate", "spec", "template", "spec"}} {
			pod := &unstructured.Unstructured{Object: map[string]any{"spec": kinds.Fields(resource, path...)}}
			templates := kinds.Items(pod, "spec", "containers")
			i := slices.IndexFunc(templates, func(c map[string]any) bool { return len(templates) == 1 || kinds.String(c, "name") == container })
			if i >= 0 {
				f = Field{Object: typeOf(p)}
				if root, path, found := follow(templates[i], fields); found {
					f = setIn(p, root, path)
				}
				return f, f.Object.Name != ""
			}
		}
	}
	return Field{}, false
}

// follow goes along the path to a field until an expression takes its place, and returns what the expression takes it from.
func follow(value any, fields []string) (root string, path []string, found bool) {
	for i := 0; ; i++ {
		switch v := value.(type) {
		case map[string]any:
			if i < len(fields) {
				value = v[fields[i]]
				continue
			}
		case string:
			if m := expression.FindStringSubmatch(strings.TrimSpace(v)); m != nil {
				return m[1], append(strings.Split(m[2][1:], "."), fields[i:]...), true
			}
		}
		return "", nil, false
	}
}

func setIn(p *view.Environment, root string, path []string) Field {
	o, spec := p.Binding, "componentTypeEnvironmentConfigs"
	if root == "parameters" {
		o, spec = p.Object(p.Ref("Component", p.ComponentName)), "parameters"
	}
	path = append([]string{"spec", spec}, path...)
	f := Field{Object: o.Ref, Path: strings.Join(path, ".")}
	if o.Body != nil {
		if value, found, err := unstructured.NestedFieldNoCopy(o.Body.Object, path...); found && err == nil {
			f.Value = fmt.Sprint(value)
		}
	}
	return f
}

// typeOf is the component type of the component.
func typeOf(p *view.Environment) facts.Ref {
	return p.TypeRef(p.Object(p.Ref("Component", p.ComponentName)))
}
