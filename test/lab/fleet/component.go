package fleet

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// Component returns a Component, its Workload and three ReleaseBindings, whose releases do not exist.
func Component(namespace, project, name string) []*unstructured.Unstructured {
	owner := map[string]any{"projectName": project, "componentName": name}
	members := []*unstructured.Unstructured{
		object("Component", namespace, name, map[string]any{
			"owner": map[string]any{"projectName": project}, "autoDeploy": false,
			"componentType": map[string]any{"kind": "ClusterComponentType", "name": "deployment/worker"},
		}),
		object("Workload", namespace, name, map[string]any{
			"owner": owner, "container": map[string]any{"image": "registry.example.com/acme/" + name + ":1"},
		}),
	}
	for _, environment := range []string{"development", "staging", "production"} {
		members = append(members, object("ReleaseBinding", namespace, name+"-"+environment, map[string]any{
			"owner": owner, "environment": environment, "releaseName": name + "-1",
		}))
	}
	return members
}

func object(kind, namespace, name string, spec map[string]any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "openchoreo.dev/v1alpha1", "kind": kind,
		"metadata": map[string]any{"namespace": namespace, "name": name}, "spec": spec,
	}}
}
