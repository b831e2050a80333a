package files

import (
	"path"
	"slices"

	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// Roots returns the folders with a kustomization.yaml that no other one includes, without those in use. Kustomize Components are not roots.
func (p *Parsed) Roots(used map[string]bool) []string {
	var folders []string
	taken := map[string]bool{}
	for _, name := range p.Names {
		if !tree.IsKustomizationFile(name) || p.InChart(name) || p.IsTestData(name) || used[name] {
			continue
		}
		k, _ := p.Kustomization(name) // kustomize reports the error
		if folder := path.Dir(name); k.Kind != kustomize.ComponentKind {
			folders = append(folders, folder)
		}
		for _, entry := range slices.Concat(k.Resources, k.Components) {
			taken[path.Join(path.Dir(name), entry)] = true
		}
	}
	return slices.DeleteFunc(folders, func(f string) bool { return taken[f] })
}
