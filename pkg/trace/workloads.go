package trace

import (
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeDeployment: Available stays True while a bad image rolls out, because the old pods serve on; only the numbers
// of the new generation count (Kubernetes v1.36 pkg/controller/deployment/util).
func (p *place) judgeDeployment(j *judgement, o facts.Object) *judgement {
	desired := replicas(o)
	updated, _ := kinds.Number(o.Body, "status", "updatedReplicas")
	ready, _ := kinds.Number(o.Body, "status", "readyReplicas")
	available, _ := kinds.Number(o.Body, "status", "availableReplicas")
	total, _ := kinds.Number(o.Body, "status", "replicas")
	progressing := kinds.ConditionOf(o.Body, "Progressing")
	j.Since = since(progressing)
	numbers := fmt.Sprintf("Deployment %d/%d", ready, desired)
	switch {
	case kinds.Bool(o.Body, "spec", "paused"):
		j.State, j.Summary = Suspended, numbers+", rollout paused"
		return j
	case !observed(o):
		j.replaces = p.within(p.changed(p.rendered), observeClock)
		return j.wait(j.Since, "Deployment: generation %d not observed yet", o.Body.GetGeneration())
	case progressing.False():
		return p.deploymentDegraded(j, o, numbers, progressing)
	case desired == 0 && total == 0:
		j.State, j.Summary = Suspended, "Deployment scaled to 0"
		return j
	case updated < desired || total > updated || available < desired:
		return p.deploymentRolling(j, o, fmt.Sprintf("%s ready, %d updated", numbers, updated))
	}
	return j.ok("%s", numbers)
}

// deploymentRolling: a Deployment that completed its rollout once and lost a pod since is neither Healthy nor Degraded for
// OpenChoreo (v1.2.3 controller_status.go:276), for as long as it lasts; a new rollout has its own deadline.
func (p *place) deploymentRolling(j *judgement, o facts.Object, summary string) *judgement {
	j.follows = RungPod
	available := kinds.ConditionOf(o.Body, "Available")
	if failure := kinds.ConditionOf(o.Body, "ReplicaFailure"); failure.True() {
		j.follows, j.Summary = "", summary
		return j.fail(podsRefused(failure))
	}
	if kinds.ConditionOf(o.Body, "Progressing").Reason == "NewReplicaSetAvailable" && !p.within(since(available), startClock) && available.False() {
		j.Summary = summary
		return j.fail(Finding{Code: CodeRolloutStuck, Message: available.Message, Since: since(available), Evidence: quote(available)})
	}
	return j.wait(j.Since, "%s", summary)
}

func podsRefused(c kinds.Condition) Finding {
	return Finding{
		Code: CodePodsRefused, Message: c.Message, Since: since(c), Evidence: quote(c),
		Hint: orElse(refusal(c.Message), "the pods are refused before they are made: a quota, a policy or a webhook of the plane"),
	}
}

func (p *place) deploymentDegraded(j *judgement, o facts.Object, numbers string, progressing kinds.Condition) *judgement {
	j.follows = RungPod
	j.Summary = fmt.Sprintf("%s ready: %s", numbers, progressing.Reason)
	if c := kinds.ConditionOf(o.Body, "ReplicaFailure"); c.True() {
		j.follows = ""
		return j.fail(podsRefused(c))
	}
	return j.fail(Finding{Code: CodeDeploymentDegraded, Message: progressing.Message, Since: since(progressing), Evidence: quote(progressing)})
}

// judgeStatefulSet: OpenChoreo never calls one degraded (openchoreo v1.2.3 controller_status.go:315), so a crash looks
// like progress for ever; the pods tell. With OnDelete new pods only come when somebody deletes the old ones.
func (p *place) judgeStatefulSet(j *judgement, o facts.Object) *judgement {
	desired := replicas(o)
	ready, _ := kinds.Number(o.Body, "status", "readyReplicas")
	updated, _ := kinds.Number(o.Body, "status", "updatedReplicas")
	numbers := fmt.Sprintf("StatefulSet %d/%d", ready, desired)
	partition, _ := kinds.Number(o.Body, "spec", "updateStrategy", "rollingUpdate", "partition")
	switch {
	case !observed(o):
		j.replaces = p.within(p.changed(p.rendered), observeClock)
		return j.wait(o.Body.GetCreationTimestamp().Time, "StatefulSet: generation %d not observed yet", o.Body.GetGeneration())
	case desired == 0:
		j.State, j.Summary = Suspended, "StatefulSet scaled to 0"
		return j
	case ready < desired:
		j.follows = RungPod
		return j.wait(o.Body.GetCreationTimestamp().Time, "%s ready, %d updated", numbers, updated)
	case updated+partition < desired && kinds.Text(o.Body, "spec", "updateStrategy", "type") == "OnDelete":
		j.Current, j.Summary = Behind, fmt.Sprintf("%s, %d updated", numbers, updated)
		return j.fail(Finding{
			Code: CodeRolloutStuck, Message: fmt.Sprintf("%d of %d pods are of the present revision", updated, desired),
			Hint: "spec.updateStrategy is OnDelete: a pod changes when somebody deletes it",
		})
	case updated+partition < desired:
		return j.wait(o.Body.GetCreationTimestamp().Time, "%s ready, %d updated", numbers, updated)
	}
	return j.ok("%s", numbers)
}

// judgeDaemonSet: OpenChoreo calls one Healthy as soon as it exists.
func (p *place) judgeDaemonSet(j *judgement, o facts.Object) *judgement {
	desired, _ := kinds.Number(o.Body, "status", "desiredNumberScheduled")
	ready, _ := kinds.Number(o.Body, "status", "numberReady")
	updated, _ := kinds.Number(o.Body, "status", "updatedNumberScheduled")
	summary := fmt.Sprintf("DaemonSet %d/%d", ready, desired)
	if ready >= desired && updated >= desired && observed(o) {
		return j.ok("%s", summary)
	}
	j.follows = RungPod
	if p.within(p.appliedAt(), startClock) {
		return j.wait(p.appliedAt(), "%s ready, %d updated", summary, updated)
	}
	j.Summary = summary + " ready"
	return j.fail(Finding{Code: CodeDaemonSetNotReady, Message: fmt.Sprintf("%d of %d nodes run a ready pod, %d of the present revision", ready, desired, updated), Since: p.appliedAt()})
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
