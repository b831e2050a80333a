package trace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// planeObject is one object that the RenderedRelease puts on the plane.
type planeObject struct {
	ref      facts.Ref
	declared *unstructured.Unstructured // as rendered
	live     facts.Object               // as read from the plane; NotAsked where nobody looked
	reported map[string]any             // OpenChoreo's entry in status.resources; nil before its first look
}

// planeObjects joins what was rendered with what the plane and OpenChoreo say of it. Objects on the plane carry the
// id of their entry in a label (openchoreo v1.2.3 renderedrelease/controller.go:293).
func (p *place) planeObjects() []planeObject {
	if p.objects == nil {
		p.objects = p.joinObjects()
	}
	return p.objects
}

func (p *place) joinObjects() []planeObject {
	objects := []planeObject{}
	for _, item := range kinds.Items(p.rendered.Body, "spec", "resources") {
		declared := &unstructured.Unstructured{Object: kinds.Fields(item, "object")}
		o := planeObject{declared: declared, reported: p.reported(kinds.String(item, "id"))}
		o.ref = facts.Ref{
			Plane: p.plane(), Group: declared.GroupVersionKind().Group, Kind: declared.GetKind(),
			Namespace: declared.GetNamespace(), Name: declared.GetName(),
		}
		o.live = p.live(o.ref)
		objects = append(objects, o)
	}
	return objects
}

func (p *place) reported(id string) map[string]any {
	for _, entry := range kinds.Items(p.rendered.Body, "status", "resources") {
		if kinds.String(entry, "id") == id {
			return entry
		}
	}
	return nil
}

// live is the object itself, if the cluster that was asked is the plane. A list without it is then an absence.
func (p *place) live(ref facts.Ref) facts.Object {
	if o := p.Object(ref); o.Outcome != facts.NotAsked {
		return o
	}
	l := p.Listed(ref.Plane, ref.Group, ref.Kind, ref.Namespace)
	if l.Outcome == facts.Found && (l.Truncated || !p.planeIsHere()) {
		return facts.Object{Ref: ref}
	}
	if l.Outcome == facts.Found {
		return facts.Object{Ref: ref, Outcome: facts.Absent}
	}
	return facts.Object{Ref: ref, Outcome: l.Outcome, Reason: l.Reason}
}

// assessResource judges every object of the release: the live one where the plane could be read, else what OpenChoreo
// last reported of it, which is up to six minutes old.
func assessResource(p *place) *judgement {
	objects := p.planeObjects()
	if len(objects) == 0 {
		j := rung(RungResource, facts.Ref{})
		j.unasked = true
		j.Summary = "none"
		if p.rendered.Outcome == facts.Found {
			j.State, j.Current, j.Summary = OK, Current, "none, as rendered"
		}
		return j
	}
	var judged []*judgement
	parts := make([]Part, 0, len(objects))
	for _, o := range objects {
		j := p.judgeObject(o)
		judged = append(judged, j)
		part := j.part()
		part.Live = o.live.Outcome == facts.Found
		parts = append(parts, part)
	}
	all := gather(RungResource, workloadsFirst(judged))
	all.Parts, all.Reported = parts, !seen(objects)
	if all.State == OK {
		all.Summary = p.resourceSummary(objects, judged)
	}
	return all
}

// seen reports whether one of the objects that run the component was read itself; where none does, one of all.
func seen(objects []planeObject) bool {
	run := slices.ContainsFunc(objects, func(o planeObject) bool { return runs(o.ref) == 1 })
	return slices.ContainsFunc(objects, func(o planeObject) bool {
		read := o.live.Outcome == facts.Found || o.live.Outcome == facts.Absent
		return read && (!run || runs(o.ref) == 1)
	})
}

// workloadsFirst lets the object that runs the component speak for the rung.
func workloadsFirst(judged []*judgement) []*judgement {
	sorted := slices.Clone(judged)
	slices.SortStableFunc(sorted, func(a, b *judgement) int { return runs(b.Object) - runs(a.Object) })
	return sorted
}

func runs(ref facts.Ref) int {
	if kinds.RunsPods(schema.GroupKind{Group: ref.Group, Kind: ref.Kind}) {
		return 1
	}
	return 0
}

func (p *place) judgeObject(o planeObject) *judgement {
	j := rung(RungResource, o.ref)
	j.Current = Current
	switch o.live.Outcome {
	case facts.Absent:
		return p.resourceAbsent(j, o)
	case facts.Found:
		if !sameImages(o.declared, o.live.Body) {
			j.Current = Behind
		}
		switch {
		case p.ending(j, o.live):
			return j
		case deleting(o.live.Body):
			return j.fail(terminating(o.live))
		}
		p.resourceDrift(j, o)
		return p.judgeKind(j, o.live)
	case facts.Invalid:
		j.unread(o.live)
		return j
	case facts.NotAsked, facts.Forbidden, facts.NoKind, facts.Unreachable:
	}
	if o.reported == nil {
		j.unasked = true
		j.Summary = fmt.Sprintf("%s: nothing reported", o.ref.Kind)
		return j
	}
	return p.judgeKind(j, p.asReported(o))
}

func (p *place) resourceAbsent(j *judgement, o planeObject) *judgement {
	f := Finding{Code: CodeResourceAbsent, Message: fmt.Sprintf("%s does not exist on the plane", o.ref)}
	applied := kinds.ConditionOf(p.rendered.Body, "ResourcesApplied")
	if p.rendered.Outcome != facts.Found || deleting(p.rendered.Body) || !applied.True() || !applied.Current(p.rendered.Body) {
		j.absent = true
		return j.fail(f)
	}
	if o.ref.Group == kinds.Batch && o.ref.Kind == "Job" && o.reported != nil {
		if finished, ended := p.finishedJob(j, o); ended {
			return finished
		}
	}
	j.Summary = fmt.Sprintf("%s is not there", o.ref.Kind)
	f.Hint = "OpenChoreo applied it and will only notice at its next look, every five minutes"
	p.wakes(&f, p.rendered.Ref)
	return j.fail(f)
}

// asReported is the object as far as OpenChoreo knows it: what it rendered, with the status that it last saw. Its own word
// on health is not taken: it knows four kinds, and calls any other Healthy once it exists (openchoreo v1.2.3
// renderedrelease/controller_status.go:204).
func (p *place) asReported(o planeObject) facts.Object {
	body := &unstructured.Unstructured{Object: map[string]any{}} // what was rendered may be no object at all
	maps.Copy(body.Object, o.declared.Object)
	delete(body.Object, "status")
	if status, ok := o.reported["status"]; ok {
		body.Object["status"] = status
	}
	if n, known := p.reportedReplicas(o, body); known {
		body.Object["spec"] = maps.Clone(kinds.Fields(body.Object, "spec"))
		body.Object["spec"].(map[string]any)["replicas"] = n
	}
	return facts.Object{Ref: o.ref, Outcome: facts.Found, Body: body}
}

// reportedReplicas is how many replicas a workload has by its reported status, where what was rendered does not say how many it should
// have: because an autoscaler sets the number, or because it was left out. Nothing may be under way: a number that is on its
// way to another says nothing of that one.
func (p *place) reportedReplicas(o planeObject, body *unstructured.Unstructured) (int64, bool) {
	_, rendered := kinds.Number(o.declared, "spec", "replicas")
	if o.ref.Group != kinds.Apps || rendered && !p.autoscaled(o) {
		return 0, false
	}
	n, _ := kinds.Number(body, "status", "replicas")
	ready, _ := kinds.Number(body, "status", "readyReplicas")
	switch o.ref.Kind {
	case "Deployment":
		return n, kinds.ConditionOf(body, appsv1.DeploymentAvailable).True() && kinds.ConditionOf(body, appsv1.DeploymentProgressing).Reason == "NewReplicaSetAvailable"
	case "StatefulSet":
		return n, n == ready && (n > 0 || p.autoscaled(o))
	}
	return 0, false
}

// resourceSummary names the running kinds with their numbers, and counts the rest.
func (p *place) resourceSummary(objects []planeObject, judged []*judgement) string {
	var words []string
	for i, o := range objects {
		if runs(o.ref) == 1 {
			words = append([]string{judged[i].Summary}, words...)
		} else {
			words = append(words, o.ref.Kind)
		}
	}
	if len(words) > 5 {
		words = append(words[:4], fmt.Sprintf("+%d", len(words)-4))
	}
	summary := strings.Join(words, ", ")
	if !seen(objects) {
		summary += "; as last reported by OpenChoreo"
	}
	return summary
}
