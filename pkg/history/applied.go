package history

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// applied is when the commit reached the control plane. Objects that the commit has added say it best: their creation cannot be
// overwritten. Then the binding itself, as long as nothing has changed it since, and then the history of what applies it.
func (w walk) applied() Step {
	if w.pin.commit == nil {
		return w.appliedWithoutCommit()
	}
	var objects []facts.Object
	if w.added != nil && w.added.ID == w.pin.commit.ID {
		objects = append(objects, w.Object(w.Ref("ComponentRelease", w.pin.release)))
	}
	if w.pin.added {
		objects = append(objects, w.env.Binding)
	}
	for _, o := range objects {
		if at := view.CreatedAt(o); w.follows(at) {
			return known(StepApplied, at, "metadata.creationTimestamp of "+o.Ref.String())
		}
	}
	if at := w.specUpdated(); w.pin.current && w.isLastChange() && w.follows(at) {
		return known(StepApplied, at, "status.lastSpecUpdateTime of "+w.env.Binding.Ref.String())
	}
	missing := len(w.appliers()) > 0
	for _, applier := range w.appliers() {
		signs := w.signsOf(applier, "ReconciliationSucceeded", "Progressing")
		if first, ok := w.firstWith(signs); ok {
			return known(StepApplied, first.at, first.source)
		}
		missing = missing && w.lacks(signs)
	}
	if w.row.State == NotApplied && missing {
		return waiting(StepApplied, "no revision that was applied contains the commit")
	}
	return unknown(StepApplied, w.forgotten())
}

// appliedWithoutCommit is when the binding last changed, for the release that it pins.
func (w walk) appliedWithoutCommit() Step {
	if at := w.specUpdated(); w.pin.current && !at.IsZero() {
		return known(StepApplied, at, "status.lastSpecUpdateTime of "+w.env.Binding.Ref.String())
	}
	return unknown(StepApplied, w.noCommit())
}

// forgotten is why it is not known when something was applied.
func (w walk) forgotten() string {
	if w.past.Reason != "" {
		return "the cluster keeps too little to tell, and " + w.past.Reason
	}
	return "the cluster has forgotten it: a Kustomization keeps its last five results, and events are kept for one hour"
}

// follows reports whether a time can be that of the commit: what existed before comes from another one, or the clocks differ.
func (w walk) follows(at time.Time) bool { return !at.IsZero() && !at.Before(w.pin.commit.Time) }

// specUpdated is when OpenChoreo has seen the newest change of the binding's spec (openchoreo v1.2.3
// internal/controller/releasebinding/controller.go:143).
func (w walk) specUpdated() time.Time {
	observed, ok := kinds.Number(w.env.Binding.Body, "status", "observedGeneration")
	if !ok || observed != w.env.Binding.Body.GetGeneration() {
		return time.Time{}
	}
	return kinds.Time(w.env.Binding.Body, "status", "lastSpecUpdateTime")
}

// isLastChange reports whether no later commit has changed the binding.
func (w walk) isLastChange() bool {
	for _, c := range w.past.Commits {
		if slices.ContainsFunc(c.Changes, func(change facts.ObjectChange) bool {
			return change.Object.Kind == "ReleaseBinding" && change.Environment == w.env.Name
		}) {
			return c.ID == w.pin.commit.ID
		}
	}
	return false
}

// fetched is when the source had the commit. It has only its newest artifact, and events.
func (w walk) fetched(applied Step) Step {
	if w.pin.commit == nil {
		return unknown(StepFetched, w.noCommit())
	}
	missing, hasSource := true, false
	for _, applier := range w.appliers() {
		for _, ref := range engines.All().Sources(applier) {
			hasSource = true
			signs := w.signsOf(w.Object(ref), "NewArtifact")
			first, ok := w.firstWith(signs)
			switch {
			case ok && applied.State == StepKnown && first.at.After(applied.At):
				return unknown(StepFetched, fmt.Sprintf("%s has stored its artifact again since", ref))
			case ok:
				return known(StepFetched, first.at, first.source)
			}
			missing = missing && w.lacks(signs)
		}
	}
	switch {
	case hasSource && missing && applied.State != StepKnown:
		return waiting(StepFetched, "the source has an older revision")
	case !hasSource:
		return unknown(StepFetched, "no source is known that records when it fetches")
	}
	return unknown(StepFetched, "the source has a newer revision since, and events are kept for one hour")
}

// rendered is when OpenChoreo last changed the RenderedRelease, if that can have been for this release.
func (w walk) rendered(applied Step) Step {
	switch {
	case w.row.State == NotApplied:
		return waiting(StepRendered, "the commit is not applied")
	case !w.pin.current:
		return unknown(StepRendered, "OpenChoreo keeps only the newest RenderedRelease of an environment")
	}
	binding, rendered := w.env.Binding.Body, w.env.Rendered
	if synced := kinds.ConditionOf(binding, kinds.ConditionReleaseSynced); !synced.True() || !synced.Current(binding) {
		return waiting(StepRendered, "the condition ReleaseSynced of the ReleaseBinding is not True")
	}
	_, changed := facts.SpecSetBy(rendered.Body)
	source := "metadata.managedFields of " + rendered.Ref.String()
	if changed.IsZero() {
		changed, source = view.CreatedAt(rendered), "metadata.creationTimestamp of "+rendered.Ref.String()
	}
	if applied.State == StepKnown && !changed.IsZero() && !changed.Before(applied.At) {
		return known(StepRendered, changed, source)
	}
	if applied.State != StepKnown {
		return unknown(StepRendered, "when the RenderedRelease last changed says nothing while it is unknown when the commit was applied")
	}
	return unknown(StepRendered, "nothing records when the RenderedRelease was changed for this release")
}
