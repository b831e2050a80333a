package trace

import (
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// renderedRelease is the one for the data plane that the binding owns; a second one, for observability, is not health.
func (p *place) renderedRelease() facts.Object {
	for _, o := range p.owned("dataplane") {
		return o
	}
	return facts.Object{}
}

// owned are the RenderedReleases of the binding for a plane. One that names none is for the data plane (openchoreo v1.2.3
// renderedrelease/controller.go:102).
func (p *place) owned(target string) []facts.Object {
	return slices.DeleteFunc(p.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease"), func(o facts.Object) bool {
		return o.Ref.Namespace != p.ns || orElse(kinds.Text(o.Body, "spec", "targetPlane"), "dataplane") != target ||
			!slices.ContainsFunc(o.Body.GetOwnerReferences(), func(owner metav1.OwnerReference) bool {
				return p.binding.Body != nil && owner.UID == p.binding.Body.GetUID()
			})
	})
}

// assessRendered does not ask the binding: only the RenderedRelease's own condition, held against its own
// generation, says whether the plane has what was rendered (openchoreo v1.2.3 renderedrelease/controller.go).
func assessRendered(p *place) *judgement {
	o := p.rendered
	j := rung(RungRendered, o.Ref)
	if o.Outcome != facts.Found {
		return p.noRendered(j)
	}
	j.Current = p.renderedCurrency()
	p.observability(j)
	applied := kinds.ConditionOf(o.Body, "ResourcesApplied")
	j.Since = since(applied)
	switch {
	case deleting(o.Body):
		return p.renderedTerminating(j, o)
	case !applied.Present() || !applied.Current(o.Body):
		return p.notApplied(j, o, applied)
	case applied.False():
		return p.applyFailed(j, applied)
	case !everyResourceReported(o):
		return p.notListed(j, o, applied)
	}
	if j.Current == Behind {
		return j.ok("%s applied, of an earlier release", count(int64(len(kinds.Items(o.Body, "spec", "resources"))), "object"))
	}
	j.Revision = p.releaseName()
	return j.ok("%s applied", count(int64(len(kinds.Items(o.Body, "spec", "resources"))), "object"))
}

// renderedCurrency: only a binding that is in sync for its own generation has rendered the release that it pins.
func (p *place) renderedCurrency() Currency {
	if c := kinds.ConditionOf(p.binding.Body, "ReleaseSynced"); c.True() && c.Current(p.binding.Body) {
		return Current
	}
	return Behind
}

func (p *place) noRendered(j *judgement) *judgement {
	j.Object = p.ref("RenderedRelease", p.component+"-"+p.name)
	l := p.Listed(facts.Control, kinds.OpenChoreo, "RenderedRelease", p.ns)
	if p.binding.Outcome != facts.Found || kinds.Text(p.binding.Body, "spec", "state") == "Undeploy" {
		j.unasked = true
		j.Summary = "none"
		return j
	}
	if j.unanswered(j.Object, l.Outcome, l.Reason) {
		return j
	}
	j.absent = true
	synced := kinds.ConditionOf(p.binding.Body, "ReleaseSynced")
	if p.within(p.lastDelivery(p.binding), observeClock) {
		return j.wait(since(synced), "not rendered yet")
	}
	j.Summary = "none"
	return j.fail(Finding{
		Code: CodeRenderedAbsent, Since: since(synced),
		Message: fmt.Sprintf("%s owns no RenderedRelease", p.binding.Ref), Evidence: quote(synced),
	})
}

// renderedTerminating: the binding says only that it is finalizing; why it does not end stands here. One that is bound again
// before the old one has ended is made anew when it has.
func (p *place) renderedTerminating(j *judgement, o facts.Object) *judgement {
	if c := kinds.ConditionOf(o.Body, "Finalizing"); c.Reason == "CleanupFailed" {
		j.Summary = "cannot be taken off the plane"
		return j.fail(Finding{
			Code: CodeCleanupFailed, Message: c.Message, Since: since(c), Evidence: quote(c),
			Hint: orElse(refusal(c.Message), "OpenChoreo cannot delete what it applied, so the object stays"),
		})
	}
	if p.ending(j, o) {
		return j
	}
	return j.fail(terminating(o))
}

// observability: the ReleaseBinding does not look at its second RenderedRelease at all (openchoreo v1.2.3
// releasebinding/controller.go:729).
func (p *place) observability(j *judgement) {
	for _, o := range p.owned("observabilityplane") {
		if c := kinds.ConditionOf(o.Body, "ResourcesApplied"); c.False() {
			j.note(Warning, Finding{
				Code: CodeObservabilityRelease, Object: o.Ref, Message: c.Message, Since: since(c), Evidence: quote(c),
				Hint: "the component runs, but its alerts and logs are not set up; the ReleaseBinding says nothing of it",
			})
		}
	}
}

// notApplied is the lie that matters most: with the agent away, every condition above is True for the new generation
// while the old image runs (seen in the lab).
func (p *place) notApplied(j *judgement, o facts.Object, c kinds.Condition) *judgement {
	j.Current = Behind
	changed := p.changed(o)
	message := fmt.Sprintf("rendered generation %d, but the plane has generation %d", o.Body.GetGeneration(), c.ObservedGeneration)
	if !c.Present() {
		message = "rendered, but never applied to the plane"
	}
	if p.within(changed, applyClock) {
		j.replaces = true
		return j.wait(changed, "%s", message)
	}
	j.Summary = message
	if p.agentAway() {
		j.follows = RungEnvironment
	}
	return j.fail(p.orControllerDown(o.Ref, Finding{
		Code: CodeNotApplied, Message: message, Since: changed, Evidence: quote(c),
		Hint: "whatever the ReleaseBinding says, the older release still runs: the agent, the gateway or the controller does not get through",
	}))
}

func (p *place) agentAway() bool {
	plane := p.dataPlane()
	return plane.Outcome == facts.Found && !kinds.Bool(plane.Body, "status", "agentConnection", "connected")
}

// changed is the newest sign that the release was changed; the API keeps no time of a new generation.
func (p *place) changed(o facts.Object) time.Time {
	return newest(createdAt(o), p.lastDelivery(p.binding), createdAt(p.Object(p.ref("ComponentRelease", p.releaseName()))))
}

func createdAt(o facts.Object) time.Time {
	if o.Body == nil {
		return time.Time{}
	}
	return o.Body.GetCreationTimestamp().UTC()
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

func (p *place) notListed(j *judgement, o facts.Object, c kinds.Condition) *judgement {
	if p.within(since(c), listClock) {
		return j.wait(since(c), "applied; OpenChoreo has not looked at the objects yet")
	}
	j.Summary = "applied, but OpenChoreo cannot list the plane"
	return j.fail(Finding{
		Code: CodePlaneNotListable, Message: "ResourcesApplied is True, but status.resources does not list what was applied", Since: since(c),
		Hint: "one kind that cannot be listed stops them all: are the Gateway API's CustomResourceDefinitions installed on the plane, and may the agent list them?",
		Next: commands(kubectl(o.Ref.Namespace, "get renderedrelease %s -o yaml", o.Ref.Name)),
	})
}
