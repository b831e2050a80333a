package engines_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

func object(t *testing.T, text string) facts.Object {
	t.Helper()
	u := &unstructured.Unstructured{}
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := u.UnmarshalJSON(asJSON); err != nil {
		t.Fatal(err)
	}
	return facts.Object{Ref: manifest.RefOf(u), Outcome: facts.Found, Body: u}
}

func control(group, kind, namespace, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Namespace: namespace, Name: name}
}

func TestAppliedBy(t *testing.T) {
	t.Parallel()
	tracked := `{apiVersion: openchoreo.dev/v1alpha1, kind: Component, metadata: {name: a, namespace: nn, annotations: {argocd.argoproj.io/tracking-id: "%s"}}}`
	for name, c := range map[string]struct {
		object string
		want   []facts.Ref
	}{
		"Nobody":        {`{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}`, nil},
		"HalfLabelled":  {`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {kustomize.toolkit.fluxcd.io/name: apps}}}`, nil},
		"Kustomization": {`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux-system}}}`, []facts.Ref{control(kinds.FluxKustomize, "Kustomization", "flux-system", "apps")}},
		"PairsAreNotMixed": {
			`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {helm.toolkit.fluxcd.io/name: h, helm.toolkit.fluxcd.io/namespace: nn, kustomize.toolkit.fluxcd.io/name: k, kustomize.toolkit.fluxcd.io/namespace: mm}}}`,
			[]facts.Ref{control(kinds.FluxKustomize, "Kustomization", "mm", "k"), control(kinds.FluxHelm, "HelmRelease", "nn", "h")},
		},
		"ResourceSet":     {`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {resourceset.fluxcd.controlplane.io/name: r, resourceset.fluxcd.controlplane.io/namespace: nn}}}`, []facts.Ref{control(kinds.FluxOperator, "ResourceSet", "nn", "r")}},
		"Application":     {fmt.Sprintf(tracked, "shop:openchoreo.dev/Component:nn/a"), []facts.Ref{control(kinds.ArgoCD, "Application", "argocd", "shop")}},
		"ApplicationElse": {fmt.Sprintf(tracked, "team_shop:openchoreo.dev/Component:nn/a"), []facts.Ref{control(kinds.ArgoCD, "Application", "team", "shop")}},
		"CopiedTracking":  {fmt.Sprintf(tracked, "shop:openchoreo.dev/Component:nn/other"), nil},
	} {
		if diff := cmp.Diff(c.want, engines.All().AppliedBy(object(t, c.object))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if engines.All().AppliedBy(facts.Object{}) != nil {
		t.Error("nothing has an applier")
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		object string
		want   []facts.Ref
	}{
		"Kustomization":  {`{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: a, namespace: nn}, spec: {sourceRef: {kind: OCIRepository, name: o, namespace: mm}}}`, []facts.Ref{control(kinds.FluxSource, "OCIRepository", "mm", "o")}},
		"ChartTemplate":  {`{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a, namespace: nn}, spec: {chart: {spec: {sourceRef: {kind: HelmRepository, name: r}}}}, status: {helmChart: nn/n-a}}`, []facts.Ref{control(kinds.FluxSource, "HelmChart", "nn", "n-a")}},
		"ChartNotMade":   {`{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a, namespace: nn}, spec: {chart: {spec: {sourceRef: {kind: HelmRepository, name: r}}}}}`, []facts.Ref{control(kinds.FluxSource, "HelmRepository", "nn", "r")}},
		"ChartRef":       {`{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a, namespace: nn}, spec: {chartRef: {kind: OCIRepository, name: r}}}`, []facts.Ref{control(kinds.FluxSource, "OCIRepository", "nn", "r")}},
		"Includes":       {`{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: a, namespace: nn}, spec: {include: [{repository: {name: b}}]}}`, []facts.Ref{control(kinds.FluxSource, "GitRepository", "nn", "b")}},
		"Generated":      {`{apiVersion: source.toolkit.fluxcd.io/v1, kind: ExternalArtifact, metadata: {name: a, namespace: nn}, spec: {sourceRef: {kind: ArtifactGenerator, name: g}}}`, []facts.Ref{control(kinds.FluxExtension, "ArtifactGenerator", "nn", "g")}},
		"OtherProducer":  {`{apiVersion: source.toolkit.fluxcd.io/v1, kind: ExternalArtifact, metadata: {name: a, namespace: nn}, spec: {sourceRef: {kind: Terraform, name: g}}}`, nil},
		"Generator":      {`{apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, metadata: {name: a, namespace: nn}, spec: {sources: [{alias: x, kind: GitRepository, name: g}]}}`, []facts.Ref{control(kinds.FluxSource, "GitRepository", "nn", "g")}},
		"AnythingBeside": {`{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}`, nil},
	} {
		if diff := cmp.Diff(c.want, engines.All().Sources(object(t, c.object))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestDependsOn(t *testing.T) {
	t.Parallel()
	ks := object(t, "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: a, namespace: flux-system}, spec: {dependsOn: [{name: b}, {name: c, namespace: other}]}}")
	set := object(t, "{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, metadata: {name: a, namespace: nn}, spec: {dependsOn: [{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: h}, {apiVersion: v1, kind: Namespace, name: any}]}}")
	if diff := cmp.Diff([]facts.Ref{control(kinds.FluxKustomize, "Kustomization", "flux-system", "b"), control(kinds.FluxKustomize, "Kustomization", "other", "c")}, engines.All().DependsOn(ks)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]facts.Ref{control(kinds.FluxHelm, "HelmRelease", "nn", "h")}, engines.All().DependsOn(set)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if engines.All().DependsOn(facts.Object{}) != nil {
		t.Error("nothing has dependencies")
	}
}

func TestIsStatic(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, of string
		want     bool
	}{
		{"HelmRepository", "oci", true},
		{"HelmRepository", "", false},
		{"ExternalArtifact", "", true},
		{"GitRepository", "", false},
	} {
		o := facts.Object{
			Ref:  facts.Ref{Group: kinds.FluxSource, Kind: c.kind},
			Body: &unstructured.Unstructured{Object: map[string]any{"kind": c.kind, "spec": map[string]any{"type": c.of}}},
		}
		if got := engines.All().IsStatic(o); got != c.want {
			t.Errorf("%s %q: %v, want %v", c.kind, c.of, got, c.want)
		}
	}
}

func TestInventory(t *testing.T) {
	t.Parallel()
	component := []facts.Ref{control(kinds.OpenChoreo, "Component", "nn", "a")}
	for name, c := range map[string]struct {
		object string
		want   []facts.Ref
	}{
		"Kustomization": {`{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: k}, status: {inventory: {entries: [{id: nn_a_openchoreo.dev_Component, v: v1alpha1}, {id: x}]}}}`, component},
		"Application":   {`{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: k}, status: {resources: [{group: openchoreo.dev, kind: Component, namespace: nn, name: a}]}}`, component},
		"KubeVela":      {`{apiVersion: core.oam.dev/v1beta1, kind: Application, metadata: {name: k}, status: {resources: [{group: openchoreo.dev, kind: Component, namespace: nn, name: a}]}}`, nil},
	} {
		if diff := cmp.Diff(c.want, engines.All().Inventory(object(t, c.object))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestDefines: the kinds of Flux and Argo CD that deliver nothing. Argo Rollouts and Argo Workflows have the group of Argo CD.
func TestDefines(t *testing.T) {
	t.Parallel()
	for kind, want := range map[schema.GroupKind]bool{
		{Group: kinds.FluxKustomize, Kind: "Kustomization"}:           true,
		{Group: kinds.FluxHelm, Kind: "HelmRelease"}:                  true,
		{Group: kinds.FluxSource, Kind: "GitRepository"}:              true,
		{Group: "notification.toolkit.fluxcd.io", Kind: "Alert"}:      true,
		{Group: "image.toolkit.fluxcd.io", Kind: "ImagePolicy"}:       true,
		{Group: kinds.FluxOperator, Kind: "ResourceSetInputProvider"}: true,
		{Group: kinds.FluxExtension, Kind: "ArtifactGenerator"}:       true,
		{Group: kinds.ArgoCD, Kind: "ApplicationSet"}:                 true,
		{Group: kinds.ArgoCD, Kind: "AppProject"}:                     true,
		{Group: kinds.ArgoCD, Kind: "Rollout"}:                        false,
		{Group: kinds.ArgoCD, Kind: "Workflow"}:                       false,
		{Group: kinds.OpenChoreo, Kind: "Component"}:                  false,
		{Group: "kustomize.config.k8s.io", Kind: "Kustomization"}:     false,
		{Group: kinds.Apps, Kind: "Deployment"}:                       false,
	} {
		if got := engine.Defines(engines.All(), facts.Ref{Group: kind.Group, Kind: kind.Kind}); got != want {
			t.Errorf("%s: %v, want %v", kind, got, want)
		}
	}
}

func TestPausedBy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ object, want string }{
		"Nothing":      {`{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: k}, spec: {suspend: false}}`, ""},
		"Suspended":    {`{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: k}, spec: {suspend: true}}`, "spec.suspend: true"},
		"FluxInstance": {`{apiVersion: fluxcd.controlplane.io/v1, kind: FluxInstance, metadata: {name: k, annotations: {fluxcd.controlplane.io/reconcile: disabled}}}`, "fluxcd.controlplane.io/reconcile: disabled"},
		"Generator":    {`{apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, metadata: {name: k, annotations: {source.extensions.fluxcd.io/reconcile: disabled}}}`, "source.extensions.fluxcd.io/reconcile: disabled"},
		"Application":  {`{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: k, annotations: {argocd.argoproj.io/skip-reconcile: "true"}}}`, "argocd.argoproj.io/skip-reconcile: true"},
		"AnothersMark": {`{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: k, annotations: {argocd.argoproj.io/skip-reconcile: "true"}}}`, ""},
		"NoEngine":     {`{apiVersion: batch/v1, kind: CronJob, metadata: {name: k}, spec: {suspend: true}}`, "spec.suspend: true"},
	} {
		if got := engines.All().PausedBy(object(t, c.object)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestController expects no controller for an unsupported kind, so that no other controller is blamed for it.
func TestController(t *testing.T) {
	t.Parallel()
	for kind, want := range map[schema.GroupKind]string{
		{Group: kinds.FluxKustomize, Kind: "Kustomization"}:     "kustomize-controller",
		{Group: kinds.FluxHelm, Kind: "HelmRelease"}:            "helm-controller",
		{Group: kinds.FluxSource, Kind: "GitRepository"}:        "source-controller",
		{Group: kinds.FluxExtension, Kind: "ArtifactGenerator"}: "source-watcher",
		{Group: kinds.FluxOperator, Kind: "ResourceSet"}:        "flux-operator",
		{Group: kinds.ArgoCD, Kind: "Application"}:              "argocd-application-controller",
		{Group: kinds.OpenChoreo, Kind: "Component"}:            "controller-manager",
		{Group: kinds.ArgoCD, Kind: "Rollout"}:                  "",
		{Group: kinds.Apps, Kind: "Deployment"}:                 "",
		{Group: "keda.sh", Kind: "ScaledObject"}:                "",
	} {
		if got := engines.All().Controller(facts.Ref{Group: kind.Group, Kind: kind.Kind}).Deployment; got != want {
			t.Errorf("the controller of %s is %q, want %q", kind, got, want)
		}
	}
}
