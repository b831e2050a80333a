package trace

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// podReady: no container has failed, so what is left is the start of the pod and its readiness.
func (p *place) podReady(j *judgement, o facts.Object) *judgement {
	ready := kinds.ConditionOf(o.Body, corev1.PodReady)
	if ready.True() {
		j.Since = since(ready)
		p.flapping(j, o)
		return j.ok("%s", p.withImage("running", o))
	}
	started := allRunning(o)
	switch {
	case started.IsZero():
		return p.starting(j, o, ready)
	case kinds.ConditionOf(o.Body, corev1.ContainersReady).True():
		return p.gated(j, o, ready, started)
	}
	// One that was Ready and is so no more has the same time as one that has started: a probe may fail once.
	began := newest(started, since(ready))
	if p.within(began, readyClock) {
		return j.wait(began, "not ready")
	}
	j.Summary = "not ready"
	return j.fail(p.withEvent(p.notReadyFinding(o, ready, "the containers run, but the readiness probe does not succeed"), o.Ref, "Unhealthy"))
}

func (p *place) notReadyFinding(o facts.Object, ready kinds.Condition, hint string) Finding {
	return Finding{
		Code: CodePodNotReady, Message: orElse(ready.Message, "the pod is not ready"), Since: since(ready), Evidence: quote(ready),
		Hint: hint, Next: describePod(o.Ref),
	}
}

// starting judges a pod of which not every container runs.
func (p *place) starting(j *judgement, o facts.Object, ready kinds.Condition) *judgement {
	began := createdAt(o)
	if w, fails := p.unmounted(o); fails && !p.within(began, pullClock) {
		j.Summary = "a volume cannot be mounted"
		f := Finding{
			Code: CodeVolumeNotMounted, Message: w.message, Since: began, Next: describePod(o.Ref), Evidence: []Evidence{{"event " + w.reason, w.message}},
			Hint: "what the volume is made of is not there, or cannot be attached to the node",
		}
		p.nameProducer(&f, o.Ref)
		return j.fail(f)
	}
	if p.within(began, startClock) {
		return j.wait(began, "starting")
	}
	j.Summary = "starting"
	hint := "its containers have not been started: an image, a volume or the node takes too long"
	if state := p.nodeState(o); state != "" {
		hint = "its containers have not been started; " + state
	}
	return j.fail(p.withEvent(p.notReadyFinding(o, ready, hint), o.Ref, "FailedCreatePodSandBox"))
}

// gated judges a pod whose containers are all ready: Ready also waits for the readiness gates, whose conditions other controllers
// set (Kubernetes v1.36 pkg/kubelet/status/generate.go).
func (p *place) gated(j *judgement, o facts.Object, ready kinds.Condition, started time.Time) *judgement {
	for _, gate := range kinds.Items(o.Body, "spec", "readinessGates") {
		name := kinds.String(gate, "conditionType")
		c := kinds.ConditionOf(o.Body, name)
		if c.True() {
			continue
		}
		began := newest(started, since(ready), since(c))
		j.Summary = "waits for readiness gate " + name
		if p.within(began, gateClock) {
			return j.wait(began, "%s", j.Summary)
		}
		f := Finding{
			Code: CodeReadinessGate, Message: fmt.Sprintf("readiness gate %s: no controller has set this condition", name), Since: began, Next: describePod(o.Ref),
			Hint: "the containers are ready; the controller that owns the gate decides when the pod is", Evidence: quote(c),
		}
		if c.Present() {
			f.Message = fmt.Sprintf("readiness gate %s is %s: %s", name, c.Status, orElse(c.Message, orElse(c.Reason, "no message")))
		}
		return j.fail(f)
	}
	began := newest(started, since(ready))
	if p.within(began, readyClock) {
		return j.wait(began, "not ready, but its containers are")
	}
	j.Summary = "not ready, but its containers are"
	hint := fmt.Sprintf("the node controller takes Ready from the pods of a node that misses heartbeats, and the kubelet of node %s has not set it again", orElse(kinds.Text(o.Body, "spec", "nodeName"), "(none)"))
	return j.fail(p.notReadyFinding(o, ready, hint))
}

// unmounted is the kubelet's newest event about a volume, as long as the volume is not mounted. The kubelet mounts all volumes before it
// makes the sandbox (Kubernetes v1.36 pkg/kubelet/kubelet.go, condition PodReadyToStartContainers); a kubelet that does
// not set this condition tries again after twice the time, so an event that is older was the last one.
func (p *place) unmounted(o facts.Object) (warning, bool) {
	sandbox := kinds.ConditionOf(o.Body, corev1.PodReadyToStartContainers)
	if sandbox.True() || anyStarted(o) {
		return warning{}, false
	}
	for _, w := range p.warnings(o.Ref) {
		if w.reason != "FailedMount" && w.reason != "FailedAttachVolume" {
			continue
		}
		tried := w.last.Sub(newest(createdAt(o), since(kinds.ConditionOf(o.Body, corev1.PodScheduled))))
		return w, sandbox.Present() || p.within(w.last, min(tried, mountClock)+readyClock)
	}
	return warning{}, false
}

// anyStarted reports whether a container of a pod runs or has run.
func anyStarted(o facts.Object) bool {
	for _, c := range containers(o) {
		if reason, _ := c.waiting(); kinds.Fields(c.status, "state", "running") != nil || lastTermination(c) != nil || reason == "CrashLoopBackOff" {
			return true
		}
	}
	return false
}
