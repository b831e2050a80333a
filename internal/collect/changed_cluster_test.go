package collect

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// crowd adds the objects of other teams: two hundred of each kind that grows with the cluster. The inventory of one shows
// whether collect drops inventories.
func (c *cluster) crowd(namespace string) {
	entries := []any{}
	for i := range 200 {
		entries = append(entries, map[string]any{"id": fmt.Sprintf("other_c%d_openchoreo.dev_Component", i), "v": "v1alpha1"})
	}
	for i := range 2 * request.ListLimit {
		c.other(kinds.OpenChoreo, "Environment", namespace, i, nil)
		c.other(kinds.OpenChoreo, "ProjectReleaseBinding", namespace, i, map[string]any{
			"spec": map[string]any{"environment": "development", "owner": map[string]any{"projectName": "other"}},
		})
		c.other(kinds.FluxHelm, "HelmRelease", "other", i, nil)
		c.other(kinds.ArgoCD, "Application", "other", i, nil)
		c.other(kinds.FluxKustomize, "Kustomization", "other", i, map[string]any{"status": map[string]any{"inventory": map[string]any{"entries": entries}}})
		entries = []any{}
	}
}

func (c *cluster) other(group, kind, namespace string, i int, fields map[string]any) {
	ref := facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Namespace: namespace, Name: fmt.Sprintf("other-%d", i)}
	known, _ := kinds.Lookup(group, kind)
	body := &unstructured.Unstructured{Object: map[string]any{"apiVersion": group + "/" + known.Version, "kind": kind}}
	maps.Copy(body.Object, fields)
	body.SetName(ref.Name)
	body.SetNamespace(namespace)
	c.objects = append(c.objects, facts.Object{Ref: ref, Outcome: facts.Found, Body: body})
}

// change applies f to the objects of one kind and name.
func (c *cluster) change(kind, name string, f func(*unstructured.Unstructured)) {
	for _, o := range c.objects {
		if o.Outcome == facts.Found && o.Ref.Kind == kind && o.Ref.Name == name {
			f(o.Body)
		}
	}
}

func (c *cluster) remove(kind, name string) {
	c.objects = slices.DeleteFunc(c.objects, func(o facts.Object) bool { return o.Ref.Kind == kind && o.Ref.Name == name })
}

// rename renames an object.
func (c *cluster) rename(kind, from, to string) {
	for i, o := range c.objects {
		if o.Ref.Kind == kind && o.Ref.Name == from {
			c.objects[i].Ref.Name = to
			o.Body.SetName(to)
		}
	}
}

func label(keyAndValues ...string) func(*unstructured.Unstructured) {
	return func(u *unstructured.Unstructured) {
		labels := map[string]string{}
		maps.Copy(labels, u.GetLabels())
		for i := 0; i < len(keyAndValues); i += 2 {
			labels[keyAndValues[i]] = keyAndValues[i+1]
		}
		u.SetLabels(labels)
	}
}

func appliedBy(name string) func(*unstructured.Unstructured) {
	return label("kustomize.toolkit.fluxcd.io/name", name, "kustomize.toolkit.fluxcd.io/namespace", "flux-system")
}

// failing is a failed Kustomization with labels and an inventory.
func failing(name, labels, entries string) string {
	return fmt.Sprintf(`{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: %s, namespace: flux-system, generation: 1, labels: {%s}},
  spec: {prune: true, sourceRef: {kind: GitRepository, name: oc-healthy}},
  status: {conditions: [{type: Ready, status: "False", reason: BuildFailed, message: cannot build, observedGeneration: 1, lastTransitionTime: "2026-11-21T03:00:00Z"}],
    inventory: {entries: [%s]}}}`, name, labels, entries)
}
