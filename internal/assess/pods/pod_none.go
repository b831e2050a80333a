package pods

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// noPods: the reason why there are none is on the rung above, if it is a failure at all.
func noPods(p *view.Environment, j *result.Result) *result.Result {
	if rendersNoPods(p) {
		j.State, j.Current, j.Summary = trace.OK, trace.Current, "none, as rendered"
		return j
	}
	l := p.Listed(p.Plane(), kinds.Core, "Pod", p.PodNamespace())
	switch {
	case l.Outcome == facts.Unreachable && reportedOnly(p) && !facts.IsLeftOut(l.Reason):
		j.State, j.Reported, j.Summary = trace.OK, true, "not read: as last reported by OpenChoreo"
		f := trace.Finding{Code: trace.CodeUnreachable, Message: l.Reason}
		if !facts.IsOpenChoreoAPI(l.Reason) {
			f.Hint = fmt.Sprintf("the cluster of data plane %s did not respond", p.Plane())
		}
		return j.Note(trace.Warning, f)
	case l.Outcome != facts.Found && j.NoAnswer(j.Object, l.Outcome, l.Reason):
		return j
	case !p.IsExpectedPlane():
		return onOtherPlane(p, j)
	}
	return noPodsHere(p, j)
}

// rendersNoPods reports whether nothing that was rendered makes pods, as with a component type of workloadType proxy
// (openchoreo v1.2.3 api/v1alpha1/componenttype_types.go:57). Then no pods are wanted.
func rendersNoPods(p *view.Environment) bool {
	return p.Rendered.Outcome == facts.Found && !slices.ContainsFunc(p.PlaneObjects(), func(o view.PlaneObject) bool { return view.RunsPods(o.Ref) })
}

// onOtherPlane: the cluster that responded is not this plane, so it shows nothing about the pods. If it has an agent, it is a data plane:
// that of another installation, or this one after everything was deleted, which OpenChoreo reports only after its next check.
func onOtherPlane(p *view.Environment, j *result.Result) *result.Result {
	switch {
	case !reportedOnly(p):
		j.Cause = result.NotChecked()
		j.Summary = "the data plane was not read"
		return j
	case p.Object(view.AgentOn(p.Plane())).Outcome == facts.Found:
		j.Cause = result.NotChecked()
		j.Summary = fmt.Sprintf("unknown: this cluster has no objects of %s: they were deleted, or it is not data plane %s", p.Name, p.Plane())
		return j
	}
	j.State, j.Reported = trace.OK, true
	j.Summary = fmt.Sprintf("not read: no object on this cluster shows that it is data plane %s", p.Plane())
	return j
}

// reportedOnly reports whether OpenChoreo itself has reported on the objects, so that its word can be taken.
func reportedOnly(p *view.Environment) bool {
	return len(kinds.Items(p.Rendered.Body, "status", "resources")) > 0
}

func noPodsHere(p *view.Environment, j *result.Result) *result.Result {
	wantsPods := false
	for _, o := range p.PlaneObjects() {
		if o.Ref.Kind == "Job" && o.Live.Outcome == facts.Absent && o.Reported != nil && view.JobFinished(p.AsReported(o).Body) {
			continue
		}
		if view.RunsPods(o.Ref) && o.Live.Outcome != facts.Found {
			j.Cause = result.NotChecked()
			j.Summary = fmt.Sprintf("none: its %s does not exist", o.Ref.Kind)
			return j
		}
		if slices.Contains([]string{"Deployment", "StatefulSet", "Rollout"}, o.Ref.Kind) && o.Live.Outcome == facts.Found && view.Replicas(o.Live) > 0 {
			wantsPods = true
			j.Object = o.Ref
		}
	}
	if !wantsPods {
		j.State, j.Current, j.Summary = trace.OK, trace.Current, "none, scaled to 0"
		return j
	}
	wanted := podsWanted(p, p.Object(j.Object))
	if _, refused := p.RefusedPods(); !refused && p.Within(wanted, view.StartTimeout) {
		return j.Wait(wanted, "none yet")
	}
	j.Summary = "none"
	f := trace.Finding{Code: trace.CodePodsNotCreated, Message: fmt.Sprintf("%s has no pods", j.Object), Since: wanted}
	if w, refused := p.RefusedPods(); refused {
		f.Code, f.Message, f.Since = trace.CodePodsRefused, strings.TrimPrefix(w.Message, "(combined from similar events): "), w.Last
		f.Hint = cmp.Or(delivery.Refusal(w.Message, delivery.By{}), "the API server of the data plane rejects the pods")
	}
	return j.Fail(f)
}

// podsWanted is since when a workload wants the pods that it has not: one that was scaled up from zero is older than that
// wish. A Deployment's Available turns when its controller sees it; where there is no such condition, or the controller has
// not looked yet, the delivery tells.
func podsWanted(p *view.Environment, o facts.Object) time.Time {
	if c := kinds.ConditionOf(o.Body, appsv1.DeploymentAvailable); c.Present() && view.Observed(o) {
		return view.Latest(view.CreatedAt(o), view.LastTransition(c))
	}
	return view.Latest(view.CreatedAt(o), p.LastChange(p.Rendered))
}
