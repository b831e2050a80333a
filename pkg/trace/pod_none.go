package trace

import (
	"fmt"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// noPods: why there are none stands one rung higher, if it is wrong at all.
func (p *place) noPods(j *judgement) *judgement {
	if p.rendersNoPods() {
		j.State, j.Current, j.Summary = OK, Current, "none, as rendered"
		return j
	}
	l := p.Listed(p.plane(), kinds.Core, "Pod", p.podNamespace())
	switch {
	case l.Outcome == facts.Unreachable && p.reportedOnly():
		j.State, j.Reported, j.Summary = OK, true, "not visible from here: as last reported by OpenChoreo"
		return j.note(Warning, Finding{
			Code: CodeUnreachable, Message: l.Reason,
			Hint: fmt.Sprintf("the cluster of plane %s gave no answer", p.plane()),
		})
	case l.Outcome != facts.Found && j.unanswered(j.Object, l.Outcome, l.Reason):
		return j
	case !p.planeIsHere():
		return p.elsewhere(j)
	}
	return p.noPodsHere(j)
}

// rendersNoPods reports whether nothing that was rendered makes pods, as with a component type of workloadType proxy
// (openchoreo v1.2.3 api/v1alpha1/componenttype_types.go:57). Then nobody has asked for any.
func (p *place) rendersNoPods() bool {
	return p.rendered.Outcome == facts.Found && !slices.ContainsFunc(p.planeObjects(), func(o planeObject) bool { return runs(o.ref) == 1 })
}

// elsewhere: the cluster that answered is not this plane, so it says nothing of the pods.
func (p *place) elsewhere(j *judgement) *judgement {
	if !p.reportedOnly() {
		j.unasked = true
		j.Summary = "nothing is known of the plane"
		return j
	}
	j.State, j.Reported = OK, true
	j.Summary = fmt.Sprintf("not seen: nothing on this cluster shows that it is plane %s", p.plane())
	return j
}

// reportedOnly reports whether OpenChoreo itself has reported on the objects, so that its word can be taken.
func (p *place) reportedOnly() bool {
	return len(kinds.Items(p.rendered.Body, "status", "resources")) > 0
}

func (p *place) noPodsHere(j *judgement) *judgement {
	wantsPods := false
	for _, o := range p.planeObjects() {
		if o.ref.Kind == "Job" && o.live.Outcome == facts.Absent && o.reported != nil && jobFinished(p.asReported(o).Body) {
			continue
		}
		if runs(o.ref) == 1 && o.live.Outcome != facts.Found {
			j.unasked = true
			j.Summary = fmt.Sprintf("none, without its %s", o.ref.Kind)
			return j
		}
		if (o.ref.Kind == "Deployment" || o.ref.Kind == "StatefulSet") && o.live.Outcome == facts.Found && replicas(o.live) > 0 {
			wantsPods = true
			j.Object = o.ref
		}
	}
	if !wantsPods {
		j.State, j.Current, j.Summary = OK, Current, "none, as asked"
		return j
	}
	wanted := p.podsWanted(p.Object(j.Object))
	if _, refused := p.refusedPods(); !refused && p.within(wanted, startClock) {
		return j.wait(wanted, "none yet")
	}
	j.Summary = "none"
	f := Finding{Code: CodePodsNotCreated, Message: fmt.Sprintf("%s has no pods", j.Object), Since: wanted}
	if w, refused := p.refusedPods(); refused {
		f.Code, f.Message, f.Since = CodePodsRefused, strings.TrimPrefix(w.message, "(combined from similar events): "), w.last
		f.Hint = orElse(refusal(w.message), "the pods are refused before they are made")
	}
	return j.fail(f)
}

// podsWanted is since when a workload wants the pods that it has not: one that was scaled up from zero is older than that
// wish. A Deployment's Available turns when its controller sees it; where there is no such condition, or the controller has
// not looked yet, the delivery tells.
func (p *place) podsWanted(o facts.Object) time.Time {
	if c := kinds.ConditionOf(o.Body, appsv1.DeploymentAvailable); c.Present() && observed(o) {
		return newest(createdAt(o), since(c))
	}
	return newest(createdAt(o), p.changed(p.rendered))
}
