package pods

import (
	"cmp"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessPod reads a pod in the order of its life: scheduled, initialised, started, ready.
func AssessPod(p *view.Environment, o facts.Object) *result.Result {
	j := result.New(trace.RungPod, o.Ref)
	j.Current = podCurrency(p, o)
	j.Since = o.Body.GetCreationTimestamp().UTC()
	switch phase := kinds.Text(o.Body, "status", "phase"); {
	case phase == string(corev1.PodSucceeded):
		return j.OK("%s", withImage(p, "succeeded", o))
	case phase == string(corev1.PodFailed) && kinds.Text(o.Body, "status", "reason") != "":
		return podFailed(p, j, o)
	}
	if scheduled := kinds.ConditionOf(o.Body, corev1.PodScheduled); scheduled.False() {
		return unscheduled(p, j, o, scheduled)
	}
	if f, lost := lostNode(p, o); lost && !kinds.ConditionOf(o.Body, corev1.PodReady).True() {
		return onLostNode(p, j, f)
	}
	for _, c := range containers(o) {
		if f, failed := assessContainer(p, o, c); failed {
			j.Summary = string(f.Code)
			return j.Fail(f)
		}
	}
	return podReady(p, j, o)
}

// withImage adds the image of the component's container to what a pod does.
func withImage(p *view.Environment, does string, o facts.Object) string {
	if image := imageOf(p, o); image != "" {
		return does + " " + trace.ImageName(image)
	}
	return does
}

// podFailed: the kubelet gives a reason of its own for an eviction or a shutdown of the node.
func podFailed(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	reason := kinds.Text(o.Body, "status", "reason")
	j.Summary = string(trace.CodePodFailed)
	return j.Fail(trace.Finding{
		Code: trace.CodePodFailed, Message: cmp.Or(kinds.Text(o.Body, "status", "message"), reason),
		Evidence: []trace.Evidence{{Path: "status.phase", Value: string(corev1.PodFailed)}, {Path: "status.reason", Value: reason}}, Hint: cmp.Or(nodeState(p, o), evictedHint(reason)),
	})
}

// evictedHint is for a pod that the kubelet evicted: its controller creates another.
func evictedHint(reason string) string {
	if reason != "Evicted" {
		return ""
	}
	return "the kubelet evicted this pod, and its controller creates another: compare the requests of the pods on the node with what they use"
}

func unscheduled(p *view.Environment, j *result.Result, o facts.Object, c kinds.Condition) *result.Result {
	j.Summary = string(trace.CodeUnschedulable)
	if p.Within(view.LastTransition(c), view.ScheduleTimeout) {
		return j.Wait(view.LastTransition(c), "not scheduled: %s", c.Message)
	}
	f := trace.Finding{Code: trace.CodeUnschedulable, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c)}
	f.Hint, f.Fix = unschedulableHint(p, o)
	return j.Fail(p.WithEvent(f, o.Ref, kinds.ReasonFailedScheduling))
}

// flapping: a container that was restarted a moment ago is Ready again, until it ends again.
func flapping(p *view.Environment, j *result.Result, o facts.Object) {
	for _, c := range containers(o) {
		ended := lastTermination(c)
		at, err := time.Parse(time.RFC3339, kinds.String(ended, "finishedAt"))
		if err != nil || !p.Within(at, view.FlapWindow) || c.init {
			continue
		}
		f := crash(p, trace.Finding{Object: o.Ref}, o, c)
		f.Code = trace.CodePodFlapping
		f.Message += "; it runs again"
		j.Note(trace.Warning, f)
		return
	}
}

// allRunning is when the last container started, or the zero time if one does not run.
func allRunning(o facts.Object) time.Time {
	var last time.Time
	statuses := kinds.Items(o.Body, "status", "containerStatuses")
	for _, status := range statuses {
		started, err := time.Parse(time.RFC3339, kinds.String(status, "state", "running", "startedAt"))
		if err != nil {
			return time.Time{}
		}
		if started.After(last) {
			last = started
		}
	}
	return last
}
