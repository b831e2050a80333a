package cmdutil

import (
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Past reads from the clone which commits changed the objects of the subject, up to the wanted revision of the Snapshot.
func (r *Reader) Past(ctx context.Context, s *facts.Snapshot) facts.Past {
	o := gitrev.HistoryOptions{Dir: r.repo, Subject: s.Subject, Commits: pastCommits(s)}
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

// pastCommits are the commits that objects in the cluster have or had, and those that events name.
func pastCommits(s *facts.Snapshot) []string {
	all := commits(s)
	for _, o := range s.Objects() {
		if _, delivers := engines.All().Of(o.Ref); delivers {
			for _, applied := range engine.HistoryOf(engines.All(), o) {
				all = append(all, kinds.Commit(applied.Revision))
			}
		}
		if o.Ref.Kind == "Event" {
			all = append(all, kinds.Commit(kinds.EventRevisionOf(o.Body)))
		}
	}
	known := all[:0]
	for _, commit := range all {
		if commit != "" {
			known = append(known, commit)
		}
	}
	return known
}

// readHistory adds what the command history reads, if that was requested.
func (r *Reader) readHistory(ctx context.Context, source facts.Source, s *facts.Snapshot) error {
	if !r.History {
		return nil
	}
	if err := collect.History(ctx, source, s); err != nil {
		return err
	}
	s.Past = r.Past(ctx, s)
	return nil
}
