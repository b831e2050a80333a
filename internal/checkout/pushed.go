package checkout

import (
	"path"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/pushed"
)

// findRoot finds the folder from which an artifact is pushed: the one that a command in the repository names, the root, or the folder with
// the most of the paths that its deliveries apply. It returns false if this repository has none of them.
func (s *sources) findRoot(each *source) bool {
	if s.commands == nil {
		found := pushed.CommandsIn(s.loader.tree)
		s.commands = &found
	}
	if folder, found := s.commands.Folder(each.url); found {
		each.base, each.present, each.absent = folder, 0, 0
		for _, p := range each.paths {
			each.count(s.loader.tree.HasFolder(path.Join(folder, p)))
		}
		return true
	}
	folder, count, found := pushed.ByPaths(s.loader.tree, each.paths, each.present)
	if found {
		each.base, each.present, each.absent = folder, count, len(each.paths)-count
	}
	return found || each.present > 0
}

// sawPath records a path below the root of a source.
func (s *source) sawPath(p string, present bool) {
	if !slices.Contains(s.paths, p) {
		s.paths = append(s.paths, p)
	}
	s.count(present)
}

func (s *source) count(present bool) {
	if present {
		s.present++
	} else {
		s.absent++
	}
}

// isBelowRoot reports whether the paths of a source begin in a folder of this repository.
func (s *source) isBelowRoot() bool { return s.base != "" && s.base != "." }
