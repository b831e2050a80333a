package flux

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Assess does not rely on Ready=True of a Kustomization below the source: source-controller keeps the old artifact when a fetch
// fails, and its consumers stay Ready (source-controller v1.9.3 gitrepository_controller.go).
func (Sources) Assess(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	if o.Outcome == facts.Absent {
		j.Cause = result.NotFound()
		j.Summary = fmt.Sprintf("%s does not exist", o.Ref)
		return j.Fail(trace.Finding{
			Code: trace.CodeSourceNotFound, Message: fmt.Sprintf("%s does not exist", o.Ref),
			Hint: sourceHint(v, o.Ref),
		})
	}
	if kinds.Text(o.Body, "spec", "type") == "oci" && o.Ref.Kind == "HelmRepository" {
		return j.OK("%s, an OCI registry: it is read only when a chart is fetched", o.Ref)
	}
	j.Revision = v.Engines.Revision(o)
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	j.Since = view.LastTransition(ready)
	switch {
	case view.Deleting(o.Body):
		return j.Fail(v.TerminatingFinding(o))
	case v.Engines.IsPaused(o):
		return suspendedSource(v, j)
	case fetchFailure(o).Present():
		return sourceFailed(j, o, fetchFailure(o))
	case ready.Present() && !ready.Current(o.Body):
		delivery.NotObserved(v, j, o, ready)
		return j
	case !ready.True():
		return sourceNotReady(v, j, o, ready)
	case j.Current == trace.Behind:
		return sourceBehind(v, j, o)
	}
	return j.OK("%s", o.Ref)
}

func sourceHint(v *view.Component, source facts.Ref) string {
	if ref := delivery.TakesFrom(v, source); !ref.IsZero() {
		if ref.Kind == source.Kind {
			return fmt.Sprintf("%s includes it: create it, or correct spec.include in Git", ref)
		}
		field := "the reference"
		if ref.Kind == "Kustomization" {
			field = "spec.sourceRef of that Kustomization"
		}
		return fmt.Sprintf("%s uses it as its source: create it, or correct %s in Git", ref, field)
	}
	return ""
}

// Currency returns the currency of the source's commit.
func (Sources) Currency(v *view.Component, o facts.Object) trace.Currency {
	revision := v.Engines.Revision(o)
	return delivery.Carries(v, delivery.RepositoryOf(v, o, revision), revision)
}

// Assess assesses a generator like the source that it generates.
func (Generators) Assess(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	return Sources{}.Assess(v, j, o)
}

// Currency returns the currency of the generator's content.
func (Generators) Currency(v *view.Component, o facts.Object) trace.Currency {
	return Sources{}.Currency(v, o)
}

// fetchFailure is the condition that explains a missing newer artifact, if it is of the current generation. A failure of the
// previous URL does not apply to the current one. FetchFailed and Stalled exist only while true; a failed signature check also
// sets Ready to False.
func fetchFailure(o facts.Object) kinds.Condition {
	ready := kinds.ConditionOf(o.Body, meta.ReadyCondition)
	for _, name := range []string{kinds.ConditionFetchFailed, kinds.ConditionStorageOperationFailed, kinds.ConditionIncludeUnavailable, kinds.ConditionBuildFailed, meta.StalledCondition} {
		if c := kinds.ConditionOf(o.Body, name); c.True() && c.Current(o.Body) {
			return c
		}
	}
	if c := kinds.ConditionOf(o.Body, kinds.ConditionSourceVerified); c.False() && c.Current(o.Body) {
		return c
	}
	// An interrupted run leaves the message of its current step (seen in the lab, when the API server restarted). The controller
	// starts it again.
	if ready.False() && ready.Current(o.Body) && ready.Message != kinds.ConditionOf(o.Body, kinds.ConditionArtifactOutdated).Message {
		return ready
	}
	return kinds.Condition{}
}

func sourceFailed(j *result.Result, o facts.Object, c kinds.Condition) *result.Result {
	still := "newer commits are not fetched, and the last fetched revision stays deployed"
	switch {
	case j.Object.Kind == "ArtifactGenerator":
		still = "its last artifact, if any, stays deployed"
	case j.Revision == "":
		still = "the source has no artifact"
	}
	f := SourceFault(j.Object.Kind, c)
	if Stalled(o, c).Present() && f.Code == trace.CodeSourceFetchFailed {
		f.Code = trace.CodeSourceStalled
	}
	f.Message, f.Since, f.Evidence = c.Message, view.LastTransition(c), view.ConditionEvidence(c)
	f.Hint = strings.TrimPrefix(f.Hint+"; "+still, "; ")
	return j.FailWithCode(j.Object.String(), f)
}

func suspendedSource(v *view.Component, j *result.Result) *result.Result {
	j.Summary = fmt.Sprintf("%s is suspended", j.Object)
	if j.Current == trace.Current && v.Wanted.Commit != "" {
		j.State = trace.Suspended
		return j
	}
	if delivery.Wanted(v).From == facts.FromSource || (j.Current == trace.CurrencyUnknown && j.Revision != "") {
		j.State = trace.Suspended // the last fetched revision is the wanted one, or is of another repository
		return j.Note(trace.Warning, trace.Finding{Code: trace.CodeSourceSuspended, Message: fmt.Sprintf("%s is suspended: newer commits are not fetched", j.Object), Hint: "`flux suspend` does not record who suspended it, or why; the field manager of spec.suspend has the program and the time"})
	}
	return j.Fail(trace.Finding{
		Code: trace.CodeSourceSuspended, Message: fmt.Sprintf("%s is suspended: the wanted revision is not fetched", j.Object), Hint: "`flux suspend` does not record who suspended it, or why; the field manager of spec.suspend has the program and the time",
	})
}

func sourceNotReady(v *view.Component, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	began := view.LastTransition(ready)
	if !ready.Present() {
		began = view.CreatedAt(o)
	}
	if v.Within(began, view.RunTimeout) {
		return j.Wait(began, "%s is fetching", o.Ref)
	}
	j.Summary = fmt.Sprintf("%s is not ready", o.Ref)
	return j.Fail(v.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeSourceNotReady, Message: cmp.Or(ready.Message, "it was never fetched"), Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready),
		Hint: "its controller has not finished a fetch for a long time: check that it runs",
	}))
}

// sourceBehind has no time limit: sources do not record the time of their last fetch, and the commit may not be pushed.
func sourceBehind(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	j.Wait(kinds.Time(o.Body, "status", "artifact", "lastUpdateTime"), "%s has not fetched the wanted revision", o.Ref)
	interval := cmp.Or(kinds.Text(o.Body, "spec", "interval"), "interval")
	hint := fmt.Sprintf("wait, as it fetches every %s, or reconcile now; if it stays like this, check that the commit is pushed to the branch in spec.ref of the source", interval)
	if _, known := v.Wanted.Includes(kinds.Commit(j.Revision)); !known {
		hint = "no local clone has both commits, so they cannot be compared: run this in a full clone, or use --repo"
	}
	return j.Note(trace.Info, trace.Finding{
		Code:    trace.CodeRevisionNotFetched,
		Message: fmt.Sprintf("%s has %s; it fetches every %s", o.Ref, cmp.Or(j.Revision, "nothing"), interval),
		Hint:    hint,
	})
}
