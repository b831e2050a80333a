// Package versions finds the release of OpenChoreo that each cluster of a repository runs.
package versions

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// chart is the Helm chart of OpenChoreo's control plane. It installs the definitions (openchoreo v1.2.3
// install/helm/openchoreo-control-plane/crds).
const chart = "openchoreo-control-plane"

// Versions are the releases of OpenChoreo by cluster.
type Versions struct {
	flag      string            // for all clusters; "" if it was not set
	byCluster map[string]string // by charts
	newest    string            // of byCluster; "" if no chart is declared
	assumed   string            // for the clusters of a repository that states no version
}

// New returns the releases that a repository states. If flag is set, it counts for all clusters.
func New(r *manifest.Repository, flag string) Versions {
	v := Versions{flag: flag, byCluster: map[string]string{}, assumed: schemas.Newest}
	for i := range r.Objects {
		v.add(r.Objects[i].Cluster, stated(&r.Objects[i]))
	}
	if v.newest == "" { // the objects of a platform may be applied by hand
		for i := range r.Unapplied {
			v.add("", stated(&manifest.Object{Ref: r.Unapplied[i].Ref, Body: r.Unapplied[i].Body}))
		}
	}
	return v
}

func (v *Versions) add(cluster string, constraints []string) {
	for _, c := range constraints {
		release := releaseOf(c)
		if release == "" {
			continue
		}
		if known := v.byCluster[cluster]; known == "" || olderVersion(known, release) {
			v.byCluster[cluster] = release
		}
		if v.newest == "" || olderVersion(v.newest, release) {
			v.newest = release
		}
	}
}

// Of returns the release of a cluster, which may be one whose definitions are not known.
func (v *Versions) Of(cluster string) string {
	switch {
	case v.flag != "":
		return v.flag
	case v.byCluster[cluster] != "":
		return v.byCluster[cluster]
	case v.newest != "":
		return v.newest
	}
	return v.assumed
}

// Assume sets the release of a repository that states no version.
func (v *Versions) Assume(release string) { v.assumed = release }

// IsStated reports whether the release comes from the user or from a chart.
func (v *Versions) IsStated() bool { return v.flag != "" || v.newest != "" }

// Judging returns the release by whose definitions the objects of a cluster are checked: the newest known one for later releases, "" for
// earlier ones than all known.
func (v *Versions) Judging(cluster string) string {
	release := v.Of(cluster)
	switch known := schemas.Releases(); {
	case slices.Contains(known, release):
		return release
	case olderVersion(schemas.Newest, release):
		return schemas.Newest
	}
	return ""
}

// IsLater reports whether a cluster runs a later release than all known ones.
func (v *Versions) IsLater(cluster string) bool { return olderVersion(schemas.Newest, v.Of(cluster)) }

// Used returns all releases by which objects are checked.
func (v *Versions) Used() []string {
	used := map[string]bool{}
	for cluster := range v.byCluster {
		used[v.Judging(cluster)] = true
	}
	if len(used) == 0 {
		used[v.Judging("")] = true
	}
	delete(used, "")
	return slices.Sorted(maps.Keys(used))
}

// stated returns the versions of OpenChoreo's chart that an object installs, each a version or a range of versions.
func stated(o *manifest.Object) []string {
	var found []string
	for _, c := range engine.ChartsOf(engines.All(), facts.Object{Ref: o.Ref, Body: o.Body}) {
		if version := strings.TrimSpace(c.Version); path.Base(c.Name) == chart && version != "" {
			found = append(found, version)
		}
	}
	return found
}
