package kinds

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// ConnectionsToProjects are the resolved connections of a ReleaseBinding to components of other projects, inside the cluster. The
// visibility that the consumer requests makes no difference between project and namespace: both resolve to the Service (openchoreo
// v1.2.3 releasebinding/controller_connections.go:157).
func ConnectionsToProjects(binding *unstructured.Unstructured, project string) []map[string]any {
	var connections []map[string]any
	for _, c := range Items(binding, "status", "resolvedConnections") {
		provider, visibility := String(c, "project"), String(c, "visibility")
		if provider != "" && provider != project && (visibility == "project" || visibility == "namespace") {
			connections = append(connections, c)
		}
	}
	return connections
}
