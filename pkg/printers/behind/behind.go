// Package behind writes the sentences on what is older than the wanted revision: what is wanted, what runs, and what has to happen.
package behind

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// First is the topmost of the rungs that is behind.
func First(rungs []trace.Rung) (trace.Rung, bool) {
	if i := slices.IndexFunc(rungs, func(r trace.Rung) bool { return r.Current == trace.Behind }); i >= 0 {
		return rungs[i], true
	}
	return trace.Rung{}, false
}

// Topmost is the sentence on the topmost rung of a trace that is behind; "" if none is.
func Topmost(t *trace.Trace) string {
	if r, found := First(t.Rungs); found {
		return wantedBut(t, r, style.Place(r.ID, ""))
	}
	for _, e := range t.Environments {
		if r, found := First(e.Rungs); found {
			return wantedBut(t, r, style.Place(r.ID, e.Name))
		}
	}
	return ""
}

// Sentences say behind what the rows are that are marked as behind: pods with the right image may be of an earlier commit.
func Sentences(t *trace.Trace) []string {
	if r, found := First(t.Rungs); found {
		if isApplied(t, r) {
			return []string{fmt.Sprintf("%s has applied the wanted revision %s, and waits until it is healthy.", style.Place(r.ID, ""), style.Revision(t.Wanted.Revision, true))}
		}
		when := whenShared(t.Rungs, r)
		if when == applying && t.Failing != nil {
			when = "It is being applied, and may fix this: before you change anything, wait a minute and trace again."
		}
		return []string{strings.TrimSpace(shared(t, r) + " " + when)}
	}
	var all []string
	for _, id := range trace.Rungs() {
		var older []trace.Environment
		for _, e := range t.Environments {
			if r, found := First(e.Rungs); found && r.ID == id && hasOldPods(e) {
				older = append(older, e)
			}
		}
		if len(older) > 0 && id != trace.RungPod { // the row says which pods run
			all = append(all, strings.TrimSpace(inEnvironments(older, id)+" "+whenReplaced(older)))
		}
	}
	return all
}

// isApplied reports whether all objects of the wanted revision are applied: kustomize-controller runs its health checks after that
// (kustomize-controller v1.9.3 internal/controller/kustomization_controller.go, checkHealth).
func isApplied(t *trace.Trace, r trace.Rung) bool {
	return r.ID == trace.RungDelivery && t.Wanted.Revision != "" && strings.Contains(r.Summary, "Running health checks for revision "+t.Wanted.Revision+" ")
}

func shared(t *trace.Trace, r trace.Rung) string {
	if r.ID != trace.RungProject {
		sentence := wantedBut(t, r, style.Place(r.ID, ""))
		podFails := t.Failing != nil && t.Failing.Rung == trace.RungPod // its finding has the image
		if !podFails && slices.ContainsFunc(t.Environments, hasOldPods) {
			sentence = strings.TrimSuffix(sentence, ".") + ", so the pods may be older too."
		}
		return sentence
	}
	if part, found := olderPart(t.Rungs); found {
		return fmt.Sprintf("%s, which the project needs, has %s, and its source has a newer revision.", style.ObjectName(part.Object), style.Revision(part.Revision, true))
	}
	return "the newest revision of the project is not applied yet."
}

// wantedBut is the wanted revision and the one that who has; either may not be known.
func wantedBut(t *trace.Trace, r trace.Rung, who string) string {
	has, wanted := style.Revision(r.Revision, true), style.Revision(t.Wanted.Revision, true)
	switch {
	case wanted == "":
		return who + " is behind."
	case has == "" || has == wanted: // one of several objects does not have it
		return fmt.Sprintf("the wanted revision is %s, but %s does not have it yet.", wanted, who)
	}
	return fmt.Sprintf("the wanted revision is %s, but %s has %s.", wanted, who, has)
}

// olderPart is the object on the way to the project that has an older revision.
func olderPart(rungs []trace.Rung) (trace.Part, bool) {
	for _, r := range rungs {
		for _, part := range r.Parts {
			if r.ID == trace.RungDelivery && part.Current == trace.Behind && part.Revision != "" {
				return part, true
			}
		}
	}
	return trace.Part{}, false
}

const applying = "It is being applied."

// whenShared is what has to happen so that the wanted revision is deployed.
func whenShared(rungs []trace.Rung, r trace.Rung) string {
	state := r.State
	if part, found := olderPart(rungs); found && r.ID == trace.RungProject {
		state = part.State
	} else if r.ID != trace.RungProject && slices.ContainsFunc(rungs, func(r trace.Rung) bool { return r.State == trace.Failed }) {
		state = trace.Failed
	}
	switch state {
	case trace.Failed:
		if r.ID == trace.RungProject {
			return "That revision is applied after the fix."
		}
		return "The wanted revision is deployed after the fix."
	case trace.Progressing:
		if r.ID == trace.RungSource {
			return "It is deployed after the source has fetched it."
		}
		return applying
	case trace.OK:
		return "The next reconciliation applies it."
	case trace.Unknown, trace.Blocked, trace.Suspended:
	}
	return ""
}

func hasOldPods(e trace.Environment) bool {
	return slices.ContainsFunc(e.Rungs, func(r trace.Rung) bool { return r.ID == trace.RungPod && r.Current == trace.Behind })
}

// inEnvironments is what is wanted and what runs in environments that are behind from the same rung on.
func inEnvironments(older []trace.Environment, id trace.RungID) string {
	runs := "what was applied before"
	if id == trace.RungResource {
		runs = "an earlier revision"
	}
	var names []string
	for _, e := range older {
		names = append(names, escape.Line(e.Name))
	}
	if wanted := releaseOf(older[0]); wanted != "" && len(older) == 1 {
		return fmt.Sprintf("release %s is wanted in %s, but its pods run %s.", wanted, names[0], runs)
	}
	return fmt.Sprintf("the pods in %s run %s.", strings.Join(names, ", "), runs)
}

// releaseOf is the name of the release that an environment should run.
func releaseOf(e trace.Environment) string {
	for _, r := range e.Rungs {
		if r.ID == trace.RungRelease && r.Object.Kind == "ComponentRelease" {
			return escape.Line(r.Object.Name)
		}
	}
	return ""
}

// whenReplaced is what has to happen so that these pods are replaced.
func whenReplaced(older []trace.Environment) string {
	all := func(verdict trace.Verdict) bool {
		return !slices.ContainsFunc(older, func(e trace.Environment) bool { return e.Verdict != verdict })
	}
	switch {
	case all(trace.VerdictFailed):
		return "They are replaced after the fix."
	case all(trace.VerdictProgressing):
		return "They are replaced when the new pods are ready."
	}
	return ""
}
