package checkout

import (
	"path"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/clusters"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// isUnlisted reports whether the folder of d's file has a kustomization.yaml, and no kustomization.yaml lists the file. Then it
// is not applied: it is commented out, or a patch.
func (sim *simulation) isUnlisted(d *delivery) bool {
	file := d.File()
	return file != "" && !sim.files.Listed()[file] && (sim.tree.KustomizationFile(path.Dir(file)) != "" || sim.isLeftOut(d))
}

// isLeftOut reports whether a kustomization.yaml lists files of Kustomizations one by one, such as web/ks.yaml, and not that of d beside
// them: it is commented out.
func (sim *simulation) isLeftOut(d *delivery) bool {
	if sim.groups == nil {
		delivers := map[string]bool{}
		for _, each := range sim.declared {
			delivers[each.File()] = true
		}
		sim.groups = sim.files.ListedGroups(delivers)
	}
	return !d.holdsItself() && slices.ContainsFunc(sim.groups, func(g files.ListedGroup) bool {
		return path.Base(d.File()) == g.Base && strings.HasPrefix(d.File(), g.Folder)
	})
}

// holdsItself reports whether d applies its own file, as the Kustomization of `flux bootstrap` does.
func (d *delivery) holdsItself() bool { return strings.HasPrefix(d.File(), d.Folder+"/") }

// isGenerated reports whether d is of an object that another one generates.
func (d *delivery) isGenerated() bool { return d.Document != nil && d.Ref != d.Document.Ref }

// isBootstrap reports whether d applies its own object.
func (d *delivery) isBootstrap() bool { return d.holdsItself() || d.isInCircle }

// isUnapplied reports whether nothing in the repository applies d, beside a delivery that applies itself, and declares what is applied.
func (sim *simulation) isUnapplied(d appliedDelivery) bool {
	return d.parent == nil && !d.isBootstrap() && sim.bootstrapped
}

// isArchived reports whether d was put aside, in a repository that declares what is applied.
func (sim *simulation) isArchived(d *delivery) bool {
	return sim.bootstrapped && !d.isBootstrap() && tree.IsArchived(d.File())
}

// collectRoots records the Kustomizations of other sources, the ArtifactGenerators, and the sources beside other roots, that nothing in the
// repository applies.
func (sim *simulation) collectRoots() {
	add := func(document *manifest.Document) {
		if file := document.Place.File; !sim.used[file] && !sim.undecided[file] {
			sim.repository.Roots = append(sim.repository.Roots, *document)
		}
	}
	for _, d := range sim.all {
		if d.isOurs || d.Ref.Group != kinds.FluxKustomize || d.Document.Ref != d.Ref {
			continue
		}
		for _, p := range sim.builder.TargetsElsewhere(d.Delivery) {
			p.Unapplied = !sim.used[d.File()]
			sim.repository.Problems = append(sim.repository.Problems, p)
		}
		if !sim.isUnlisted(d) && !sim.isArchived(d) {
			add(d.Document)
		}
	}
	entries := sim.entryFiles()
	for _, o := range sim.sources.objects {
		isBeside := slices.ContainsFunc(entries, func(file string) bool { return path.Dir(file) == path.Dir(o.File) }) &&
			(sim.files.Listed()[o.File] || sim.tree.KustomizationFile(path.Dir(o.File)) == "")
		if o.Document.Ref == o.Ref && (o.Ref.Kind == "ArtifactGenerator" || isBeside) {
			add(o.Document)
		}
	}
}

// tryUnapplied finds the problems of kustomization files that nothing in the repository applies. It builds the folders that a bootstrap applies.
func (sim *simulation) tryUnapplied() {
	entries := clusters.Bootstrapped(sim.files.Roots(sim.used), sim.entryFiles())
	for _, name := range sim.tree.Names {
		if !tree.IsKustomizationFile(name) || sim.used[name] || sim.undecided[name] {
			continue
		}
		problems := sim.builder.Unapplied(name)
		if slices.Contains(entries, path.Dir(name)) {
			problems = sim.builder.BuildBootstrap(path.Dir(name))
		}
		for _, p := range problems {
			p.Unapplied = true
			sim.repository.Problems = append(sim.repository.Problems, p)
		}
	}
}

// entryFiles are those of the deliveries that a bootstrap applies.
func (sim *simulation) entryFiles() (files []string) {
	for _, d := range sim.applied {
		if d.parent == nil && d.Document != nil && !sim.isUnapplied(d) {
			files = append(files, d.File())
		}
	}
	return files
}
