package history

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Find returns the commit of the history that a revision names: by its full or abbreviated name, or by the merge that brought it.
func Find(p facts.Past, revision string) (facts.Commit, bool) {
	if len(revision) < 7 || strings.Trim(revision, "0123456789abcdef") != "" {
		return facts.Commit{}, false
	}
	for _, c := range p.Commits {
		if strings.HasPrefix(c.ID, revision) {
			return c, true
		}
	}
	for _, c := range p.Commits {
		if strings.HasPrefix(c.Merge, revision) {
			return c, true
		}
	}
	return facts.Commit{}, false
}

// LifeOf tells what became of a commit: in each environment the row that it, or the release that it added, has.
func (h *History) LifeOf(c facts.Commit, environments []string) *Life {
	life := &Life{Commit: c, Environments: []Stage{}}
	for _, change := range c.Changes {
		if change.Object.Kind == "ComponentRelease" && change.Added {
			life.Release = change.Object.Name
		}
	}
	for _, environment := range environments {
		life.Environments = append(life.Environments, h.stageOf(c, environment))
	}
	return life
}

func (h *History) stageOf(c facts.Commit, environment string) Stage {
	stage := Stage{Environment: environment}
	for i := range h.Rows {
		row := &h.Rows[i]
		if row.Environment != environment {
			continue
		}
		if isPresent(row.State) && row.Release != "" {
			stage.Runs = row.Release
		}
		if stage.Row == nil && row.isOf(c) {
			stage.Row = row
		}
	}
	if stage.Row != nil && isPresent(stage.Row.State) {
		stage.Runs = ""
	}
	return stage
}

// isOf reports whether a commit set the release of a row, or added it.
func (r *Row) isOf(c facts.Commit) bool {
	return r.Commit != nil && r.Commit.ID == c.ID || r.ReleasedBy != nil && r.ReleasedBy.ID == c.ID
}
