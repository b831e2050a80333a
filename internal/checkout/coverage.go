package checkout

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// cover records which deliveries were read.
func (sim *simulation) cover() {
	all, known := []manifest.Delivery{}, map[*manifest.Document]bool{}
	failsAll := func(p manifest.Problem) bool { return p.Kind == manifest.NotBuilt || p.Kind == manifest.NotSubstituted }
	for _, d := range sim.applied {
		of := manifest.Delivery{Ref: d.Ref, Cluster: d.cluster, State: manifest.Built}
		if d.Document != nil {
			of.Place = d.Document.Place
			known[d.Document] = true
		}
		switch {
		case d.isSuspended():
			of.State, of.Reason = manifest.Skipped, "suspended"
		case !sim.tree.HasFolder(d.Folder) || slices.ContainsFunc(slices.Concat(d.build.Problems, d.missing), failsAll):
			of.State = manifest.BuildFailed
		}
		all = append(all, of)
	}
	for _, d := range sim.all {
		if d.Document == nil || known[d.Document] {
			continue
		}
		of := manifest.Delivery{Ref: d.Ref, Place: d.Document.Place, State: manifest.NotReachable}
		if !d.isOurs {
			of.State = manifest.FromOtherSource
		}
		all = append(all, of)
	}
	sim.repository.Coverage.Deliveries = all
}
