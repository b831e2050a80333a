package origin

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Naming is the one place that refers to an object by its name: a template of the component type or a trait, the Workload, the Component or the
// ReleaseBinding. It is empty where several do, or none: a name may be calculated.
func Naming(p *view.Environment, name string) string {
	var places []string
	for _, t := range templates(p) {
		if holds(kinds.Fields(t.body, "spec"), name) {
			places = append(places, t.String())
		}
	}
	workloads := p.Workloads()
	for _, o := range append(slices.Clone(workloads), p.Object(p.Ref("Component", p.ComponentName)), p.Binding) {
		if o.Body != nil && holds(kinds.Fields(o.Body.Object, "spec"), name) {
			places = append(places, o.Ref.String())
		}
	}
	if len(places) != 1 {
		return ""
	}
	return places[0]
}

// OfPods is what the one object with a template of pods is rendered from; empty if there are several.
func OfPods(p *view.Environment) string {
	sentences := []string{}
	for _, o := range p.PlaneObjects() {
		for _, path := range [][]string{{"spec", "template", "spec"}, {"spec", "jobTemplate", "spec", "template", "spec"}} {
			if len(kinds.Items(o.Declared, append(path, "containers")...)) > 0 {
				sentences = append(sentences, sentenceOf(p, o, trace.Finding{}))
			}
		}
	}
	if len(sentences) != 1 {
		return ""
	}
	return sentences[0]
}

// holds reports whether a value is a text, or has it somewhere in it.
func holds(value any, text string) bool {
	switch v := value.(type) {
	case string:
		return v == text
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return holds(item, text) })
	case map[string]any:
		for _, item := range v {
			if holds(item, text) {
				return true
			}
		}
	}
	return false
}
