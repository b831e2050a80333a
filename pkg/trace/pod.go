package trace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// pods are the component's pods in this environment. OpenChoreo labels them (v1.2.3 internal/pipeline/component); the
// cell's namespace alone would hold the pods of the whole project.
func (p *place) pods() []facts.Object {
	return slices.DeleteFunc(p.Of(p.plane(), kinds.Core, "Pod"), func(o facts.Object) bool {
		return kinds.Label(o.Body, kinds.LabelComponent) != p.component || kinds.Label(o.Body, kinds.LabelEnvironment) != p.name ||
			(p.project != "" && kinds.Label(o.Body, kinds.LabelProject) != p.project) || p.outlived(o)
	})
}

// outlived: a Job keeps the pods of its failed attempts; once a later attempt succeeded they say nothing any more.
func (p *place) outlived(pod facts.Object) bool {
	for _, owner := range pod.Body.GetOwnerReferences() {
		job := p.Object(facts.Ref{Plane: pod.Ref.Plane, Group: kinds.Batch, Kind: "Job", Namespace: pod.Ref.Namespace, Name: owner.Name})
		if owner.Kind == "Job" && kinds.ConditionOf(job.Body, batchv1.JobComplete).True() && kinds.Text(pod.Body, "status", "phase") != string(corev1.PodSucceeded) {
			return true
		}
	}
	return false
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
	var stuck []Finding
	for _, o := range pods {
		if f, overdue := p.endless(o); overdue {
			stuck = append(stuck, f)
		}
		if !deleting(o.Body) {
			judged = append(judged, p.judgePod(o))
		}
	}
	if len(judged) == 0 {
		return p.onlyEnding(j, pods, stuck)
	}
	p.replaced(judged)
	all := p.combinePods(judged)
	onlyThere(all, stuck)
	for _, f := range append(stuck, p.digests()...) {
		all.note(Warning, f)
	}
	return all
}

// replaced: a pod that was evicted stays as a record, and another runs in its place. Then it is worth a warning only.
func (p *place) replaced(judged []*judgement) {
	runs := slices.ContainsFunc(judged, func(j *judgement) bool { return j.State == OK })
	for _, j := range judged {
		if runs && hasCode(j, CodePodFailed) {
			demote(j)
		}
	}
}

func (p *place) onlyEnding(j *judgement, pods []facts.Object, stuck []Finding) *judgement {
	if len(stuck) > 0 {
		j.Summary = "does not end"
		return j.fail(stuck[0])
	}
	return j.wait(pods[0].Body.GetDeletionTimestamp().UTC(), "%s ending", count(int64(len(pods)), "pod"))
}

// endless finds a pod that should have ended: its node does not report, or a finalizer holds it.
func (p *place) endless(o facts.Object) (Finding, bool) {
	if !deleting(o.Body) || p.within(o.Body.GetDeletionTimestamp().UTC(), endClock) {
		return Finding{}, false
	}
	if f, lost := p.lostNode(o); lost {
		f.Hint = fmt.Sprintf("%s is being deleted, and ends when the node reports that its containers have", o.Ref)
		return f, true
	}
	f := terminating(o)
	f.Code, f.Next = CodePodTerminating, describePod(o.Ref)
	f.Hint = p.whyEndless(o)
	return f, true
}

func (p *place) whyEndless(o facts.Object) string {
	node := kinds.Text(o.Body, "spec", "nodeName")
	switch state := p.nodeState(o); {
	case len(o.Body.GetFinalizers()) > 0 || node == "":
		return "it waits for its finalizers"
	case state != "":
		return state
	case p.nodeOf(o).Outcome == facts.Found:
		return fmt.Sprintf("node %s is ready, but its kubelet cannot end the containers or unmount a volume", node)
	}
	return fmt.Sprintf("nothing but its kubelet is left to end it: does node %s answer?", node)
}

// digests: a tag that was pushed again is another image on each node that pulled it at another time.
func (p *place) digests() []Finding {
	byImage := map[string]map[string]bool{}
	for _, o := range p.pods() {
		for _, c := range kinds.Items(o.Body, "status", "containerStatuses") {
			image, id := kinds.String(c, "image"), kinds.String(c, "imageID")
			if _, digest, ok := strings.Cut(id, "@sha256:"); ok && !strings.Contains(image, "@") {
				if byImage[image] == nil {
					byImage[image] = map[string]bool{}
				}
				byImage[image][digest] = true
			}
		}
	}
	var found []Finding
	for _, image := range slices.Sorted(maps.Keys(byImage)) {
		if len(byImage[image]) > 1 {
			found = append(found, Finding{
				Code: CodeImageDigests, Message: fmt.Sprintf("pods run %d different images under the tag %s", len(byImage[image]), imageName(image)),
				Hint: "the tag was pushed again: give each build a tag of its own",
			})
		}
	}
	return found
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
		return all
	}
	if all.State == Failed && len(judged) > 1 {
		failed := len(slices.DeleteFunc(slices.Clone(judged), func(j *judgement) bool { return j.State != Failed }))
		all.Summary = fmt.Sprintf("%s (%d of %d pods)", all.Summary, failed, len(judged))
	}
	if images := p.runningImages(); len(images) > 0 {
		all.Summary += fmt.Sprintf("; %s runs", imageNames(images))
	}
	return all
}

func firstOfEachCode(findings []Finding) []Finding {
	kept := []Finding{}
	for _, f := range findings {
		if !slices.ContainsFunc(kept, func(k Finding) bool { return k.Code == f.Code && (k.Object.Kind != "Node" || k.Object == f.Object) }) {
			kept = append(kept, f)
		}
	}
	return kept
}

func (p *place) podSummary(judged []*judgement) string {
	restarts, succeeded := int64(0), 0
	for _, o := range p.pods() {
		restarts += restartCount(o)
		if kinds.Text(o.Body, "status", "phase") == string(corev1.PodSucceeded) {
			succeeded++
		}
	}
	images := imageNames(p.runningImages())
	if images != "" {
		images = " " + images
	}
	if succeeded == len(judged) {
		return fmt.Sprintf("%d succeeded%s", succeeded, images)
	}
	summary := fmt.Sprintf("%d running%s", len(judged)-succeeded, images)
	if restarts > 0 {
		summary += ", " + count(restarts, "restart")
	}
	return summary
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

// refusedPods: the controllers of pods say in an event only that the API server refuses to make one.
func (p *place) refusedPods() (warning, bool) {
	for _, o := range p.Of(p.plane(), kinds.Apps, "ReplicaSet") {
		if w := p.warnings(o.Ref); len(w) > 0 && w[0].reason == "FailedCreate" && kinds.Label(o.Body, kinds.LabelComponent) == p.component {
			return w[0], true
		}
	}
	for _, o := range p.planeObjects() {
		for _, w := range p.warnings(o.ref) {
			if w.reason == "FailedCreate" {
				return w, true
			}
		}
	}
	return warning{}, false
}
