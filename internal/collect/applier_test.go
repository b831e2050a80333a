package collect

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/argocd"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// add creates objects in the control plane.
func (c *cluster) add(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		asJSON, err := yaml.YAMLToJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		u := &unstructured.Unstructured{}
		if err := u.UnmarshalJSON(asJSON); err != nil {
			t.Fatal(err)
		}
		gvk := u.GroupVersionKind()
		ref := facts.Ref{Plane: facts.Control, Group: gvk.Group, Kind: gvk.Kind, Namespace: u.GetNamespace(), Name: u.GetName()}
		c.objects = append(c.objects, facts.Object{Ref: ref, Outcome: facts.Found, Body: u})
	}
}

// mark changes the Component so that an engine other than a Kustomization delivers it.
func (c *cluster) mark(mark func(u *unstructured.Unstructured)) {
	for _, o := range c.objects {
		if o.Ref.Kind == "Component" {
			o.Body.SetLabels(nil)
			mark(o.Body)
		}
	}
}

// TestControllersThatSeemToBeAway expects two requests for signs of life of a controller that does not reconcile an object.
func TestControllersThatSeemToBeAway(t *testing.T) {
	t.Parallel()
	canceled := []any{map[string]any{"type": "Ready", "status": "False", "reason": "HealthCheckCanceled"}}
	for kind, change := range map[string]func(u *unstructured.Unstructured){
		"GitRepository": func(u *unstructured.Unstructured) { u.SetGeneration(u.GetGeneration() + 1) },
		"Kustomization": func(u *unstructured.Unstructured) {
			_ = unstructured.SetNestedSlice(u.Object, canceled, "status", "conditions")
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			world, subject := recorded(t, "healthy")
			for _, o := range world.objects {
				if o.Ref.Kind == kind {
					change(o.Body)
				}
			}
			collect(t, world, subject)
			if got := world.count("GET Lease flux-system/"); got != 1 {
				t.Errorf("%d Leases were asked for, want 1", got)
			}
		})
	}
}

// TestOtherAppliersAreFollowed expects requests up to the source of the content, whatever engine delivers the component.
func TestOtherAppliersAreFollowed(t *testing.T) {
	t.Parallel()
	const ready = `status: {conditions: [{type: Ready, status: "True"}]`
	helm := func(u *unstructured.Unstructured) {
		u.SetLabels(map[string]string{kinds.FluxHelm + "/name": "greeter", kinds.FluxHelm + "/namespace": "shop"})
	}
	for name, c := range map[string]struct {
		mark    func(u *unstructured.Unstructured)
		objects []string
		asked   []string // in the order of the references
	}{
		"HelmRelease": {helm, []string{
			`{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: greeter, namespace: shop}, ` + ready + `, helmChart: shop/shop-greeter}}`,
			`{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmChart, metadata: {name: shop-greeter, namespace: shop}, spec: {sourceRef: {kind: HelmRepository, name: charts}}, ` + ready + `}}`,
		}, []string{"GET HelmRelease shop/greeter", "GET HelmChart shop/shop-greeter", "GET HelmRepository shop/charts"}},
		"ExternalArtifact": {helm, []string{
			`{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: greeter, namespace: shop}, spec: {chartRef: {kind: ExternalArtifact, name: made}}, ` + ready + `}}`,
			`{apiVersion: source.toolkit.fluxcd.io/v1, kind: ExternalArtifact, metadata: {name: made, namespace: shop}, spec: {sourceRef: {kind: ArtifactGenerator, name: maker}}}`,
			`{apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, metadata: {name: maker, namespace: shop}, spec: {sources: [{kind: Bucket, name: files}]}, ` + ready + `}}`,
		}, []string{"GET HelmRelease shop/greeter", "GET ExternalArtifact shop/made", "GET ArtifactGenerator shop/maker", "GET Bucket shop/files"}},
		"ResourceSetOfAnInstance": {
			func(u *unstructured.Unstructured) {
				u.SetLabels(map[string]string{"resourceset." + kinds.FluxOperator + "/name": "set", "resourceset." + kinds.FluxOperator + "/namespace": "shop"})
			},
			[]string{`{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, metadata: {name: set, namespace: shop, labels: {fluxcd.controlplane.io/name: flux, fluxcd.controlplane.io/namespace: flux-system}}, spec: {dependsOn: [{apiVersion: v1, kind: Namespace, name: x}]}, ` + ready + `}}`},
			[]string{"GET ResourceSet shop/set", "GET FluxInstance flux-system/flux"},
		},
		"Application": {
			func(u *unstructured.Unstructured) {
				u.SetAnnotations(map[string]string{argocd.TrackingID: "greeter:openchoreo.dev/Component:" + u.GetNamespace() + "/" + u.GetName()})
			},
			[]string{`{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: greeter, namespace: argocd}}`},
			[]string{"GET Application argocd/greeter"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world, subject := recorded(t, "healthy")
			world.mark(c.mark)
			world.add(t, c.objects...)
			collect(t, world, subject)
			at := -1
			for _, want := range c.asked {
				next := slices.Index(world.asked, want)
				if next <= at {
					t.Errorf("%s was asked at %d, want it behind %d:\n%s", want, next, at, strings.Join(world.asked, "\n"))
				}
				at = next
			}
			if got := world.count("GET Lease"); got > 0 {
				t.Errorf("%d Leases were asked for, although all is well", got)
			}
			if got := world.count("GET Namespace x"); got > 0 {
				t.Error("a dependency that delivers nothing was asked for")
			}
		})
	}
}
