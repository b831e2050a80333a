package generated

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFluxInstance: spec.sync yields a source and a Kustomization, with the name of the namespace by default. The ref of a
// GitRepository is the name of a Git reference, that of an OCIRepository a tag.
func TestFluxInstance(t *testing.T) {
	t.Parallel()
	const instance = "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: gitops}\nspec: {distribution: {version: 2.x}"
	const git = "{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: gitops, namespace: gitops}, spec: {url: 'https://g.example/r', ref: {name: refs/heads/main}}}"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"WithoutSync": {instance + "}", nil},
		"Git": {
			instance + ", sync: {kind: GitRepository, url: 'https://g.example/r', ref: refs/heads/main, path: clusters/one}}",
			[]string{git, "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: gitops, namespace: gitops}, spec: {path: clusters/one, prune: true, sourceRef: {kind: GitRepository, name: gitops}}}"},
		},
		"Named": {
			instance + ", sync: {kind: OCIRepository, name: fleet, url: 'oci://r.example/fleet', ref: latest, path: ./}}",
			[]string{
				"{apiVersion: source.toolkit.fluxcd.io/v1, kind: OCIRepository, metadata: {name: fleet, namespace: gitops}, spec: {url: 'oci://r.example/fleet', ref: {tag: latest}}}",
				"{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: fleet, namespace: gitops}, spec: {path: ./, prune: true, sourceRef: {kind: OCIRepository, name: fleet}}}",
			},
		},
	} {
		var want []map[string]any
		for _, text := range c.want {
			want = append(want, objectOf(t, text).Object)
		}
		if diff := cmp.Diff(want, fieldsOf(fromFluxInstance(objectOf(t, c.text)))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	const bare = "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux}\nspec: {sync: {kind: GitRepository, path: a}}\n"
	if diff := cmp.Diff([]string{"GitRepository flux-system", "Kustomization flux-system"}, identities(fromFluxInstance(objectOf(t, bare)))); diff != "" {
		t.Errorf("without a namespace (-want +got)\n%s", diff)
	}
}
