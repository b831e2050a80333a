package checkout

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// assignClusters assigns the Kustomizations of one repository to clusters. In Flux's layout each cluster has a folder, and these
// folders have Kustomizations with the same names (fluxcd.io/flux/guides/repository-structure). An object belongs to all clusters
// of the Kustomizations that apply it.
func assignClusters(all []*delivery) {
	prefix := clustersFolder(all)
	for _, d := range all {
		if d.isRoot() {
			mark(all, d, clusterOf(d, prefix))
		}
	}
	for _, d := range all { // a cycle without a root
		if len(d.clusters) == 0 {
			mark(all, d, clusterOf(d, prefix))
		}
	}
}

// isRoot reports whether no other Kustomization applies d. Every bootstrap Kustomization applies itself.
func (d *delivery) isRoot() bool {
	return !slices.ContainsFunc(d.parents, func(p *delivery) bool { return p != d })
}

func mark(all []*delivery, d *delivery, cluster string) {
	if slices.Contains(d.clusters, cluster) {
		return
	}
	d.clusters = append(d.clusters, cluster)
	for _, child := range all {
		if slices.Contains(child.parents, d) {
			mark(all, child, cluster)
		}
	}
}

// noFolder contains no file.
const noFolder = "\x00"

// clustersFolder returns the common folder of the files of Kustomizations with the same name. It returns noFolder if all names
// differ.
func clustersFolder(all []*delivery) string {
	files := map[facts.Ref][]string{}
	for _, d := range all {
		if d.document != nil && d.isRoot() {
			files[d.ref] = append(files[d.ref], d.document.Place.File)
		}
	}
	common, found := "", false
	for _, same := range files {
		for _, file := range same[1:] {
			both := commonFolder(same[0], file)
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

// commonFolder returns a path that ends with a slash, or "" for the root.
func commonFolder(a, b string) string {
	folder := ""
	for {
		rest := strings.TrimPrefix(a, folder)
		next, _, deeper := strings.Cut(rest, "/")
		if !deeper || !strings.HasPrefix(b, folder+next+"/") {
			return folder
		}
		folder += next + "/"
	}
}

// clusterOf returns the folder of d's cluster. Two files with the same Kustomization in one folder are not two clusters.
func clusterOf(d *delivery, prefix string) string {
	if d.document == nil {
		return ""
	}
	return clusterOfFile(d.document.Place.File, prefix)
}

func clusterOfFile(file, prefix string) string {
	rest, inside := strings.CutPrefix(file, prefix)
	name, _, folder := strings.Cut(rest, "/")
	if !inside || !folder {
		return ""
	}
	return prefix + name
}
