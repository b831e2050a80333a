// Package component reads from a clone which commits changed the objects of a Snapshot's subject.
package component

import (
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Past reads the clone in dir, up to the wanted revision of the Snapshot.
func Past(ctx context.Context, dir string, s *facts.Snapshot) facts.Past {
	o := gitrev.HistoryOptions{Dir: dir, Subject: s.Subject, Commits: commits(s)}
	if len(s.Wanted.URLs) > 0 {
		o.Head = s.Wanted.Commit
	}
	for _, ks := range s.Of(facts.Control, kinds.FluxKustomize, "Kustomization") {
		for _, content := range engines.All().Contents(ks) {
			o.Folders = append(o.Folders, content.Path)
		}
	}
	return gitrev.History(ctx, o)
}

// commits are those that objects in the cluster have or had, and those that events name.
func commits(s *facts.Snapshot) []string {
	var all []string
	add := func(revision string) {
		if commit := kinds.Commit(revision); commit != "" {
			all = append(all, commit)
		}
	}
	for _, o := range s.Objects() {
		if _, delivers := engines.All().Of(o.Ref); delivers && o.Body != nil {
			add(engines.All().Revision(o))
			add(kinds.Text(o.Body, "status", "lastAppliedRevision"))
			for _, applied := range engine.HistoryOf(engines.All(), o) {
				add(applied.Revision)
			}
		}
		if o.Ref.Kind == "Event" {
			add(kinds.EventRevisionOf(o.Body))
		}
	}
	return all
}
