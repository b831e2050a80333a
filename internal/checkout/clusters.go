package checkout

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// clustersOf assigns the deliveries that no other one applies to clusters. In Flux's layout each cluster has a folder, and these
// folders have Kustomizations with the same names (fluxcd.io/flux/guides/repository-structure), each one that applies its own
// folder, or a common parent with the name clusters.
func clustersOf(roots []*delivery) map[*delivery]string {
	prefix := clustersFolder(roots)
	if prefix == noFolder {
		prefix = folderOfBootstraps(roots)
	}
	if prefix == noFolder {
		prefix = folderNamedClusters(roots)
	}
	clusters := map[*delivery]string{}
	for _, d := range roots {
		clusters[d] = clusterOf(d, prefix)
	}
	return clusters
}

// folderOfBootstraps returns the common folder of the deliveries that apply their own folder. It returns noFolder if there are
// not several, or one is inside another.
func folderOfBootstraps(roots []*delivery) string {
	var folders []string
	for _, d := range roots {
		if d.Folder != "." && strings.HasPrefix(d.file(), d.Folder+"/") && !slices.Contains(folders, d.Folder+"/") {
			folders = append(folders, d.Folder+"/")
		}
	}
	if len(folders) < 2 {
		return noFolder
	}
	common := folders[0]
	for i, folder := range folders {
		for _, other := range folders[:i] {
			if strings.HasPrefix(folder, other) || strings.HasPrefix(other, folder) {
				return noFolder
			}
		}
		common = tree.CommonFolder(common, folder)
	}
	return common
}

// folderNamedClusters returns the folder of that name if deliveries are in several folders below it.
func folderNamedClusters(roots []*delivery) string {
	for _, d := range roots {
		before, _, found := strings.Cut("/"+d.file(), "/clusters/")
		if !found {
			continue
		}
		prefix := strings.TrimPrefix(before+"/clusters/", "/")
		if slices.ContainsFunc(roots, func(other *delivery) bool {
			cluster := clusterOf(other, prefix)
			return cluster != "" && cluster != clusterOf(d, prefix)
		}) {
			return prefix
		}
	}
	return noFolder
}

// noFolder contains no file.
const noFolder = "\x00"

// clustersFolder returns the common folder of the files of Kustomizations with the same name. It returns noFolder if all names
// differ.
func clustersFolder(all []*delivery) string {
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
		return noFolder
	}
	return common
}

// clusterOf returns the folder of d's cluster. Two files with the same Kustomization in one folder are not two clusters.
func clusterOf(d *delivery, prefix string) string {
	if d.Document == nil {
		return ""
	}
	return clusterOfFile(d.Document.Place.File, prefix)
}

func clusterOfFile(file, prefix string) string {
	rest, inside := strings.CutPrefix(file, prefix)
	name, _, folder := strings.Cut(rest, "/")
	if !inside || !folder {
		return ""
	}
	return prefix + name
}
