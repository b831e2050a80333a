// Package clusters infers from the folders of a repository which Kustomization belongs to which cluster.
package clusters

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/build"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Of returns the cluster of each of the deliveries that no other one applies; "" if it belongs to none. In Flux's layout each cluster has a
// folder, and these folders have Kustomizations with the same names (fluxcd.io/flux/guides/repository-structure), each one that applies
// its own folder, or a common parent with the name clusters.
func Of(roots []build.Delivery) []string {
	prefix := Folder(roots)
	if prefix == tree.NoFolder {
		prefix = folderOfBootstraps(roots)
	}
	if prefix == tree.NoFolder {
		prefix = folderNamedClusters(roots)
	}
	names := make([]string, len(roots))
	for i, d := range roots {
		names[i] = clusterOf(d, prefix)
	}
	return names
}

// folderOfBootstraps returns the common folder of the deliveries that apply their own folder. It returns tree.NoFolder if there are
// not several, or one is inside another.
func folderOfBootstraps(roots []build.Delivery) string {
	var folders []string
	for _, d := range roots {
		if d.Folder != "." && strings.HasPrefix(d.File(), d.Folder+"/") && !slices.Contains(folders, d.Folder+"/") {
			folders = append(folders, d.Folder+"/")
		}
	}
	if len(folders) < 2 {
		return tree.NoFolder
	}
	common := folders[0]
	for i, folder := range folders {
		for _, other := range folders[:i] {
			if strings.HasPrefix(folder, other) || strings.HasPrefix(other, folder) {
				return tree.NoFolder
			}
		}
		common = tree.CommonFolder(common, folder)
	}
	return common
}

// folderNamedClusters returns the folder of that name if deliveries are in several folders below it.
func folderNamedClusters(roots []build.Delivery) string {
	for _, d := range roots {
		before, _, found := strings.Cut("/"+d.File(), "/clusters/")
		if !found {
			continue
		}
		prefix := strings.TrimPrefix(before+"/clusters/", "/")
		cluster := clusterOf(d, prefix)
		if cluster != "" && slices.ContainsFunc(roots, func(d build.Delivery) bool {
			other := clusterOf(d, prefix)
			return other != "" && other != cluster
		}) {
			return prefix
		}
	}
	return tree.NoFolder
}

// Folder returns the common folder of the files of Kustomizations with the same name. It returns tree.NoFolder if all names
// differ.
func Folder(all []build.Delivery) string {
	files := map[facts.Ref][]string{}
	for _, d := range all {
		if d.Document != nil && !d.Content.AsIs {
			files[d.Ref] = append(files[d.Ref], d.Document.Place.File)
		}
	}
	common, found := "", false
	for _, same := range files {
		for _, file := range same[1:] {
			both := tree.CommonFolder(same[0], file)
			if !found || len(both) < len(common) {
				common, found = both, true
			}
		}
	}
	if !found {
		return tree.NoFolder
	}
	return common
}

// clusterOf returns the folder of d's cluster. Two files with the same Kustomization in one folder are not two clusters.
func clusterOf(d build.Delivery, prefix string) string {
	if d.Document == nil {
		return ""
	}
	return OfFile(d.Document.Place.File, prefix)
}

// OfFile returns the cluster of a file, if the folders of the clusters are in prefix, which ends with a slash; "" if it belongs to none.
func OfFile(file, prefix string) string {
	rest, inside := strings.CutPrefix(file, prefix)
	name, _, folder := strings.Cut(rest, "/")
	if !inside || !folder {
		return ""
	}
	return prefix + name
}
