// Package sources returns from a Snapshot what is read from a clone: the URLs of its Git sources, the commits that its objects carry, and the
// files and objects that a failed Kustomization names.
package sources

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Commits are those that objects in the cluster carry, each as often as one does.
func Commits(s *facts.Snapshot) []string {
	var commits []string
	for _, o := range s.Objects() {
		for _, path := range [][]string{{"status", "artifact", "revision"}, {"status", "lastAppliedRevision"}} {
			if commit := kinds.Commit(kinds.Text(o.Body, path...)); commit != "" {
				commits = append(commits, commit)
			}
		}
	}
	return commits
}

// DistinctCommits are the commits that objects in the cluster carry, each once.
func DistinctCommits(s *facts.Snapshot) []string {
	return slices.Compact(slices.Sorted(slices.Values(Commits(s))))
}

// URLs are those of the Git sources.
func URLs(s *facts.Snapshot) []string {
	var urls []string
	for _, o := range s.Of(facts.Control, kinds.FluxSource, "GitRepository") {
		urls = append(urls, kinds.Text(o.Body, "spec", "url"))
	}
	return urls
}
