package rules

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// clusters returns the content of a repository by cluster: objects of different clusters do not know each other. What is not
// assigned to a cluster may be in each of them.
func clusters(r *manifest.Repository) []*manifest.Repository {
	var names []string
	for _, o := range r.Objects {
		if o.Cluster != "" && !slices.Contains(names, o.Cluster) {
			names = append(names, o.Cluster)
		}
	}
	for _, k := range r.Kustomizations {
		if k.Cluster != "" && !slices.Contains(names, k.Cluster) {
			names = append(names, k.Cluster)
		}
	}
	if len(names) == 0 {
		return []*manifest.Repository{r}
	}
	parts := make([]*manifest.Repository, 0, len(names))
	for _, name := range names {
		parts = append(parts, partOf(r, name))
	}
	return parts
}

func partOf(r *manifest.Repository, cluster string) *manifest.Repository {
	inside := *r
	isElsewhere := func(in string) bool { return in != "" && in != cluster }
	elsewhere := map[facts.Ref]bool{}
	for _, o := range r.Objects {
		elsewhere[o.Ref] = elsewhere[o.Ref] || isElsewhere(o.Cluster)
		if o.Document != nil && isElsewhere(o.Cluster) {
			elsewhere[o.Document.Ref] = true // its name in the file, before kustomize changed it
		}
	}
	inside.Objects = slices.DeleteFunc(slices.Clone(r.Objects), func(o manifest.Object) bool { return isElsewhere(o.Cluster) })
	inside.Kustomizations = slices.DeleteFunc(slices.Clone(r.Kustomizations), func(k manifest.Kustomization) bool { return isElsewhere(k.Cluster) })
	for _, o := range inside.Objects {
		delete(elsewhere, o.Ref)
	}
	for _, d := range r.Unapplied {
		delete(elsewhere, d.Ref)
	}
	inside.Declared = slices.DeleteFunc(slices.Clone(r.Declared), func(ref facts.Ref) bool { return elsewhere[ref] })
	return &inside
}
