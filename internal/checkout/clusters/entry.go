package clusters

import (
	"path"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// EntryFolder returns the folder of an entry point, which is named by a folder, or by the kustomization file in it; false if the tree does
// not have it.
func EntryFolder(t *tree.Tree, name string) (string, bool) {
	folder := name
	if tree.IsKustomizationFile(name) {
		folder = path.Dir(name)
	}
	return folder, t.HasFolder(folder) && (folder == name || t.KustomizationFile(folder) == name)
}

// Bootstrapped returns those of some folders that a bootstrap applies with the files of deliveries: the folder of such a file, and those just
// below it, such as flux-system.
func Bootstrapped(folders, files []string) []string {
	entries := map[string]bool{}
	for _, file := range files {
		entries[path.Dir(file)] = true
	}
	return slices.DeleteFunc(slices.Clone(folders), func(folder string) bool { return !entries[folder] && !entries[path.Dir(folder)] })
}
