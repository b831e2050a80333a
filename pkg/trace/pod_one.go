package trace

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgePod reads a pod in the order of its life: scheduled, initialised, started, ready.
func (p *place) judgePod(o facts.Object) *judgement {
	j := rung(RungPod, o.Ref)
	j.Current = p.podCurrency(o)
	j.Since = o.Body.GetCreationTimestamp().UTC()
	switch phase := kinds.Text(o.Body, "status", "phase"); {
	case phase == string(corev1.PodSucceeded):
		return j.ok("%s", p.withImage("succeeded", o))
	case phase == string(corev1.PodFailed) && kinds.Text(o.Body, "status", "reason") != "":
		return p.podFailed(j, o)
	}
	if scheduled := kinds.ConditionOf(o.Body, corev1.PodScheduled); scheduled.False() {
		return p.unscheduled(j, o, scheduled)
	}
	if f, lost := p.lostNode(o); lost && !kinds.ConditionOf(o.Body, corev1.PodReady).True() {
		return p.onLostNode(j, f)
	}
	for _, c := range containers(o) {
		if f, failed := p.judgeContainer(o, c); failed {
			j.Summary = string(f.Code)
			return j.fail(f)
		}
	}
	return p.podReady(j, o)
}

// withImage adds the image of the component's container to what a pod does.
func (p *place) withImage(does string, o facts.Object) string {
	if image := p.imageOf(o); image != "" {
		return does + " " + imageName(image)
	}
	return does
}

// podFailed: the kubelet gives a reason of its own for an eviction or a shutdown of the node.
func (p *place) podFailed(j *judgement, o facts.Object) *judgement {
	reason := kinds.Text(o.Body, "status", "reason")
	j.Summary = reason
	return j.fail(Finding{
		Code: CodePodFailed, Message: orElse(kinds.Text(o.Body, "status", "message"), reason),
		Evidence: []Evidence{{"status.phase", string(corev1.PodFailed)}, {"status.reason", reason}}, Next: describePod(o.Ref), Hint: p.nodeState(o),
	})
}

func (p *place) unscheduled(j *judgement, o facts.Object, c kinds.Condition) *judgement {
	j.Summary = c.Reason
	if p.within(since(c), scheduleClock) {
		return j.wait(since(c), "not scheduled: %s", c.Message)
	}
	f := Finding{
		Code: CodeUnschedulable, Message: c.Message, Since: since(c), Evidence: quote(c), Next: describePod(o.Ref),
		Hint: "no node of the plane takes the pod",
	}
	return j.fail(p.withEvent(f, o.Ref, "FailedScheduling"))
}

// flapping: a container that was restarted a moment ago is Ready again, until it ends again.
func (p *place) flapping(j *judgement, o facts.Object) {
	for _, c := range containers(o) {
		ended := lastTermination(c)
		at, err := time.Parse(time.RFC3339, kinds.String(ended, "finishedAt"))
		if err != nil || !p.within(at, flapClock) || c.init {
			continue
		}
		f := p.crash(Finding{Object: o.Ref}, o, c)
		f.Code = CodePodFlapping
		f.Message += "; it runs again"
		j.note(Warning, f)
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

// withEvent adds what the newest event of one of these reasons says.
func (p *place) withEvent(f Finding, ref facts.Ref, reasons ...string) Finding {
	for _, w := range p.warnings(ref) {
		for _, reason := range reasons {
			if w.reason == reason {
				f.Message = w.message
				f.Evidence = append(f.Evidence, Evidence{"event " + w.reason, w.message})
				return f
			}
		}
	}
	return f
}

func describePod(ref facts.Ref) []string {
	return commands(onPlane(kubectl(ref.Namespace, "describe pod %s", ref.Name), ref.Plane))
}

func firstBody(objects []facts.Object) *unstructured.Unstructured {
	if len(objects) == 0 {
		return nil
	}
	return objects[0].Body
}
