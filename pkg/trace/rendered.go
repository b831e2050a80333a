package trace

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// renderedRelease is the one for the data plane that the binding owns; a second one, for observability, is not health.
func (p *place) renderedRelease() facts.Object {
	for _, o := range p.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		if o.Ref.Namespace != p.ns || kinds.Text(o.Body, "spec", "targetPlane") == "observabilityplane" {
			continue
		}
		for _, owner := range o.Body.GetOwnerReferences() {
			if p.binding.Body != nil && owner.UID == p.binding.Body.GetUID() {
				return o
			}
		}
	}
	return facts.Object{}
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
	applied := kinds.ConditionOf(o.Body, "ResourcesApplied")
	j.Since = since(applied)
	switch {
	case deleting(o.Body):
		return p.renderedTerminating(j, o)
	case !applied.Present() || !applied.Current(o.Body):
		return p.notApplied(j, o, applied)
	case applied.False():
		return p.applyFailed(j, applied)
	case len(kinds.Items(o.Body, "status", "resources")) == 0 && len(kinds.Items(o.Body, "spec", "resources")) > 0:
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

func (p *place) renderedTerminating(j *judgement, o facts.Object) *judgement {
	f := Finding{Code: CodeTerminating, Message: fmt.Sprintf("%s is being deleted", o.Ref), Since: o.Body.GetDeletionTimestamp().Time}
	if c := kinds.ConditionOf(o.Body, "Finalizing"); c.Reason == "CleanupFailed" {
		f.Message, f.Evidence = c.Message, quote(c)
	}
	return j.fail(f)
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
		return j.wait(changed, "%s", message)
	}
	j.Summary = message
	if p.agentAway() {
		j.follows = RungEnvironment
	}
	return j.fail(Finding{
		Code: CodeNotApplied, Message: message, Since: changed, Evidence: quote(c),
		Hint: "whatever the ReleaseBinding says, the older release still runs: the agent, the gateway or the controller does not get through",
	})
}

func (p *place) agentAway() bool {
	plane := p.dataPlane()
	return plane.Outcome == facts.Found && !kinds.Bool(plane.Body, "status", "agentConnection", "connected")
}

// changed is the newest sign that the release was changed; the API keeps no time of a new generation.
func (p *place) changed(o facts.Object) time.Time {
	newest := o.Body.GetCreationTimestamp().Time
	for _, t := range []time.Time{
		p.lastDelivery(p.binding),
		createdAt(p.Object(p.ref("ComponentRelease", p.releaseName()))),
	} {
		if t.After(newest) {
			newest = t
		}
	}
	return newest
}

func createdAt(o facts.Object) time.Time {
	if o.Body == nil {
		return time.Time{}
	}
	return o.Body.GetCreationTimestamp().Time
}

func (p *place) notListed(j *judgement, o facts.Object, c kinds.Condition) *judgement {
	if p.within(since(c), listClock) {
		return j.wait(since(c), "applied; OpenChoreo has not looked at the objects yet")
	}
	j.Summary = "applied, but OpenChoreo cannot list the plane"
	return j.fail(Finding{
		Code: CodePlaneNotListable, Message: "ResourcesApplied is True, but status.resources is empty", Since: since(c),
		Hint: "one kind that cannot be listed stops them all: are the Gateway API's CustomResourceDefinitions installed on the plane, and may the agent list them?",
		Next: []string{fmt.Sprintf("kubectl -n %s get renderedrelease %s -o yaml", o.Ref.Namespace, o.Ref.Name)},
	})
}

var (
	applyPrefix      = regexp.MustCompile(`(?s)^Failed to apply resources to target plane: failed to apply resource (\S+): (.*)$`)
	missingNamespace = regexp.MustCompile(`namespaces "([^"]+)" not found`)
)

// applyFailed reads the tail of the message. The apply stops at the first object that is refused, in the order of
// spec.resources, so everything behind it is missing too (renderedrelease/controller.go:267).
func (p *place) applyFailed(j *judgement, c kinds.Condition) *judgement {
	j.Current = Behind
	f := Finding{Code: CodeApplyFailed, Message: c.Message, Since: since(c), Evidence: quote(c)}
	id, tail := "", c.Message
	if m := applyPrefix.FindStringSubmatch(c.Message); m != nil {
		id, tail = m[1], m[2]
	}
	j.Summary = strings.TrimSuffix("not applied: "+id, ": ")
	if missingNamespace.MatchString(tail) && p.cellIsReady() && p.within(since(c), applyClock) {
		// The first apply of a new project often comes a moment before its namespace, and is tried again.
		return j.wait(since(c), "%s; its namespace has come since", j.Summary)
	}
	f.Hint = p.applyHint(j, &f, id, tail)
	return j.fail(f)
}

func (p *place) applyHint(j *judgement, f *Finding, id, tail string) string {
	namespace := missingNamespace.FindStringSubmatch(tail)
	switch {
	case namespace != nil:
		return p.missingCell(j, f, namespace[1])
	case strings.Contains(tail, "no agents found for plane"), strings.Contains(tail, "Agent not authorized"):
		j.follows = RungEnvironment
		return "no agent takes orders for this plane: it is away, has another planeID, or its certificate is refused"
	case strings.Contains(tail, "field not declared in schema"):
		return fmt.Sprintf("the plane's CustomResourceDefinition is older than what %s renders: update it on the data plane", id)
	case strings.Contains(tail, "could not find the requested resource"), strings.Contains(tail, "no matches for kind"):
		return fmt.Sprintf("the plane does not know the kind of %s: install its CustomResourceDefinition there", id)
	case strings.Contains(tail, "is invalid:"):
		return fmt.Sprintf("the plane refuses %s as rendered: a value of the workload or the template of its type is wrong", id)
	case strings.Contains(tail, "cannot patch resource"), strings.Contains(tail, "is forbidden"):
		return "the agent has not the rights, or a policy of the plane refuses it"
	case strings.Contains(tail, "dial tcp"), strings.Contains(tail, "x509:"), strings.Contains(tail, "tls:"):
		return "OpenChoreo does not reach its cluster-gateway"
	}
	return "the apply stops at the first object that is refused; those after it are missing too"
}

// cellIsReady reports whether OpenChoreo has made the project's namespace.
func (p *place) cellIsReady() bool {
	return len(p.cells) == 1 && kinds.ConditionOf(p.cells[0].Body, "NamespaceReady").True()
}

// missingCell: the namespace is the cell's affair. When it is there again, the message has outlived its cause: the
// controller backs off and watches nothing but the RenderedRelease (seen in the lab).
func (p *place) missingCell(j *judgement, f *Finding, namespace string) string {
	j.follows = RungCell
	if !p.cellIsReady() {
		return "the project's cell is not there"
	}
	f.Next = []string{wake(j.Object)}
	return fmt.Sprintf("namespace %s exists now; OpenChoreo is backing off and will try again", namespace)
}
