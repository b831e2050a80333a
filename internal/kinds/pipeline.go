package kinds

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// PipelineEnvironments returns the environments of a DeploymentPipeline in promotion order: sources before their targets,
// otherwise in the order of the spec. It returns nil if pipeline is nil.
func PipelineEnvironments(pipeline *unstructured.Unstructured) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, p := range promotions(pipeline) {
		add(p.source)
		add(p.target)
	}
	return promotionOrder(names, PromotionSources(pipeline))
}

// PromotionSources returns the environments that each target is promoted from. A pipeline may branch (development to us and to
// eu) and join again, so an environment can have several.
func PromotionSources(pipeline *unstructured.Unstructured) map[string][]string {
	sources := map[string][]string{}
	for _, p := range promotions(pipeline) {
		if p.source != "" && p.target != "" && !slices.Contains(sources[p.target], p.source) {
			sources[p.target] = append(sources[p.target], p.source)
		}
	}
	return sources
}

// promotion is one step of a pipeline. The target is empty if a path has none.
type promotion struct{ source, target string }

func promotions(pipeline *unstructured.Unstructured) []promotion {
	var steps []promotion
	for _, path := range Items(pipeline, "spec", "promotionPaths") {
		source := String(path, "sourceEnvironmentRef", "name")
		targets, _ := path["targetEnvironmentRefs"].([]any)
		if len(targets) == 0 {
			steps = append(steps, promotion{source: source})
		}
		for _, t := range targets {
			target, _ := t.(map[string]any)
			steps = append(steps, promotion{source, String(target, "name")})
		}
	}
	return steps
}

// promotionOrder repeatedly takes the first environment whose sources are all taken. It breaks a cycle, which the CRD allows, at
// its first environment in the spec.
func promotionOrder(names []string, incoming map[string][]string) []string {
	var order []string
	for len(order) < len(names) {
		order = append(order, nextPromoted(names, incoming, order))
	}
	return order
}

func nextPromoted(names []string, incoming map[string][]string, taken []string) string {
	first := ""
	for _, name := range names {
		if slices.Contains(taken, name) {
			continue
		}
		if first == "" {
			first = name
		}
		free := !slices.ContainsFunc(incoming[name], func(s string) bool { return !slices.Contains(taken, s) })
		if free {
			return name
		}
	}
	return first
}
