package delivery_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// world is a component with these objects.
func world(objects ...facts.Object) *view.Component {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := facts.New(facts.Subject{Namespace: "shop", Component: "cart"}, now)
	for _, o := range objects {
		s.Put(o)
	}
	return delivery.Resolve(view.New(s, now, engines.All()))
}

func object(group, kind, name string, fields map[string]any) facts.Object {
	ref := facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Namespace: "flux-system", Name: name}
	return facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: fields}}
}

// TestNotFoundMessage names the kind of the engine that lists the absent object as applied, whichever engine that is.
func TestNotFoundMessage(t *testing.T) {
	t.Parallel()
	flux := func(id string) map[string]any {
		return map[string]any{"status": map[string]any{"inventory": map[string]any{"entries": []any{map[string]any{"id": id}}}}}
	}
	const id = "shop_cart_openchoreo.dev_Component"
	resources := map[string]any{"group": kinds.OpenChoreo, "kind": "Component", "namespace": "shop", "name": "cart"}
	for name, c := range map[string]struct {
		applier facts.Object
		want    string
	}{
		"Kustomization": {object(kinds.FluxKustomize, "Kustomization", "apps", flux(id)), ", although Kustomization apps lists it as applied"},
		"HelmRelease":   {object(kinds.FluxHelm, "HelmRelease", "apps", flux(id)), ", although HelmRelease apps lists it as applied"},
		"ResourceSet":   {object(kinds.FluxOperator, "ResourceSet", "apps", flux(id)), ", although ResourceSet apps lists it as applied"},
		"FluxInstance":  {object(kinds.FluxOperator, "FluxInstance", "flux", flux(id)), ", although FluxInstance flux lists it as applied"},
		"Application": {
			object(kinds.ArgoCD, "Application", "apps", map[string]any{"status": map[string]any{"resources": []any{resources}}}),
			", although Application apps lists it as applied",
		},
		"OfAnother": {object(kinds.FluxHelm, "HelmRelease", "apps", flux("shop_basket_openchoreo.dev_Component")), ""},
		"NoApplier": {object(kinds.FluxSource, "GitRepository", "apps", flux(id)), ""},
	} {
		absent := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "shop", Name: "cart"}
		v := world(c.applier, facts.Object{Ref: absent, Outcome: facts.Absent})
		if diff := cmp.Diff("Component shop/cart does not exist"+c.want, delivery.NotFoundMessage(v, absent)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestRefusalNamesTheApplier: what helps depends on who applies. Only a Kustomization can be changed that way.
func TestRefusalNamesTheApplier(t *testing.T) {
	t.Parallel()
	var (
		unknown       = delivery.By{}
		kustomization = delivery.By{Kind: "Kustomization", Controller: "kustomize-controller"}
		resourceSet   = delivery.By{Kind: "ResourceSet", Controller: "flux-operator"}
	)
	for _, c := range []struct {
		message string
		by      delivery.By
		want    string
	}{
		{`no matches for kind "Gadget" in version "a/v1"`, unknown, "the CustomResourceDefinition is not installed"},
		{`no matches for kind "Gadget" in version "a/v1"`, kustomization, "the CustomResourceDefinition is not installed: install it from a Kustomization that this one depends on"},
		{`no matches for kind "Gadget" in version "a/v1"`, resourceSet, "the CustomResourceDefinition is not installed: install it from a ResourceSet that this one depends on"},
		{`namespaces "a" not found`, unknown, "its namespace does not exist"},
		{`namespaces "a" not found`, kustomization, "its namespace does not exist: create it in a Kustomization that this one depends on"},
		{`namespaces "a" not found`, resourceSet, "its namespace does not exist: create it in a ResourceSet that this one depends on"},
		{`Component/b namespace not specified: x`, unknown, "set metadata.namespace"},
		{`Component/b namespace not specified: x`, kustomization, "set metadata.namespace, or spec.targetNamespace of the Kustomization"},
		{`Component/b namespace not specified: x`, resourceSet, "set metadata.namespace"},
		{`Secret/a/b is SOPS encrypted, configuring decryption is required`, kustomization, "it is encrypted, and the Kustomization has no spec.decryption"},
		{`Secret/a/b is SOPS encrypted, configuring decryption is required`, resourceSet, "it is encrypted"},
		{`Component/a/b dry-run failed (InternalError): x`, kustomization, "the API server failed: kustomize-controller retries"},
		{`Component/a/b dry-run failed (InternalError): x`, resourceSet, "the API server failed: flux-operator retries"},
		{`Component/a/b dry-run failed (ServerTimeout): x`, delivery.By{Kind: "Other"}, "the API server did not respond in time: its controller retries"},
	} {
		if got := delivery.Refusal(c.message, c.by); got != c.want {
			t.Errorf("%s, applied by %q:\n%q, want\n%q", c.message, c.by.Kind, got, c.want)
		}
	}
	release := facts.Ref{Plane: facts.Control, Group: kinds.FluxHelm, Kind: "HelmRelease", Namespace: "shop", Name: "cart"}
	if diff := cmp.Diff(delivery.By{Kind: "HelmRelease", Controller: "helm-controller"}, delivery.ByApplier(world(), release)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCycleNamesItsKind: only kustomize-controller drops the events of a source when objects wait for each other.
func TestCycleNamesItsKind(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct{ group, prefix, hint string }{
		"Kustomization": {kinds.FluxKustomize, kinds.FluxKustomize, "these wait for each other: remove one of the entries of spec.dependsOn in Git; until then, the other Kustomizations of the same source get a new revision only at their interval"},
		"HelmRelease":   {kinds.FluxHelm, kinds.FluxHelm, "these wait for each other: remove one of the entries of spec.dependsOn in Git"},
		"ResourceSet":   {kinds.FluxOperator, "resourceset." + kinds.FluxOperator, "these wait for each other: remove one of the entries of spec.dependsOn in Git"},
	} {
		waits := func(name, on string) facts.Object {
			dependency := map[string]any{"apiVersion": c.group + "/v1", "kind": kind, "name": on, "namespace": "flux-system"}
			return object(c.group, kind, name, map[string]any{
				"apiVersion": c.group + "/v1", "kind": kind, "metadata": map[string]any{"name": name, "namespace": "flux-system"},
				"spec": map[string]any{"dependsOn": []any{dependency}},
			})
		}
		component := object(kinds.OpenChoreo, "Component", "cart", map[string]any{"metadata": map[string]any{
			"name": "cart", "namespace": "shop", "labels": map[string]any{c.prefix + "/name": "a", c.prefix + "/namespace": "flux-system"},
		}})
		component.Ref.Namespace = "shop"
		var found []trace.Finding
		for _, f := range delivery.AssessDelivery(world(component, waits("a", "b"), waits("b", "a"))).Findings {
			if f.Code == trace.CodeDependencyCycle {
				found = append(found, trace.Finding{Message: f.Message, Hint: f.Hint})
			}
		}
		want := []trace.Finding{{Message: "spec.dependsOn has a cycle: b → a → b", Hint: c.hint}}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("%s (-want +got)\n%s", kind, diff)
		}
	}
}
