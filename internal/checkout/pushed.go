package checkout

import (
	"path"
	"slices"
	"strings"
)

// minPushedPaths is how many paths of a source a folder must have to count as its root. One may have its name by coincidence.
const minPushedPaths = 2

// findRoot finds the folder from which CI pushes an artifact, `--path` of `flux push artifact` (flux2 v2.7
// cmd/flux/push_artifact.go): the root, or the folder with the most of the paths that its deliveries apply.
// It returns false if this repository has none of them.
func (s *sources) findRoot(each *source) bool {
	counts := s.pathsBelow(each)
	best := ""
	for _, folder := range s.loader.tree.Folders() {
		if counts[folder] >= minPushedPaths && counts[folder] > max(counts[best], each.present) {
			best = folder
		}
	}
	if best == "" {
		return each.present > 0
	}
	each.base, each.present, each.absent = best, counts[best], len(each.paths)-counts[best]
	return true
}

// pathsBelow counts for each folder how many paths of a source it has.
func (s *sources) pathsBelow(each *source) map[string]int {
	byName := map[string][]string{}
	for _, p := range each.paths {
		byName[path.Base(p)] = append(byName[path.Base(p)], p)
	}
	counts := map[string]int{}
	for _, folder := range s.loader.tree.Folders() {
		for _, p := range byName[path.Base(folder)] {
			if base, found := strings.CutSuffix(folder, "/"+p); found {
				counts[base]++
			}
		}
	}
	return counts
}

// sawPath records a path below the root of a source.
func (s *source) sawPath(p string, present bool) {
	if !slices.Contains(s.paths, p) {
		s.paths = append(s.paths, p)
	}
	if present {
		s.present++
	} else {
		s.absent++
	}
}

// isBelowRoot reports whether the paths of a source begin in a folder of this repository.
func (s *source) isBelowRoot() bool { return s.base != "" && s.base != "." }
