package changes

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// commits are those that changed what fails, from shortly before the failure. If a pod fails because of its image or its environment, the
// commit that set these counts at any time.
func (b finder) commits() []trace.PriorChange {
	if len(b.Past.Commits) == 0 {
		return nil
	}
	applied := b.appliedTimes()
	var all []trace.PriorChange
	setter := b.setter()
	for i := range b.Past.Commits {
		commit := &b.Past.Commits[i]
		changes := slices.DeleteFunc(slices.Clone(commit.Changes), func(c facts.ObjectChange) bool { return !b.concerns(c) })
		if len(commit.Within) == 0 || len(changes) == 0 {
			continue // no object of the cluster has it, or it is of something else
		}
		at, source := applied[commit.ID].At, applied[commit.ID].Source
		if at.IsZero() {
			at, source = commit.Time, "the committer's time of "+commit.ID
			if !commit.Merged.IsZero() {
				at, source = commit.Merged, "the committer's time of "+commit.Merge
			}
		}
		sets := commit == setter && !at.IsZero() && !at.After(b.began)
		if b.recent(at) || sets {
			all = append(all, b.commit(commit, changes, at, source, sets))
		}
	}
	return all
}

// appliedTimes are the known times at which a commit, by its name, was applied in the environment of the failure.
func (b finder) appliedTimes() map[string]history.Step {
	times := map[string]history.Step{}
	if b.environment == nil {
		return times
	}
	for _, row := range history.Build(b.Snapshot, b.trace).Rows {
		step := row.Step(history.StepApplied)
		if row.Environment == b.environment.Name && row.Commit != nil && step.State == history.StepKnown {
			times[row.Commit.ID] = step
		}
	}
	return times
}

// concerns reports whether a change of an object can be the reason for the failure.
func (b finder) concerns(c facts.ObjectChange) bool {
	if c.Object == b.failure.Object || slices.Contains(b.failure.Path, c.Object) {
		return true
	}
	switch c.Object.Kind {
	case "ReleaseBinding":
		return b.environment != nil && c.Environment == b.environment.Name && !b.isReplaced(c)
	case "ComponentRelease":
		return b.environment != nil && c.Object.Name == b.environment.ReleaseName()
	case "Component", "Workload":
		// Without a release in Git, OpenChoreo creates it from them.
		return b.failure.Rung == trace.RungComponent || b.failure.Rung == trace.RungWorkload || b.environment != nil && !b.isReleaseInGit()
	}
	return false
}

// isReplaced reports whether a change of the binding only pinned a release that it does not pin any more.
func (b finder) isReplaced(c facts.ObjectChange) bool {
	return c.Release != "" && c.Release != b.environment.ReleaseName() &&
		!slices.ContainsFunc(c.Fields, func(f facts.FieldChange) bool { return f.Path != "spec.releaseName" })
}

// isReleaseInGit reports whether a commit has added the release that the environment pins.
func (b finder) isReleaseInGit() bool {
	return slices.ContainsFunc(b.Past.Commits, func(commit facts.Commit) bool {
		return slices.ContainsFunc(commit.Changes, func(c facts.ObjectChange) bool {
			return c.Object.Kind == "ComponentRelease" && c.Object.Name == b.environment.ReleaseName()
		})
	})
}

// setter is the commit that set the image and the environment of a pod that fails because of one of them: it added the release, or
// changed the Workload of one that OpenChoreo created.
func (b finder) setter() *facts.Commit {
	ofImageOrEnvironment := []trace.Code{
		trace.CodeImagePullBackOff, trace.CodeCrashLoopBackOff, trace.CodeOOMKilled, trace.CodeContainerConfigError, trace.CodeContainerFailed,
	}
	if b.environment == nil || !slices.Contains(ofImageOrEnvironment, b.failure.Code) {
		return nil
	}
	for i := range b.Past.Commits {
		for _, c := range b.Past.Commits[i].Changes {
			added := c.Object.Kind == "ComponentRelease" && c.Added && c.Object.Name == b.environment.ReleaseName()
			if added || c.Object.Kind == "Workload" && !c.Removed && !b.isReleaseInGit() {
				return &b.Past.Commits[i]
			}
		}
	}
	return nil
}

func (b finder) commit(commit *facts.Commit, changes []facts.ObjectChange, at time.Time, source string, sets bool) trace.PriorChange {
	slices.SortStableFunc(changes, func(x, y facts.ObjectChange) int { return b.weight(x, sets) - b.weight(y, sets) })
	first := changes[0]
	var fields []facts.FieldChange
	more := 0
	for _, c := range changes {
		fields, more = append(fields, c.Fields...), more+c.More
	}
	more += max(0, len(fields)-maxFields)
	fields = fields[:min(len(fields), maxFields)]
	who := facts.Short(commit.ID)
	if commit.Author != "" {
		who += " by " + commit.Author
	}
	return b.change(trace.PriorChange{
		Kind: trace.ChangeCommit, Object: first.Object, At: at, Source: source, Fields: fields, More: more,
		Message: fmt.Sprintf("commit %s, %s: %s", who, first.File, strings.Join(b.sentences(changes), "; ")),
		Commit:  &trace.PriorCommit{ID: commit.ID, Author: commit.Author, Subject: commit.Subject, Time: commit.Time, File: first.File},
	})
}

// weight puts what set the image first, then what pins a release.
func (b finder) weight(c facts.ObjectChange, sets bool) int {
	switch {
	case sets && (c.Object.Kind == "ComponentRelease" || c.Object.Kind == "Workload"):
		return 0
	case c.Object.Kind == "ReleaseBinding":
		return 1
	}
	return 2
}

// sentences say what a commit did to the first objects.
func (b finder) sentences(changes []facts.ObjectChange) []string {
	var all []string
	for _, c := range changes[:min(len(changes), maxShown)] {
		what := c.Object.Kind + " " + c.Object.Name
		switch {
		case c.Added && c.Image != "":
			what += " added, image " + b.image(c)
		case c.Added:
			what += " added"
		case c.Removed:
			what += " removed"
		default:
			what = c.Object.Kind + " " + words(c.Fields, c.More)
		}
		all = append(all, what)
		if c.Added && c.Image != "" {
			break // its pin goes without saying
		}
	}
	return all
}

// image is that of a release, with that of the release before.
func (b finder) image(c facts.ObjectChange) string {
	now := trace.ImageName(c.Image)
	if former := b.formerImage(c); former != "" && former != now {
		return former + " → " + now
	}
	return now
}

// formerImage is the image of the release that an earlier commit has pinned in the environment; "" if none is known.
func (b finder) formerImage(c facts.ObjectChange) string {
	former := b.formerRelease(c)
	if former == "" {
		return ""
	}
	for _, commit := range b.Past.Commits {
		for _, other := range commit.Changes {
			if other.Object.Kind == "ComponentRelease" && other.Object.Name == former {
				return trace.ImageName(other.Image)
			}
		}
	}
	return ""
}

// formerRelease is the release that the environment pinned before the one that c adds.
func (b finder) formerRelease(c facts.ObjectChange) string {
	former := ""
	if b.environment == nil {
		return former
	}
	for _, commit := range b.Past.Commits {
		for _, other := range commit.Changes {
			if other.Object.Kind != "ReleaseBinding" || other.Environment != b.environment.Name || other.Release != c.Object.Name {
				continue
			}
			if at := slices.IndexFunc(other.Fields, func(f facts.FieldChange) bool { return f.Path == "spec.releaseName" }); at >= 0 {
				former = other.Fields[at].Old
			}
		}
	}
	return former
}
