package binding

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessRendered does not ask the binding: only the RenderedRelease's own condition, held against its own
// generation, reports whether the plane has what was rendered (openchoreo v1.2.3 renderedrelease/controller.go).
func AssessRendered(p *view.Environment) *result.Result {
	o := p.Rendered
	j := result.New(trace.RungRendered, o.Ref)
	if o.Outcome != facts.Found {
		return noRendered(p, j)
	}
	j.Current = renderedCurrency(p)
	observability(p, j)
	applied := kinds.ConditionOf(o.Body, kinds.ConditionResourcesApplied)
	j.Since = view.LastTransition(applied)
	switch {
	case view.Deleting(o.Body):
		return renderedTerminating(p, j, o)
	case !applied.Present() || !applied.Current(o.Body):
		return notApplied(p, j, o, applied)
	case applied.False():
		return applyFailed(p, j, applied)
	case !everyResourceReported(o):
		return notListed(p, j, o, applied)
	}
	if j.Current == trace.Behind {
		return j.OK("%s applied, from an earlier rendering", result.Count(int64(len(kinds.Items(o.Body, "spec", "resources"))), "object"))
	}
	j.Revision = p.ReleaseName()
	return j.OK("%s applied", result.Count(int64(len(kinds.Items(o.Body, "spec", "resources"))), "object"))
}

// renderedCurrency: only a binding that is in sync for its own generation has rendered the release that it pins.
func renderedCurrency(p *view.Environment) trace.Currency {
	if c := kinds.ConditionOf(p.Binding.Body, kinds.ConditionReleaseSynced); c.True() && c.Current(p.Binding.Body) {
		return trace.Current
	}
	return trace.Behind
}

func noRendered(p *view.Environment, j *result.Result) *result.Result {
	j.Object = p.Ref("RenderedRelease", p.ComponentName+"-"+p.Name)
	l := p.Listed(facts.Control, kinds.OpenChoreo, "RenderedRelease", p.Namespace)
	if p.Binding.Outcome != facts.Found {
		j.Cause = result.NotChecked()
		j.Summary = p.WithoutBinding("none")
		return j
	}
	if kinds.Text(p.Binding.Body, "spec", "state") == "Undeploy" {
		j.Cause = result.NotChecked()
		j.Summary = "none"
		return j
	}
	if j.NoAnswer(j.Object, l.Outcome, l.Reason) {
		return j
	}
	j.Cause = result.NotFound()
	synced := kinds.ConditionOf(p.Binding.Body, kinds.ConditionReleaseSynced)
	if p.Within(p.LastDelivery(p.Binding), view.ObserveTimeout) {
		return j.Wait(view.LastTransition(synced), "not rendered yet")
	}
	j.Summary = "none"
	return j.Fail(trace.Finding{
		Code: trace.CodeRenderedReleaseNotFound, Since: view.LastTransition(synced),
		Message: fmt.Sprintf("%s owns no RenderedRelease", p.Binding.Ref), Evidence: view.ConditionEvidence(synced),
	})
}

// renderedTerminating: the binding reports only that it is finalizing; this object shows why it does not end. One that is bound again
// before the old one has ended is made anew when it has.
func renderedTerminating(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if c := kinds.ConditionOf(o.Body, kinds.ConditionFinalizing); c.Reason == kinds.ReasonCleanupFailed {
		j.Summary = "cannot be deleted from the data plane"
		return j.Fail(trace.Finding{
			Code: trace.CodeCleanupFailed, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c),
			Hint: cmp.Or(delivery.Refusal(c.Message, delivery.By{}), "OpenChoreo cannot delete the objects that it applied, so the RenderedRelease stays"),
		})
	}
	if p.IsTerminating(j, o) {
		return j
	}
	return j.Fail(p.TerminatingFinding(o))
}

// observability: the ReleaseBinding does not look at its second RenderedRelease at all (openchoreo v1.2.3
// releasebinding/controller.go:729).
func observability(p *view.Environment, j *result.Result) {
	for _, o := range p.Owned("observabilityplane") {
		if c := kinds.ConditionOf(o.Body, kinds.ConditionResourcesApplied); c.False() {
			j.Note(trace.Warning, trace.Finding{
				Code: trace.CodeObservabilityReleaseFailed, Object: o.Ref, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c),
				Hint: "the component runs, but its alerts and logs are not configured; the ReleaseBinding does not report this",
			})
		}
	}
}

// notApplied is the lie that matters most: with the agent away, every condition above is True for the new generation
// while the old image runs (seen in the lab).
func notApplied(p *view.Environment, j *result.Result, o facts.Object, c kinds.Condition) *result.Result {
	j.Current = trace.Behind
	changed := p.LastChange(o)
	message := fmt.Sprintf("generation %d is rendered, but the data plane has generation %d", o.Body.GetGeneration(), c.ObservedGeneration)
	if !c.Present() {
		message = "rendered, but never applied to the data plane"
	}
	if p.Within(changed, view.ApplyTimeout) {
		j.ReplacesBelow = true
		return j.Wait(changed, "%s", message)
	}
	j.Summary = message
	hint := "the agent, the cluster-gateway or the controller may be down"
	if c.Present() && isRunning(p) {
		hint = "the previous release still runs, even if the ReleaseBinding is Ready; " + hint
	}
	if agentAway(p) {
		j.Cause = result.CausedBy(trace.RungEnvironment)
	}
	return j.Fail(p.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeGenerationNotApplied, Message: message, Since: changed, Evidence: view.ConditionEvidence(c),
		Hint: hint,
	}))
}

func agentAway(p *view.Environment) bool {
	plane := p.DataPlane()
	return plane.Outcome == facts.Found && !kinds.Bool(plane.Body, "status", "agentConnection", "connected")
}

// everyResourceReported: a report that lacks an object that was applied is one that was never finished.
func everyResourceReported(o facts.Object) bool {
	reported := kinds.Items(o.Body, "status", "resources")
	for _, item := range kinds.Items(o.Body, "spec", "resources") {
		if !slices.ContainsFunc(reported, func(r map[string]any) bool { return kinds.String(r, "id") == kinds.String(item, "id") }) {
			return false
		}
	}
	return true
}

// notListed: the condition keeps its time while each generation is applied.
func notListed(p *view.Environment, j *result.Result, o facts.Object, c kinds.Condition) *result.Result {
	if applied := view.Latest(view.LastTransition(c), p.LastChange(o)); p.Within(applied, view.ListTimeout) {
		return j.Wait(applied, "applied; OpenChoreo has not checked the objects yet")
	}
	j.Summary = "applied, but OpenChoreo cannot list the objects on the data plane"
	return j.Fail(trace.Finding{
		Code: trace.CodeAppliedButNotListed, Message: "ResourcesApplied is True, but status.resources does not list all applied objects", Since: view.LastTransition(c),
		Hint: "OpenChoreo reports no object if it cannot list one kind: check that the CustomResourceDefinitions of the Gateway API are installed on the data plane, and that the agent may list them",
	})
}
