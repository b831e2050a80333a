package history

import (
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// walk finds the steps of one row.
type walk struct {
	builder
	env   *view.Environment
	pin   pin
	added *facts.Commit // that added the release
	row   *Row
}

func (w walk) steps() {
	w.row.Steps = []Step{w.committed(), w.merged()}
	applied := w.applied()
	w.row.Steps = append(w.row.Steps, w.fetched(applied), applied)
	rendered, running := w.rendered(applied), w.running(applied)
	if rendered.State == StepKnown && running.State == StepKnown && rendered.At.After(running.At) {
		rendered = unknown(StepRendered, "OpenChoreo has changed the RenderedRelease again since the release runs")
	}
	w.row.Steps = append(w.row.Steps, rendered, w.started(applied), running)
	var last time.Time
	for i := range w.row.Steps {
		step := &w.row.Steps[i]
		if step.State != StepKnown {
			continue
		}
		if !last.IsZero() {
			step.TookSeconds = secondsBetween(last, step.At)
		}
		last = step.At
	}
}

func known(id StepID, at time.Time, source string) Step {
	return Step{ID: id, State: StepKnown, At: at.UTC(), Source: source}
}

func unknown(id StepID, reason string) Step { return Step{ID: id, State: StepUnknown, Reason: reason} }

func waiting(id StepID, reason string) Step { return Step{ID: id, State: StepWaiting, Reason: reason} }

// noCommit is the reason of the steps of a release that no commit of the clone pins.
func (w walk) noCommit() string {
	switch {
	case w.row.SetBy != "":
		return "field manager " + w.row.SetBy + " pinned the release, not a commit"
	case w.past.Head == "":
		return "no clone was read"
	}
	return "no commit of the clone pins the release"
}

func (w walk) committed() Step {
	if w.pin.commit == nil {
		return unknown(StepCommitted, w.noCommit())
	}
	return known(StepCommitted, w.pin.commit.Time, "committer date of "+facts.Short(w.pin.commit.ID))
}

func (w walk) merged() Step {
	switch {
	case w.pin.commit == nil:
		return unknown(StepMerged, w.noCommit())
	case w.pin.commit.Merge == "":
		return Step{ID: StepMerged, State: StepNone, Reason: "the commit is on the branch itself; Git does not record when it was pushed"}
	}
	return known(StepMerged, w.pin.commit.Merged, "committer date of merge "+facts.Short(w.pin.commit.Merge))
}

// appliers are the objects that apply the binding: by its labels, else by their inventories.
func (w walk) appliers() []facts.Object {
	var found []facts.Object
	for _, ref := range engines.All().AppliedBy(w.env.Binding) {
		found = append(found, w.Object(ref))
	}
	if len(found) > 0 {
		return found
	}
	for _, q := range engines.All().Listed() {
		for _, o := range w.Of(q.Plane, q.Group, q.Kind) {
			if w.InventoryHas(o, w.env.Binding.Ref) {
				found = append(found, o)
			}
		}
	}
	return found
}

// sign is one time at which an object had, or applied, a revision.
type sign struct {
	at       time.Time
	revision string
	source   string
}

// signsOf are those of an object, the oldest first: from its status, as far as the time is certain to be of the revision, and from the
// events that a controller of Flux has recorded once.
func (w walk) signsOf(o facts.Object, reasons ...string) []sign {
	var signs []sign
	for _, a := range engine.HistoryOf(engines.All(), o) {
		if a.Failed || kinds.Commit(a.Revision) == "" {
			continue
		}
		if a.Runs <= 1 {
			signs = append(signs, sign{a.First, a.Revision, fieldOf(o)})
		} else {
			signs = append(signs, sign{a.Last, a.Revision, ""}) // no step has this time: an earlier run may have applied the same
		}
	}
	for _, event := range w.Of(o.Ref.Plane, kinds.Core, "Event") {
		revision := kinds.EventRevisionOf(event.Body)
		count, counted := kinds.Number(event.Body, "count")
		about := kinds.Text(event.Body, "involvedObject", "kind") == o.Ref.Kind && kinds.Text(event.Body, "involvedObject", "name") == o.Ref.Name &&
			kinds.Text(event.Body, "involvedObject", "namespace") == o.Ref.Namespace
		if about && kinds.Commit(revision) != "" && slices.Contains(reasons, kinds.Text(event.Body, "reason")) && (!counted || count <= 1) {
			signs = append(signs, sign{kinds.EventTime(event.Body), revision, "event " + kinds.Text(event.Body, "reason") + " of " + o.Ref.String()})
		}
	}
	slices.SortStableFunc(signs, func(a, b sign) int { return a.at.Compare(b.at) })
	return signs
}

// fieldOf is the field of the history of an object.
func fieldOf(o facts.Object) string {
	if engines.All().Properties(o.Ref).Applies {
		return "status.history of " + o.Ref.String()
	}
	return "status.artifact.lastUpdateTime of " + o.Ref.String()
}

// contains reports whether a revision contains the commit of the row.
func (w walk) contains(revision string) bool {
	commit := kinds.Commit(revision)
	return commit == w.pin.commit.ID || slices.Contains(w.pin.commit.Within, commit)
}

// isInClone reports whether the clone knows the commit of a revision: only then it is known what that commit lacks.
func (w walk) isInClone(revision string) bool {
	commit := kinds.Commit(revision)
	return slices.ContainsFunc(w.past.Commits, func(c facts.Commit) bool { return c.ID == commit || slices.Contains(c.Within, commit) })
}

// firstWith returns the time of the first sign that contains the commit. It is known only if the sign before it does not contain the
// commit, or if the sign is of the commit itself: what is older may have been forgotten.
func (w walk) firstWith(signs []sign) (sign, bool) {
	for i, one := range signs {
		if !w.contains(one.revision) {
			continue
		}
		exact := kinds.Commit(one.revision) == w.pin.commit.ID
		follows := i > 0 && w.isInClone(signs[i-1].revision)
		if one.source == "" || !exact && !follows || one.at.Before(w.pin.commit.Time) {
			return sign{}, false
		}
		return one, true
	}
	return sign{}, false
}

// lacks reports whether the newest sign is known not to contain the commit.
func (w walk) lacks(signs []sign) bool {
	if len(signs) == 0 {
		return false
	}
	newest := signs[len(signs)-1].revision
	return !w.contains(newest) && w.isInClone(newest)
}
