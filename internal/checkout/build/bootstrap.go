package build

import (
	"path"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// componentsFile and syncFile are written by `flux bootstrap` (flux2 v2.7 pkg/manifestgen/install/options.go and sync/options.go). Before, a
// kustomization.yaml beside them may already list them, and patch what they will have.
const componentsFile, syncFile = "gotk-components.yaml", "gotk-sync.yaml"

// bootstrapped returns the objects that such a file will have, all of version v1, and that a patch may be for (flux2 v2.7 manifests/bases).
func bootstrapped(file string) []resid.ResId {
	var found []resid.ResId
	add := func(group, kind string, names ...string) {
		for _, name := range names {
			found = append(found, resid.NewResIdWithNamespace(resid.NewGvk(group, "v1", kind), name, "flux-system"))
		}
	}
	switch file {
	case componentsFile:
		for _, name := range []string{
			"source-controller", "kustomize-controller", "helm-controller", "notification-controller", "image-reflector-controller",
			"image-automation-controller", "source-watcher",
		} {
			add("apps", "Deployment", name)
			add("", "ServiceAccount", name)
		}
		add("", "Service", "source-controller", "notification-controller", "webhook-receiver", "source-watcher")
		add("", "Namespace", "flux-system")
		add("", "ResourceQuota", "critical-pods-flux-system")
		add("networking.k8s.io", "NetworkPolicy", "allow-egress", "allow-scraping", "allow-webhooks")
		add("rbac.authorization.k8s.io", "ClusterRole", "crd-controller-flux-system", "flux-edit-flux-system", "flux-view-flux-system")
		add("rbac.authorization.k8s.io", "ClusterRoleBinding", "cluster-reconciler-flux-system", "crd-controller-flux-system")
		add("apiextensions.k8s.io", "CustomResourceDefinition",
			"alerts.notification.toolkit.fluxcd.io", "artifactgenerators.source.extensions.fluxcd.io", "buckets.source.toolkit.fluxcd.io",
			"externalartifacts.source.toolkit.fluxcd.io", "gitrepositories.source.toolkit.fluxcd.io", "helmcharts.source.toolkit.fluxcd.io",
			"helmreleases.helm.toolkit.fluxcd.io", "helmrepositories.source.toolkit.fluxcd.io", "imagepolicies.image.toolkit.fluxcd.io",
			"imagerepositories.image.toolkit.fluxcd.io", "imageupdateautomations.image.toolkit.fluxcd.io",
			"kustomizations.kustomize.toolkit.fluxcd.io", "ocirepositories.source.toolkit.fluxcd.io", "providers.notification.toolkit.fluxcd.io",
			"receivers.notification.toolkit.fluxcd.io")
	case syncFile:
		add(kinds.FluxSource, "GitRepository", "flux-system")
		add(kinds.FluxKustomize, "Kustomization", "flux-system")
	}
	return found
}

// BuildBootstrap returns the problems of a folder that only a bootstrap applies.
func (b *Builder) BuildBootstrap(folder string) []manifest.Problem {
	result := b.Begin()
	for _, file := range []string{componentsFile, syncFile} {
		if name := path.Join(folder, file); !b.parsed.Exists(name) {
			_ = b.memory().WriteFile(path.Join(offline.Root, name), nil) // writes to memory do not fail
		}
	}
	b.BuildFolder(folder)
	return slices.DeleteFunc(result.Problems, func(p manifest.Problem) bool { return p.Kind != manifest.NotBuilt && p.Kind != manifest.TargetAbsent })
}

// bootstrapObjects are those that a bootstrap will write to some files.
func (b targets) bootstrapObjects(files map[string]bool) []resid.ResId {
	var found []resid.ResId
	for _, file := range tree.Sorted(files) {
		if len(b.parsed.Documents[file]) == 0 {
			found = append(found, bootstrapped(path.Base(file))...)
		}
	}
	return found
}
