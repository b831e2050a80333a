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
func (w *world) isUnlisted(d *delivery) bool {
	file := d.File()
	return file != "" && !w.files.Listed()[file] && (w.tree.KustomizationFile(path.Dir(file)) != "" || w.isLeftOut(d))
}

// isLeftOut reports whether a kustomization.yaml lists files of Kustomizations one by one, such as web/ks.yaml, and not that of d beside
// them: it is commented out.
func (w *world) isLeftOut(d *delivery) bool {
	if w.groups == nil {
		delivers := map[string]bool{}
		for _, each := range w.declared {
			delivers[each.File()] = true
		}
		w.groups = w.files.ListedGroups(delivers)
	}
	return !d.holdsItself() && slices.ContainsFunc(w.groups, func(g files.ListedGroup) bool {
		return path.Base(d.File()) == g.Base && strings.HasPrefix(d.File(), g.Folder)
	})
}

// holdsItself reports whether d applies its own file, as the Kustomization of `flux bootstrap` does.
func (d *delivery) holdsItself() bool { return strings.HasPrefix(d.File(), d.Folder+"/") }

// isGenerated reports whether d is of an object that another one generates.
func (d *delivery) isGenerated() bool { return d.Document != nil && d.Ref != d.Document.Ref }

// isBootstrap reports whether d applies its own object.
func (d *delivery) isBootstrap() bool { return d.holdsItself() || d.isInCircle }

// isUnapplied reports whether nothing in the repository applies d, beside a delivery that applies itself, and says what is applied.
func (w *world) isUnapplied(d appliedDelivery) bool {
	return d.parent == nil && !d.isBootstrap() && w.bootstrapped
}

// isArchived reports whether d was put aside, in a repository that says what is applied.
func (w *world) isArchived(d *delivery) bool {
	return w.bootstrapped && !d.isBootstrap() && tree.IsArchived(d.File())
}

// collectRoots records the Kustomizations of other sources, the ArtifactGenerators, and the sources beside other roots, that nothing in the
// repository applies.
func (w *world) collectRoots() {
	add := func(document *manifest.Document) {
		if file := document.Place.File; !w.used[file] && !w.undecided[file] {
			w.repository.Roots = append(w.repository.Roots, *document)
		}
	}
	for _, d := range w.all {
		if d.isOurs || d.Ref.Group != kinds.FluxKustomize || d.Document.Ref != d.Ref {
			continue
		}
		for _, p := range w.builder.TargetsElsewhere(d.Delivery) {
			p.Unapplied = !w.used[d.File()]
			w.repository.Problems = append(w.repository.Problems, p)
		}
		if !w.isUnlisted(d) && !w.isArchived(d) {
			add(d.Document)
		}
	}
	entries := w.entryFiles()
	for _, o := range w.sources.objects {
		isBeside := slices.ContainsFunc(entries, func(file string) bool { return path.Dir(file) == path.Dir(o.File) }) &&
			(w.files.Listed()[o.File] || w.tree.KustomizationFile(path.Dir(o.File)) == "")
		if o.Document.Ref == o.Ref && (o.Ref.Kind == "ArtifactGenerator" || isBeside) {
			add(o.Document)
		}
	}
}

// tryUnapplied finds the problems of kustomization files that nothing in the repository applies. It builds the folders that a bootstrap applies.
func (w *world) tryUnapplied() {
	entries := clusters.Bootstrapped(w.loader.roots(), w.entryFiles())
	for _, name := range w.tree.Names {
		if !tree.IsKustomizationFile(name) || w.used[name] || w.undecided[name] {
			continue
		}
		problems := w.builder.Unapplied(name)
		if slices.Contains(entries, path.Dir(name)) {
			problems = w.builder.BuildBootstrap(path.Dir(name))
		}
		for _, p := range problems {
			p.Unapplied = true
			w.repository.Problems = append(w.repository.Problems, p)
		}
	}
}

// entryFiles are those of the deliveries that a bootstrap applies.
func (w *world) entryFiles() (files []string) {
	for _, d := range w.applied {
		if d.parent == nil && d.Document != nil && !w.isUnapplied(d) {
			files = append(files, d.File())
		}
	}
	return files
}
