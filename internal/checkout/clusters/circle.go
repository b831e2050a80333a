package clusters

import "github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"

// IsInCircle reports whether a document is applied by what it applies. Then a person applies one of them.
func IsInCircle(document *manifest.Document, parents map[*manifest.Document]map[*manifest.Document]bool) bool {
	seen := map[*manifest.Document]bool{}
	for open := []*manifest.Document{document}; len(open) > 0; open = open[1:] {
		for p := range parents[open[0]] {
			if p == document {
				return true
			}
			if !seen[p] {
				seen[p] = true
				open = append(open, p)
			}
		}
	}
	return false
}
