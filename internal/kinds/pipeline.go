package kinds

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// PipelineEnvironments returns the environments of a DeploymentPipeline in the order in which a release is promoted:
// sources before their targets, as written where both are free. nil when pipeline is nil.
func PipelineEnvironments(pipeline *unstructured.Unstructured) []string {
	paths := Items(pipeline, "spec", "promotionPaths")
	var names []string
	incoming := map[string][]string{}
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, path := range paths {
		source := String(path, "sourceEnvironmentRef", "name")
		add(source)
		targets, _ := path["targetEnvironmentRefs"].([]any)
		for _, t := range targets {
			target, _ := t.(map[string]any)
			name := String(target, "name")
			add(name)
			incoming[name] = append(incoming[name], source)
		}
	}
	return promotionOrder(names, incoming)
}

// promotionOrder repeatedly takes the first environment whose sources are all taken. A cycle, which the CRD allows,
// is broken at its first environment as written.
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
