package tree

import (
	"path"
	"path/filepath"
	"regexp"
	"slices"
)

// submodulePath is the entry of .gitmodules that git-submodule(1) writes. A value in quotes is not read.
var submodulePath = regexp.MustCompile(`(?m)^[ \t]*path[ \t]*=[ \t]*([^"\r\n]+?)[ \t]*\r?$`)

// submodules returns the paths in a .gitmodules file.
func submodules(text []byte) []string {
	var folders []string
	for _, m := range submodulePath.FindAllSubmatch(text, -1) {
		if folder := path.Clean(string(m[1])); folder != "." && filepath.IsLocal(folder) {
			folders = append(folders, folder)
		}
	}
	return folders
}

// IsOutside reports whether a file or folder comes from another repository.
func (t *Tree) IsOutside(name string) bool {
	_, isFile := t.Files[name]
	return !isFile && !t.HasFolder(name) && slices.ContainsFunc(t.Outside, func(folder string) bool { return name == folder || Below(name, folder) })
}
