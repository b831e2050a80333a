package build

import (
	"regexp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// view is what kustomize sees of the checkout.
type view struct {
	links    bool // with the symbolic links, which Argo CD follows
	noCharts bool // without Helm charts, which cannot be inflated without network
}

// memory returns the file system with which kustomize reads the checkout. What is removed from it is reported once.
func (b *Builder) memory() *offline.FileSystem {
	v := view{b.followsLinks && len(b.parsed.Links) > 0, b.inflates}
	if b.memories[v] != nil {
		return b.memories[v]
	}
	isFirst, isFirstWithoutCharts := len(b.memories) == 0, v.noCharts && b.memories[view{!v.links, true}] == nil
	t := b.parsed.Tree
	if v.links {
		t = t.WithLinks()
	}
	b.memories[v] = offline.New(b.ctx, t, v.noCharts, func(r offline.Removed) {
		if r.Chart && isFirstWithoutCharts || !r.Chart && isFirst {
			b.report(manifest.Problem{Kind: manifest.RemoteNotFetched, Place: b.placeOfValue(r.File, r.Value), Message: r.Message})
		}
	})
	return b.memories[v]
}

// excludedBy returns the files of the checkout that a source leaves out.
func (b *Builder) excludedBy(ignore tree.Ignore) map[string]bool {
	if _, known := b.exclusions[ignore]; !known {
		b.exclusions[ignore] = b.parsed.ExcludedBy(ignore)
	}
	return b.exclusions[ignore]
}

var (
	// buildOptions matches the options with which Argo CD runs kustomize, in the ConfigMap argocd-cm or in the values of its chart (argo-cd
	// v3.1 util/settings/settings.go, kustomizeBuildOptionsKey).
	buildOptions = regexp.MustCompile(`kustomize\.buildOptions(\.[\w.]+)?["']?[ \t]*:`)
	enableHelm   = regexp.MustCompile(`--enable-helm\b`)
)

// mayEnableHelm reports whether Argo CD may run kustomize with --enable-helm: the files set the flag, for Argo CD or for a
// ConfigManagementPlugin, or they do not set the options of Argo CD.
func mayEnableHelm(files map[string][]byte) bool {
	isSet := false
	for _, text := range files {
		if enableHelm.Match(text) {
			return true
		}
		isSet = isSet || buildOptions.Match(text)
	}
	return !isSet
}
