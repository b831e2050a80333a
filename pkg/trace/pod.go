package trace

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// pods are the component's pods in this environment. OpenChoreo labels them (v1.2.3 internal/pipeline/component); the
// cell's namespace alone would hold the pods of the whole project.
func (p *place) pods() []facts.Object {
	return slices.DeleteFunc(p.Of(p.plane(), kinds.Core, "Pod"), func(o facts.Object) bool {
		labels := o.Body.GetLabels()
		return labels[kinds.LabelComponent] != p.component || labels[kinds.LabelEnvironment] != p.name ||
			(p.project != "" && labels[kinds.LabelProject] != p.project)
	})
}

// assessPods looks below every condition: the reason why a pod does not run stands in its containers' states and its
// events, and nowhere above.
func assessPods(p *place) *judgement {
	j := rung(RungPod, facts.Ref{Plane: p.plane(), Kind: "Pod"})
	pods := p.pods()
	if len(pods) == 0 {
		return p.noPods(j)
	}
	var judged []*judgement
	for _, o := range pods {
		if !deleting(o.Body) || len(pods) == 1 {
			judged = append(judged, p.judgePod(o))
		}
	}
	if len(judged) == 0 {
		return j.wait(time.Time{}, "%s ending", count(int64(len(pods)), "pod"))
	}
	return p.combinePods(judged)
}

// combinePods: several pods of one ReplicaSet fail for one reason; it is said once.
func (p *place) combinePods(judged []*judgement) *judgement {
	all := gather(RungPod, judged)
	all.Parts = nil
	for _, j := range judged {
		all.Parts = append(all.Parts, j.part())
	}
	all.Findings = firstOfEachCode(all.Findings)
	if all.State == OK {
		all.Summary = p.podSummary(judged)
	}
	if all.State == Failed && len(judged) > 1 {
		failed := len(slices.DeleteFunc(slices.Clone(judged), func(j *judgement) bool { return j.State != Failed }))
		all.Summary = fmt.Sprintf("%s (%d of %d pods)", all.Summary, failed, len(judged))
	}
	return all
}

func firstOfEachCode(findings []Finding) []Finding {
	kept := []Finding{}
	for _, f := range findings {
		if !slices.ContainsFunc(kept, func(k Finding) bool { return k.Code == f.Code }) {
			kept = append(kept, f)
		}
	}
	return kept
}

func (p *place) podSummary(judged []*judgement) string {
	restarts, succeeded := int64(0), 0
	for _, o := range p.pods() {
		restarts += restartCount(o)
		if kinds.Text(o.Body, "status", "phase") == "Succeeded" {
			succeeded++
		}
	}
	if succeeded == len(judged) {
		return fmt.Sprintf("%d succeeded", succeeded)
	}
	return fmt.Sprintf("%d running, %s", len(judged)-succeeded, count(restarts, "restart"))
}

func restartCount(o facts.Object) int64 {
	total := int64(0)
	for _, status := range kinds.Items(o.Body, "status", "containerStatuses") {
		if n, ok := status["restartCount"].(int64); ok {
			total += n
		}
	}
	return total
}

// noPods: why there are none stands one rung higher, if it is wrong at all.
func (p *place) noPods(j *judgement) *judgement {
	namespace := kinds.Text(firstBody(p.cells), "status", "namespace")
	l := p.Listed(p.plane(), kinds.Core, "Pod", namespace)
	switch {
	case l.Outcome == facts.Unreachable && p.reportedOnly():
		j.State, j.Summary = OK, "not visible from here: as last reported by OpenChoreo"
		return j
	case l.Outcome != facts.Found && j.unanswered(j.Object, l.Outcome, l.Reason):
		return j
	case !p.planeIsHere():
		return p.elsewhere(j)
	}
	return p.noPodsHere(j)
}

// elsewhere: the cluster that answered is not this plane, so it says nothing of the pods.
func (p *place) elsewhere(j *judgement) *judgement {
	if !p.reportedOnly() {
		j.unasked = true
		j.Summary = "nothing is known of the plane"
		return j
	}
	j.State = OK
	j.Summary = fmt.Sprintf("on plane %s, which is another cluster: not seen", p.plane())
	return j
}

// reportedOnly reports whether OpenChoreo itself has reported on the objects, so that its word can be taken.
func (p *place) reportedOnly() bool {
	return len(kinds.Items(p.rendered.Body, "status", "resources")) > 0
}

func (p *place) noPodsHere(j *judgement) *judgement {
	wantsPods := false
	for _, o := range p.planeObjects() {
		if (o.ref.Kind == "Deployment" || o.ref.Kind == "StatefulSet") && o.live.Outcome == facts.Found && replicas(o.live) > 0 {
			wantsPods = true
			j.Object = o.ref
		}
	}
	if !wantsPods {
		j.State, j.Current, j.Summary = OK, Current, "none, as asked"
		return j
	}
	made := createdAt(p.Object(j.Object))
	if p.within(made, startClock) {
		return j.wait(made, "none yet")
	}
	j.Summary = "none"
	f := Finding{Code: CodePodsNotCreated, Message: fmt.Sprintf("%s has no pods", j.Object), Since: made}
	for _, w := range p.warnings(j.Object) {
		f.Message = w.message
	}
	return j.fail(f)
}
