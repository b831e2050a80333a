package trace

import (
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeDeployment: Available stays True while a bad image rolls out, because the old pods serve on; only the numbers
// of the new generation count (Kubernetes v1.36 pkg/controller/deployment/util).
func (p *place) judgeDeployment(j *judgement, o facts.Object) *judgement {
	desired, s := replicas(o), replicaStatus(o)
	progressing := kinds.ConditionOf(o.Body, appsv1.DeploymentProgressing)
	j.Since = since(progressing)
	numbers := fmt.Sprintf("Deployment %d/%d", s.ready, desired)
	switch {
	case !observed(o):
		return p.workloadNotObserved(j, o)
	case kinds.Bool(o.Body, "spec", "paused"):
		j.State, j.Summary = Suspended, numbers+", rollout paused"
		if s.updated < desired || s.total > s.updated {
			j.Current = Behind
		}
		return j
	case progressing.False():
		return p.deploymentDegraded(j, o, numbers, progressing)
	case desired == 0 && s.total == 0:
		return p.scaledToZero(j, o)
	case s.rolls(desired) || !kinds.ConditionOf(o.Body, appsv1.DeploymentAvailable).True():
		return p.deploymentRolling(j, o, fmt.Sprintf("%s ready, %d updated", numbers, s.updated))
	}
	return j.ok("%s", numbers)
}

// counts are what the status of a workload says of its pods.
type counts struct{ total, updated, ready, available int64 }

func replicaStatus(o facts.Object) counts {
	number := func(name string) int64 {
		n, _ := kinds.Number(o.Body, "status", name)
		return n
	}
	return counts{number("replicas"), number("updatedReplicas"), number("readyReplicas"), number("availableReplicas")}
}

// rolls reports whether pods are missing, too many, not ready, or of another revision.
func (c counts) rolls(desired int64) bool {
	return c.updated < desired || c.total > c.updated || c.total != desired || c.available < desired || c.ready < desired
}

func (p *place) scaledToZero(j *judgement, o facts.Object) *judgement {
	if by, scaled := p.scaledDownBy(o.Ref); scaled {
		return j.ok("%s scaled to 0 by %s", o.Ref.Kind, by.Kind)
	}
	j.State, j.Summary = Suspended, o.Ref.Kind+" scaled to 0"
	return j
}

// workloadNotObserved: until its controller has seen the newest generation, what runs is about to be replaced.
func (p *place) workloadNotObserved(j *judgement, o facts.Object) *judgement {
	j.replaces = p.recent(p.changed(p.rendered), observeClock)
	if p.statusOutdated(j, o); j.State == Failed {
		j.follows = RungPod
	}
	return j
}

// deploymentRolling: a Deployment that completed its rollout once and lost a pod since is neither Healthy nor Degraded for
// OpenChoreo (v1.2.3 controller_status.go:276), for as long as it lasts; a new rollout has its own deadline.
func (p *place) deploymentRolling(j *judgement, o facts.Object, summary string) *judgement {
	j.follows = RungPod
	available := kinds.ConditionOf(o.Body, appsv1.DeploymentAvailable)
	if failure := kinds.ConditionOf(o.Body, appsv1.DeploymentReplicaFailure); failure.True() {
		j.follows, j.Summary = "", summary
		return j.fail(podsRefused(failure))
	}
	if kinds.ConditionOf(o.Body, appsv1.DeploymentProgressing).Reason != "NewReplicaSetAvailable" {
		return j.wait(j.Since, "%s", summary)
	}
	if available.False() && !p.recent(since(available), startClock) {
		j.Summary = summary
		return j.fail(Finding{Code: CodeRolloutStuck, Message: available.Message, Since: since(available), Evidence: quote(available)})
	}
	return p.rolling(j, summary)
}

// rolling waits for pods for as long as some are new or have just changed. The status of a workload does not say since when
// pods are missing.
func (p *place) rolling(j *judgement, summary string) *judgement {
	j.follows = RungPod
	moved := p.podsMoved()
	if p.recent(moved, startClock) {
		return j.wait(moved, "%s", summary)
	}
	j.Summary = summary
	f := Finding{Code: CodeRolloutStuck, Message: summary + ", and no pod has changed for " + startClock.String(), Since: moved}
	if w, refused := p.refusedPods(); refused {
		j.follows = ""
		f.Code, f.Message, f.Since, f.Hint = CodePodsRefused, w.message, w.last, orElse(refusal(w.message), "the pods are refused before they are made")
	}
	return j.fail(f)
}

// podsMoved is the newest time at which a pod is known to have been made, or to have become ready or unready; of pods that
// cannot be seen, when OpenChoreo found them not ready.
func (p *place) podsMoved() time.Time {
	moved := newest(p.appliedAt(), p.changed(p.rendered))
	if c := kinds.ConditionOf(p.binding.Body, "ResourcesReady"); !c.True() {
		moved = newest(moved, since(c))
	}
	for _, pod := range p.pods() {
		moved = newest(moved, createdAt(pod), since(kinds.ConditionOf(pod.Body, corev1.PodReady)))
	}
	return moved
}

func podsRefused(c kinds.Condition) Finding {
	f := Finding{Code: CodePodsRefused, Message: c.Message, Since: since(c), Evidence: quote(c), Hint: refusal(c.Message)}
	if f.Hint == "" && c.Reason == "FailedCreate" { // FailedDelete is of a pod that cannot be taken away
		f.Hint = "the pods are refused before they are made: a quota, a policy or a webhook of the plane"
	}
	return f
}

func (p *place) deploymentDegraded(j *judgement, o facts.Object, numbers string, progressing kinds.Condition) *judgement {
	j.follows = RungPod
	j.Summary = fmt.Sprintf("%s ready: %s", numbers, progressing.Reason)
	if c := kinds.ConditionOf(o.Body, appsv1.DeploymentReplicaFailure); c.True() {
		j.follows = ""
		return j.fail(podsRefused(c))
	}
	return j.fail(Finding{Code: CodeDeploymentDegraded, Message: progressing.Message, Since: since(progressing), Evidence: quote(progressing)})
}

// judgeReplicaSet judges one that is rendered by itself; its template is only for pods that are yet to be made.
func (p *place) judgeReplicaSet(j *judgement, o facts.Object) *judgement {
	desired, s := replicas(o), replicaStatus(o)
	failure := kinds.ConditionOf(o.Body, appsv1.ReplicaSetReplicaFailure)
	summary := fmt.Sprintf("ReplicaSet %d/%d", s.ready, desired)
	switch {
	case !observed(o):
		return p.workloadNotObserved(j, o)
	case failure.True():
		j.Summary = summary
		return j.fail(podsRefused(failure))
	case desired == 0 && s.total == 0:
		return p.scaledToZero(j, o)
	case s.total != desired || s.ready < desired || s.available < desired:
		return p.rolling(j, summary+" ready")
	}
	return j.ok("%s", summary)
}

// judgeStatefulSet: OpenChoreo never calls one degraded (openchoreo v1.2.3 controller_status.go:315), so a crash looks
// like progress for ever; the pods tell. With OnDelete new pods only come when somebody deletes the old ones, and with a
// partition those below it keep the revision before.
func (p *place) judgeStatefulSet(j *judgement, o facts.Object) *judgement {
	desired, s := replicas(o), replicaStatus(o)
	numbers := fmt.Sprintf("StatefulSet %d/%d", s.ready, desired)
	partition, partitioned := kinds.Number(o.Body, "spec", "updateStrategy", "rollingUpdate", "partition")
	switch {
	case !observed(o):
		return p.workloadNotObserved(j, o)
	case desired == 0 && s.total == 0:
		return p.scaledToZero(j, o)
	case s.ready < desired || s.total != desired:
		return p.rolling(j, fmt.Sprintf("%s ready, %d updated", numbers, s.updated))
	case s.updated < desired && onDelete(o):
		return p.oldPodsStay(j, fmt.Sprintf("%s, %d updated", numbers, s.updated), s.updated, desired)
	case s.updated+partition < desired || !partitioned && !onDelete(o) && !revisionsAgree(o):
		return p.rolling(j, fmt.Sprintf("%s ready, %d updated", numbers, s.updated))
	case s.updated < desired:
		j.Current = Behind
		return j.ok("%s, %d updated: spec.updateStrategy keeps the others", numbers, s.updated)
	}
	return j.ok("%s", numbers)
}

// revisionsAgree: the controller sets both names to the same when a rollout is over (Kubernetes v1.36
// pkg/controller/statefulset/stateful_set_utils.go, completeRollingUpdate).
func revisionsAgree(o facts.Object) bool {
	return kinds.Text(o.Body, "status", "currentRevision") == kinds.Text(o.Body, "status", "updateRevision")
}

func onDelete(o facts.Object) bool {
	return kinds.Text(o.Body, "spec", "updateStrategy", "type") == string(appsv1.OnDeleteStatefulSetStrategyType)
}

func (p *place) oldPodsStay(j *judgement, summary string, updated, desired int64) *judgement {
	j.Current, j.Summary = Behind, summary
	return j.fail(Finding{
		Code: CodeRolloutStuck, Message: fmt.Sprintf("%d of %d pods are of the present revision", updated, desired),
		Hint: "spec.updateStrategy is OnDelete: a pod changes when somebody deletes it",
	})
}

// judgeDaemonSet: OpenChoreo calls one Healthy as soon as it exists.
func (p *place) judgeDaemonSet(j *judgement, o facts.Object) *judgement {
	number := func(name string) int64 {
		n, _ := kinds.Number(o.Body, "status", name)
		return n
	}
	desired, ready, updated := number("desiredNumberScheduled"), number("numberReady"), number("updatedNumberScheduled")
	summary := fmt.Sprintf("DaemonSet %d/%d", ready, desired)
	switch {
	case !observed(o):
		return p.workloadNotObserved(j, o)
	case ready >= desired && updated < desired && onDelete(o):
		return p.oldPodsStay(j, fmt.Sprintf("%s, %d updated", summary, updated), updated, desired)
	case ready < desired || updated < desired || number("currentNumberScheduled") < desired || number("numberAvailable") < desired:
		if p.rolling(j, fmt.Sprintf("%s ready, %d updated", summary, updated)); hasCode(j, CodeRolloutStuck) {
			last := &j.Findings[len(j.Findings)-1]
			last.Code, last.Message = CodeDaemonSetNotReady, fmt.Sprintf("%d of %d nodes run a ready pod, %d of the present revision", ready, desired, updated)
		}
		return j
	}
	return j.ok("%s", summary)
}

// appliedAt is when OpenChoreo applied what the plane has, as far as the RenderedRelease says.
func (p *place) appliedAt() time.Time {
	return since(kinds.ConditionOf(p.rendered.Body, "ResourcesApplied"))
}

// replicas is spec.replicas, which defaults to 1.
func replicas(o facts.Object) int64 {
	if n, ok := kinds.Number(o.Body, "spec", "replicas"); ok {
		return n
	}
	return 1
}

func observed(o facts.Object) bool {
	n, _ := kinds.Number(o.Body, "status", "observedGeneration")
	return n >= o.Body.GetGeneration()
}
