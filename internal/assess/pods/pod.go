package pods

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Assess looks below every condition: the reason why a pod does not run is in its containers' states and its
// events, and nowhere above.
func Assess(p *view.Environment) *result.Result {
	j := result.New(trace.RungPod, facts.Ref{Plane: p.Plane(), Kind: "Pod"})
	pods := p.Pods()
	if len(pods) == 0 {
		return noPods(p, j)
	}
	var judged []*result.Result
	var stuck []trace.Finding
	for _, o := range pods {
		if f, overdue := stuckTerminating(p, o); overdue {
			stuck = append(stuck, f)
		}
		if !view.Deleting(o.Body) {
			judged = append(judged, AssessPod(p, o))
		}
	}
	if len(judged) == 0 {
		return onlyTerminating(j, pods, stuck)
	}
	replaced(judged)
	all := combinePods(p, judged)
	for _, f := range append(stuckThere(p, all, pods, stuck), digests(p)...) {
		all.Note(trace.Warning, f)
	}
	return all
}

// replaced: a pod that was evicted stays as a record, and another runs in its place. Then it is worth a warning only.
func replaced(judged []*result.Result) {
	runs := slices.ContainsFunc(judged, func(j *result.Result) bool { return j.State == trace.OK })
	for _, j := range judged {
		if runs && result.HasCode(j, trace.CodePodFailed) {
			result.DowngradeToWarning(j)
		}
	}
}

func onlyTerminating(j *result.Result, pods []facts.Object, stuck []trace.Finding) *result.Result {
	if len(stuck) > 0 {
		j.Summary = "stuck in Terminating"
		return j.Fail(stuck[0])
	}
	return j.Wait(pods[0].Body.GetDeletionTimestamp().UTC(), "%s terminating", result.Count(int64(len(pods)), "pod"))
}

// stuckTerminating finds a pod that should have ended: its node does not report, or a finalizer holds it.
func stuckTerminating(p *view.Environment, o facts.Object) (trace.Finding, bool) {
	if !view.Deleting(o.Body) || p.Within(o.Body.GetDeletionTimestamp().UTC(), view.EndTimeout) {
		return trace.Finding{}, false
	}
	if f, lost := terminatingOnLostNode(p, o); lost {
		return f, true
	}
	f := p.TerminatingFinding(o)
	f.Code = trace.CodePodStuckTerminating
	f.Hint = terminatingReason(p, o)
	return f, true
}

func terminatingReason(p *view.Environment, o facts.Object) string {
	node := kinds.Text(o.Body, "spec", "nodeName")
	switch state := nodeState(p, o); {
	case len(o.Body.GetFinalizers()) > 0 || node == "":
		return "check the controller that has to remove its finalizers; do not remove them by hand"
	case state != "":
		return state
	case nodeOf(p, o).Outcome == facts.Found:
		return fmt.Sprintf("node %s is ready, but its kubelet cannot stop the containers or unmount a volume", node)
	}
	return fmt.Sprintf("only the kubelet can stop its containers: check that node %s is Ready", node)
}

// digests: a tag that was pushed again is another image on each node that pulled it at another time.
func digests(p *view.Environment) []trace.Finding {
	byImage := map[string]map[string]bool{}
	for _, o := range p.Pods() {
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
	var found []trace.Finding
	for _, image := range slices.Sorted(maps.Keys(byImage)) {
		if len(byImage[image]) > 1 {
			found = append(found, trace.Finding{
				Code: trace.CodeImageDigestsDiffer, Message: fmt.Sprintf("pods run %d different images under the tag %s", len(byImage[image]), trace.ImageName(image)),
				Hint: "the tag was pushed again: use a unique tag for each build",
			})
		}
	}
	return found
}

// combinePods: several pods of one ReplicaSet fail for one reason; it is said once.
func combinePods(p *view.Environment, judged []*result.Result) *result.Result {
	all := result.Combine(trace.RungPod, judged)
	all.Parts = nil
	for _, j := range judged {
		all.Parts = append(all.Parts, j.AsPart())
	}
	all.Findings = firstOfEachCode(all.Findings)
	if all.State == trace.OK {
		all.Summary = podSummary(p, judged)
		return all
	}
	if all.State == trace.Failed && len(judged) > 1 {
		failed := len(slices.DeleteFunc(slices.Clone(judged), func(j *result.Result) bool { return j.State != trace.Failed }))
		all.Summary = fmt.Sprintf("%s (%d of %d pods)", all.Summary, failed, len(judged))
	}
	if images := RunningImages(p); len(images) > 0 {
		all.Summary += fmt.Sprintf("; %s runs", imageNames(images))
	}
	offerRollback(p, all)
	return all
}

func firstOfEachCode(findings []trace.Finding) []trace.Finding {
	kept := []trace.Finding{}
	for _, f := range findings {
		if !slices.ContainsFunc(kept, func(k trace.Finding) bool {
			return k.Code == f.Code && (k.Object.Kind != "Node" || k.Object == f.Object)
		}) {
			kept = append(kept, f)
		}
	}
	return kept
}

func podSummary(p *view.Environment, judged []*result.Result) string {
	restarts, succeeded := int64(0), 0
	for _, o := range p.Pods() {
		restarts += restartCount(o)
		if kinds.Text(o.Body, "status", "phase") == string(corev1.PodSucceeded) {
			succeeded++
		}
	}
	images := imageNames(RunningImages(p))
	if images != "" {
		images = " " + images
	}
	if succeeded == len(judged) {
		return fmt.Sprintf("%d succeeded%s", succeeded, images)
	}
	summary := fmt.Sprintf("%d running%s", len(judged)-succeeded, images)
	if restarts > 0 {
		summary += ", " + result.Count(restarts, "restart")
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
