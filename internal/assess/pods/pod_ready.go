package pods

import (
	"cmp"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/events"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// podReady: no container has failed, so what is left is the start of the pod and its readiness.
func podReady(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	ready := kinds.ConditionOf(o.Body, corev1.PodReady)
	if ready.True() {
		j.Since = view.LastTransition(ready)
		flapping(p, j, o)
		return j.OK("%s", withImage(p, "running", o))
	}
	started := allRunning(o)
	switch {
	case started.IsZero():
		return starting(p, j, o, ready)
	case kinds.ConditionOf(o.Body, corev1.ContainersReady).True():
		return gated(p, j, o, ready, started)
	}
	// One that was Ready and is so no more has the same time as one that has started: a probe may fail once.
	began := view.Latest(started, view.LastTransition(ready))
	if p.Within(began, view.ReadyTimeout) {
		return j.Wait(began, "not ready")
	}
	j.Summary = "not ready"
	return j.Fail(p.WithEvent(notReadyFinding(ready, "the containers run, but the readiness probe does not succeed: the logs show why, or the probe is not that of this program"), o.Ref, kinds.ReasonUnhealthy))
}

func notReadyFinding(ready kinds.Condition, hint string) trace.Finding {
	return trace.Finding{
		Code: trace.CodePodNotReady, Message: cmp.Or(ready.Message, "the pod is not ready"), Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(ready),
		Hint: hint,
	}
}

// starting judges a pod of which not every container runs.
func starting(p *view.Environment, j *result.Result, o facts.Object, ready kinds.Condition) *result.Result {
	began := view.CreatedAt(o)
	if w, fails := unmounted(p, o); fails && !p.Within(began, view.PullTimeout) {
		j.Summary = "a volume cannot be mounted"
		f := trace.Finding{
			Code: trace.CodeVolumeNotMounted, Message: w.Message, Since: began, Evidence: []trace.Evidence{{Path: "event " + w.Reason, Value: w.Message}},
			Hint: "the source of the volume does not exist, or cannot be attached to the node",
		}
		nameProducer(p, &f, o.Ref, "a volume of the pod")
		return j.Fail(f)
	}
	if p.Within(began, view.StartTimeout) {
		return j.Wait(began, "starting")
	}
	j.Summary = "starting"
	hint := "its containers have not started: check the image, the volumes and the node"
	if state := nodeState(p, o); state != "" {
		hint = "its containers have not started; " + state
	}
	return j.Fail(p.WithEvent(notReadyFinding(ready, hint), o.Ref, kinds.ReasonFailedCreatePodSandBox))
}

// gated judges a pod whose containers are all ready: Ready also waits for the readiness gates, whose conditions other controllers
// set (Kubernetes v1.36 pkg/kubelet/status/generate.go).
func gated(p *view.Environment, j *result.Result, o facts.Object, ready kinds.Condition, started time.Time) *result.Result {
	for _, gate := range kinds.Items(o.Body, "spec", "readinessGates") {
		name := kinds.String(gate, "conditionType")
		c := kinds.ConditionOf(o.Body, name)
		if c.True() {
			continue
		}
		began := view.Latest(started, view.LastTransition(ready), view.LastTransition(c))
		j.Summary = "waits for readiness gate " + name
		if p.Within(began, view.GateTimeout) {
			return j.Wait(began, "%s", j.Summary)
		}
		f := trace.Finding{
			Code: trace.CodeReadinessGateNotMet, Message: fmt.Sprintf("readiness gate %s: no controller has set this condition", name), Since: began,
			Hint: fmt.Sprintf("the containers are ready, but the pod is not ready without this condition, which %s sets: check that it runs and handles this namespace, or remove the gate from spec.readinessGates in the component type, if it is not needed", kinds.GateController(name)), Evidence: view.ConditionEvidence(c),
		}
		if c.Present() {
			f.Message = fmt.Sprintf("readiness gate %s is %s: %s", name, c.Status, cmp.Or(c.Message, c.Reason, "no message"))
			f.Hint = fmt.Sprintf("the containers are ready, but the pod is not ready until this condition is True, which %s sets: fix what the message names, such as the target that it checks", kinds.GateController(name))
		}
		return j.Fail(f)
	}
	began := view.Latest(started, view.LastTransition(ready))
	if p.Within(began, view.ReadyTimeout) {
		return j.Wait(began, "its containers are ready, but the pod is not")
	}
	j.Summary = "its containers are ready, but the pod is not"
	hint := fmt.Sprintf("Kubernetes sets Ready to False if the node misses heartbeats, and the kubelet of node %s has not set it to True again", cmp.Or(kinds.Text(o.Body, "spec", "nodeName"), "(none)"))
	return j.Fail(notReadyFinding(ready, hint))
}

// unmounted is the kubelet's newest event about a volume, as long as the volume is not mounted. The kubelet mounts all volumes before it
// makes the sandbox (Kubernetes v1.36 pkg/kubelet/kubelet.go, condition PodReadyToStartContainers); a kubelet that does
// not set this condition tries again after twice the time, so an event that is older was the last one.
func unmounted(p *view.Environment, o facts.Object) (events.Warning, bool) {
	sandbox := kinds.ConditionOf(o.Body, corev1.PodReadyToStartContainers)
	if sandbox.True() || anyStarted(o) {
		return events.Warning{}, false
	}
	for _, w := range p.Warnings(o.Ref) {
		if w.Reason != kinds.ReasonFailedMount && w.Reason != kinds.ReasonFailedAttachVolume {
			continue
		}
		tried := w.Last.Sub(view.Latest(view.CreatedAt(o), view.LastTransition(kinds.ConditionOf(o.Body, corev1.PodScheduled))))
		return w, sandbox.Present() || p.Within(w.Last, min(tried, view.MountTimeout)+view.ReadyTimeout)
	}
	return events.Warning{}, false
}

// anyStarted reports whether a container of a pod runs or has run.
func anyStarted(o facts.Object) bool {
	for _, c := range containers(o) {
		if reason, _ := c.waiting(); kinds.Fields(c.status, "state", "running") != nil || lastTermination(c) != nil || reason == kinds.ReasonCrashLoopBackOff {
			return true
		}
	}
	return false
}
