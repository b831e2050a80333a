// Package pushed finds the folder of a repository from which an OCI artifact is pushed.
package pushed

import (
	"path"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// minPaths is how many paths of a source a folder must have to count as its root. One may have its name by coincidence.
const minPaths = 2

// ByPaths finds the folder that has the most of the paths that the Kustomizations of a source apply: more than the root of the repository,
// which has as many as present. It returns false if there is none, and the number of paths that the folder has.
func ByPaths(t *tree.Tree, paths []string, present int) (folder string, count int, found bool) {
	counts := pathsBelow(t, paths)
	for _, each := range t.Folders() {
		if counts[each] >= minPaths && counts[each] > max(counts[folder], present) {
			folder = each
		}
	}
	return folder, counts[folder], folder != ""
}

// pathsBelow counts for each folder how many of the paths it has.
func pathsBelow(t *tree.Tree, paths []string) map[string]int {
	byName := map[string][]string{}
	for _, p := range paths {
		byName[path.Base(p)] = append(byName[path.Base(p)], p)
	}
	counts := map[string]int{}
	for _, folder := range t.Folders() {
		for _, p := range byName[path.Base(folder)] {
			if base, found := strings.CutSuffix(folder, "/"+p); found {
				counts[base]++
			}
		}
	}
	return counts
}
