package files

import (
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// ListedGroup is files with the same name in several folders, which one kustomization.yaml lists.
type ListedGroup struct {
	Folder string // the common folder, with a slash
	Base   string // the name of the files
}

// ListedGroups returns the groups among the wanted files. One listed file counts as a group with the files beside its folder, if its name is
// that of the files of another group.
func (f *Parsed) ListedGroups(wanted map[string]bool) []ListedGroup {
	found, single, names := []ListedGroup{}, []ListedGroup{}, map[string]bool{}
	for _, name := range f.Names {
		if !tree.IsKustomizationFile(name) {
			continue
		}
		k, err := f.Kustomization(name)
		if err != nil {
			continue // kustomize reports it
		}
		byBase := map[string][]string{}
		for _, entry := range k.Resources {
			if file := path.Join(path.Dir(name), entry); wanted[file] {
				byBase[path.Base(file)] = append(byBase[path.Base(file)], file)
			}
		}
		for _, base := range tree.Sorted(byBase) {
			if folder := commonParent(byBase[base]); folder != "" {
				found, names[base] = append(found, ListedGroup{folder, base}), true
			} else if folder := path.Dir(name); folder != "." && path.Dir(path.Dir(byBase[base][0])) == folder {
				single = append(single, ListedGroup{folder + "/", base})
			}
		}
	}
	for _, g := range single {
		if names[g.Base] {
			found = append(found, g)
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

// LineOfGenerator returns the line of an entry's name in one of the lists of a kustomization.yaml, such as configMapGenerator; 0 if there is
// none. Kustomize adds prefixes and suffixes to the name of the entry, so the longest name that the built name contains counts.
func (f *Parsed) LineOfGenerator(file, list, built string) int {
	var generators map[string]yaml.Node
	if yaml.Unmarshal(f.Files[file], &generators) != nil {
		return 0
	}
	var entries []struct{ Name yaml.Node }
	node := generators[list]
	if node.Decode(&entries) != nil {
		return 0
	}
	var longest yaml.Node
	for _, entry := range entries {
		if strings.Contains(built, entry.Name.Value) && len(entry.Name.Value) > len(longest.Value) {
			longest = entry.Name
		}
	}
	return longest.Line
}
