package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// tracked is one source, and how far it is from what uses it: 0 for the source of an applier itself.
type tracked struct {
	ref   facts.Ref
	depth int
}

// findSources returns the sources of the appliers that deliver the component, each before what it takes its content from.
func (v *view) findSources() []tracked {
	var found []tracked
	var visit func(o facts.Object, depth int)
	visit = func(o facts.Object, depth int) {
		for _, ref := range control(kinds.Sources(o.Body)) {
			if !slices.ContainsFunc(found, func(t tracked) bool { return t.ref == ref }) {
				found = append(found, tracked{ref, depth})
				visit(v.Object(ref), depth+1)
			}
		}
	}
	for _, d := range v.way.ours {
		visit(d.object, 0)
	}
	return found
}

// sourceOf is the source of an applier; the zero Ref when it names none.
func sourceOf(o facts.Object) facts.Ref {
	for _, ref := range control(kinds.Sources(o.Body)) {
		return ref
	}
	return facts.Ref{}
}

func artifactRevision(source facts.Object) string {
	return kinds.Text(source.Body, "status", "artifact", "revision")
}

// gitRevision is the Git revision that a source holds, or the digest where nobody wrote down which one it is.
func gitRevision(source facts.Object) string {
	metadata := nested(source, "status", "artifact", "metadata")
	return kinds.GitRevision(artifactRevision(source), kinds.String(metadata, kinds.OriginRevision))
}

// assessSource judges what others lean on first: the repository speaks before the chart that is made from it.
func assessSource(v *view) *judgement {
	found := slices.Clone(v.way.sources)
	if len(found) == 0 {
		return noSource(v)
	}
	slices.SortStableFunc(found, func(a, b tracked) int { return b.depth - a.depth })
	var judged []*judgement
	for _, t := range found {
		judged = append(judged, v.assessOneSource(v.Object(t.ref)))
	}
	return gather(RungSource, judged)
}

func noSource(v *view) *judgement {
	j := rung(RungSource, facts.Ref{})
	if j.unanswered(v.kustomizationList()) {
		return j
	}
	for _, d := range v.way.ours {
		if d.object.Ref.Kind == "Application" && d.object.Outcome == facts.Found {
			j.Object, j.Revision = d.object.Ref, comparedRevision(d.object)
			j.Current = v.carries(facts.Object{}, j.Revision)
			return j.ok("%s", orElse(argoRepository(d.object), "read by Argo CD"))
		}
	}
	switch {
	case v.byHand():
		return j.ok("none: applied by hand")
	case v.sourceless():
		return j.ok("none: %s has no source", v.speaker())
	}
	j.unasked, j.Summary = true, "not known: its applier names it"
	return j
}

// assessOneSource does not believe a Ready=True of a Kustomization further down: source-controller keeps the old
// artifact when a fetch fails, and its consumers stay Ready (source-controller v1.9.3 gitrepository_controller.go).
func (v *view) assessOneSource(o facts.Object) *judgement {
	j := rung(RungSource, o.Ref)
	if o.Outcome == facts.Absent {
		j.absent = true
		j.Summary = fmt.Sprintf("%s is not there", o.Ref)
		return j.fail(Finding{
			Code: CodeSourceAbsent, Message: fmt.Sprintf("%s does not exist", o.Ref),
			Hint: "a Kustomization names it in spec.sourceRef",
		})
	}
	if j.unread(o) {
		return j
	}
	if kinds.Text(o.Body, "spec", "type") == "oci" && o.Ref.Kind == "HelmRepository" {
		return j.ok("%s, an OCI registry, which is read when a chart is", o.Ref)
	}
	j.Revision = gitRevision(o)
	j.Current = v.carries(v.madeOf(o, j.Revision), j.Revision)
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	j.Since = since(ready)
	switch {
	case deleting(o.Body):
		return j.fail(terminating(o))
	case kinds.Paused(o.Body):
		return v.suspendedSource(j)
	case fetchFailure(o).Present():
		return v.sourceFailed(j, o, fetchFailure(o))
	case ready.Present() && !ready.Current(o.Body):
		v.notObserved(j, o, ready)
		return j
	case !ready.True():
		return v.sourceNotReady(j, o, ready)
	case j.Current == Behind:
		return v.sourceBehind(j, o)
	}
	return j.ok("%s", o.Ref)
}

// fetchFailure is the condition that says why there is no newer artifact, as far as it is of this generation: a failure of
// the URL before says nothing of this one. FetchFailed and Stalled are only there when true; a failed signature check turns
// Ready to False as well.
func fetchFailure(o facts.Object) kinds.Condition {
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	for _, name := range []string{"FetchFailed", "StorageOperationFailed", "IncludeUnavailable", "BuildFailed", meta.StalledCondition} {
		if c := kinds.ConditionOf(o.Body, name); c.True() && c.Current(o.Body) {
			return c
		}
	}
	if c := kinds.ConditionOf(o.Body, "SourceVerified"); c.False() && c.Current(o.Body) {
		return c
	}
	// A run that was cut short leaves the message of the step which it had come to (seen in the lab, when the API server
	// restarted), and is begun again.
	if ready.False() && ready.Current(o.Body) && ready.Message != kinds.ConditionOf(o.Body, "ArtifactOutdated").Message {
		return ready
	}
	return kinds.Condition{}
}

func (v *view) sourceFailed(j *judgement, o facts.Object, c kinds.Condition) *judgement {
	j.Summary = fmt.Sprintf("%s: %s", j.Object, c.Reason)
	still := "everything below still has the last revision that could be fetched"
	switch {
	case j.Object.Kind == "ArtifactGenerator":
		still = "everything below still has what it made last, if anything"
	case j.Revision == "":
		still = "nothing was ever fetched"
	}
	code, hint := sourceFault(j.Object.Kind, c)
	if stalled(o, c).Present() && code == CodeSourceFetchFailed {
		code = CodeSourceStalled
	}
	return j.fail(Finding{
		Code: code, Message: c.Message, Hint: strings.TrimPrefix(hint+"; "+still, "; "), Since: since(c), Evidence: quote(c),
		Next: commands(kubectl(j.Object.Namespace, "describe %s %s", lower(j.Object.Kind), j.Object.Name), v.reconcile()),
	})
}

func (v *view) suspendedSource(j *judgement) *judgement {
	j.Summary = fmt.Sprintf("%s is suspended", j.Object)
	if j.Current == Current && v.Wanted.Commit != "" {
		j.State = Suspended
		return j
	}
	if v.wanted().From == facts.FromSource || (j.Current == CurrencyUnknown && j.Revision != "") {
		j.State = Suspended // what it last fetched is all that is asked for, or is of another repository
		return j.note(Warning, Finding{Code: CodeSourceSuspended, Message: "it is suspended: newer commits are not fetched"})
	}
	return j.fail(Finding{
		Code: CodeSourceSuspended, Message: "it is suspended: the wanted revision is not fetched",
		Next: commands(resumeFlux(j.Object)),
	})
}

func (v *view) sourceNotReady(j *judgement, o facts.Object, ready kinds.Condition) *judgement {
	began := since(ready)
	if !ready.Present() {
		began = createdAt(o)
	}
	if v.within(began, runClock) {
		return j.wait(began, "%s is fetching", o.Ref)
	}
	j.Summary = fmt.Sprintf("%s is not ready", o.Ref)
	return j.fail(v.orControllerDown(o.Ref, Finding{
		Code: CodeSourceNotReady, Message: orElse(ready.Message, "it was never fetched"), Since: since(ready), Evidence: quote(ready),
		Hint: "its controller has not finished a fetch for a long time: is it running?",
	}))
}

// sourceBehind waits for ever: sources carry no time of their last look, and the commit may not be pushed.
func (v *view) sourceBehind(j *judgement, o facts.Object) *judgement {
	j.wait(kinds.Time(o.Body, "status", "artifact", "lastUpdateTime"), "%s has not fetched the wanted revision", o.Ref)
	hint := "is the commit pushed to the branch that the source follows?"
	if _, known := v.Wanted.Includes(kinds.Commit(j.Revision)); !known {
		hint = "no clone here knows both commits, so only that very commit counts: stand in one with the whole history, or give --repo"
	}
	return j.note(Info, Finding{
		Code:    CodeSourceNotFetched,
		Message: fmt.Sprintf("%s has %s; it looks every %s", o.Ref, orNone(j.Revision), orElse(kinds.Text(o.Body, "spec", "interval"), "interval")),
		Hint:    hint,
		Next:    commands(v.reconcile()),
	})
}

// reconcile is the command that makes Flux, and then OpenChoreo, look at once.
func (v *view) reconcile() string {
	return Command("kubectl choreo reconcile %s -n %s --wait", v.component, v.ns)
}

// runsAgain: one more run of that applier heals it.
func (v *view) runsAgain(f *Finding, applier facts.Ref) {
	f.Wake, f.Next = applier, commands(v.reconcile())
}

func resumeFlux(ref facts.Ref) string {
	return kubectl(ref.Namespace, `patch %s/%s --type merge -p {"spec":{"suspend":false}}`, lower(ref.Kind), ref.Name)
}
