package checkout

import (
	"path"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// isUnlisted reports whether the folder of d's file has a kustomization.yaml, and no kustomization.yaml lists the file. Nobody
// applies it then: it is commented out, or a patch.
func (w *world) isUnlisted(d *delivery) bool {
	file := d.file()
	return file != "" && !w.files.Listed()[file] && (w.tree.KustomizationFile(path.Dir(file)) != "" || w.isLeftOut(d))
}

// isLeftOut reports whether a kustomization.yaml lists files of Kustomizations one by one, such as web/ks.yaml, and not that of d beside
// them: somebody has commented it out.
func (w *world) isLeftOut(d *delivery) bool {
	if w.rosters == nil {
		w.rosters = w.findRosters()
	}
	return !d.holdsItself() && slices.ContainsFunc(w.rosters, func(r roster) bool {
		return path.Base(d.file()) == r.base && strings.HasPrefix(d.file(), r.folder)
	})
}

// roster is a kustomization.yaml that lists the files of Kustomizations, which have the same name in several folders.
type roster struct {
	folder string // the common folder, with a slash
	base   string // the name of the files
}

func (w *world) findRosters() []roster {
	delivers := map[string]bool{}
	for _, d := range w.declared {
		delivers[d.file()] = true
	}
	found := []roster{}
	for _, name := range w.tree.Names {
		if !tree.IsKustomizationFile(name) {
			continue
		}
		k, err := w.files.Kustomization(name)
		if err != nil {
			continue // kustomize reports it
		}
		byBase := map[string][]string{}
		for _, entry := range k.Resources {
			if file := path.Join(path.Dir(name), entry); delivers[file] {
				byBase[path.Base(file)] = append(byBase[path.Base(file)], file)
			}
		}
		for _, base := range tree.Sorted(byBase) {
			if folder := commonParent(byBase[base]); folder != "" {
				found = append(found, roster{folder, base})
			}
		}
	}
	return found
}

// commonParent returns the folder below which several folders have the files; "" for one folder, and for the root.
func commonParent(names []string) string {
	common := names[0]
	for _, name := range names[1:] {
		common = tree.CommonFolder(common, name)
	}
	if len(names) < 2 || common == path.Dir(names[0])+"/" {
		return ""
	}
	return common
}

// holdsItself reports whether d applies its own file, as the Kustomization of `flux bootstrap` does.
func (d *delivery) holdsItself() bool { return strings.HasPrefix(d.file(), d.Folder+"/") }

// isAside reports whether nothing in the repository applies d, beside a Kustomization of `flux bootstrap` that says what is applied.
func (w *world) isAside(d appliedDelivery) bool {
	return d.parent == nil && !d.holdsItself() && slices.ContainsFunc(w.declared, (*delivery).holdsItself)
}
