package checkout

import (
	"cmp"
	"path"
	"path/filepath"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// outside returns the folders of a source whose files come from other repositories: those of spec.include, and the Git submodules if
// source-controller reads them, as Argo CD does. Nothing shows it of a source that no file declares.
func (s *source) outside(t *tree.Tree) []string {
	if s.declared != nil && !kinds.Bool(s.declared.Body, "spec", "recurseSubmodules") {
		return s.included()
	}
	return append(s.included(), t.Submodules...)
}

// included returns the folders into which source-controller copies other artifacts, by default that of their name (source-controller v1.9.3
// api/v1/gitrepository_types.go, GitRepositoryInclude).
func (s *source) included() []string {
	if s.declared == nil {
		return nil
	}
	var folders []string
	for _, include := range kinds.Items(s.declared.Body, "spec", "include") {
		repository := kinds.Fields(include, "repository")
		folder := path.Clean(cmp.Or(kinds.String(include, "toPath"), kinds.String(repository, "name")))
		if folder != "." && filepath.IsLocal(folder) {
			folders = append(folders, folder)
		}
	}
	return folders
}

// ignored reports which files source-controller leaves out of the source.
func (s *source) ignored() tree.Ignore {
	if s.ref.Kind == "Bucket" {
		return tree.Ignore{Patterns: s.ignore, IsBucket: true, Root: s.base}
	}
	return tree.Ignore{Patterns: s.ignore}
}

// maxIgnores bounds how many of them count: each is compared with each file.
const maxIgnores = 100

// ignores returns those of the sources that are this repository.
func (s *sources) ignores() map[tree.Ignore]bool {
	all := map[tree.Ignore]bool{}
	for _, each := range s.all {
		if each.isOurs && len(all) < maxIgnores {
			all[each.ignored()] = true
		}
	}
	return all
}
