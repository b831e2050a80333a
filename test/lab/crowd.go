package lab

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Crowd creates components from number from up to number to in a namespace, each with a Workload and three bindings, like a
// large installation. It creates them directly, and they pin releases that do not exist.
func (l *Lab) Crowd(ctx context.Context, namespace, project string, from, to int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32)
	for i := from; i < to; i++ {
		group.Go(func() error {
			name := fmt.Sprintf("crowd-%04d", i)
			for _, object := range crowdMember(namespace, project, name) {
				if err := l.create(ctx, object); err != nil {
					return fmt.Errorf("make component %s: %w", name, err)
				}
			}
			return nil
		})
	}
	return group.Wait()
}

func (l *Lab) create(ctx context.Context, object *unstructured.Unstructured) error {
	r, err := l.resource(Object{Kind: schema.GroupKind{Group: "openchoreo.dev", Kind: object.GetKind()}, Namespace: object.GetNamespace()})
	if err != nil {
		return err
	}
	_, err = r.Create(ctx, object, metav1.CreateOptions{FieldManager: "lab"})
	return err
}

func crowdMember(namespace, project, name string) []*unstructured.Unstructured {
	owner := map[string]any{"projectName": project, "componentName": name}
	members := []*unstructured.Unstructured{
		choreoObject("Component", namespace, name, map[string]any{
			"owner": map[string]any{"projectName": project}, "autoDeploy": false,
			"componentType": map[string]any{"kind": "ClusterComponentType", "name": "deployment/worker"},
		}),
		choreoObject("Workload", namespace, name, map[string]any{
			"owner": owner, "container": map[string]any{"image": "registry.example.com/acme/" + name + ":1"},
		}),
	}
	for _, environment := range []string{"development", "staging", "production"} {
		members = append(members, choreoObject("ReleaseBinding", namespace, name+"-"+environment, map[string]any{
			"owner": owner, "environment": environment, "releaseName": name + "-1",
		}))
	}
	return members
}

func choreoObject(kind, namespace, name string, spec map[string]any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "openchoreo.dev/v1alpha1", "kind": kind,
		"metadata": map[string]any{"namespace": namespace, "name": name}, "spec": spec,
	}}
}
