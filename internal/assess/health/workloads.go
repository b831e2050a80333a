package health

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessDeployment: Available stays True while a bad image rolls out, because the old pods serve on; only the numbers
// of the new generation count (Kubernetes v1.36 pkg/controller/deployment/util).
func assessDeployment(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	desired, s := view.Replicas(o), replicaStatus(o)
	progressing := kinds.ConditionOf(o.Body, appsv1.DeploymentProgressing)
	j.Since = view.LastTransition(progressing)
	numbers := fmt.Sprintf("Deployment %d/%d", s.ready, desired)
	switch {
	case !view.Observed(o):
		return workloadNotObserved(p, j, o)
	case kinds.Bool(o.Body, "spec", "paused"):
		j.State, j.Summary = trace.Suspended, numbers+", rollout paused"
		if s.updated < desired || s.total > s.updated {
			j.Current = trace.Behind
			return deploymentHeldBack(j, o.Ref)
		}
		return j
	case progressing.False():
		return deploymentDegraded(p, j, o, numbers, progressing)
	case desired == 0 && s.total == 0:
		return scaledToZero(p, j, o)
	case s.rolls(desired) || !kinds.ConditionOf(o.Body, appsv1.DeploymentAvailable).True():
		return deploymentRolling(p, j, o, fmt.Sprintf("%s ready, %d updated", numbers, s.updated))
	}
	return j.OK("%s", numbers)
}

// counts are what the status of a workload reports about its pods.
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

func scaledToZero(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if by, scaled := scaledDownBy(p, o.Ref); scaled {
		return j.OK("%s scaled to 0 by %s", o.Ref.Kind, by.Kind)
	}
	j.State, j.Summary = trace.Suspended, o.Ref.Kind+" scaled to 0"
	return j
}

// workloadNotObserved: until its controller has seen the newest generation, what runs is about to be replaced.
func workloadNotObserved(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	j.ReplacesBelow = p.Within(p.LastChange(p.Rendered), view.ObserveTimeout)
	if conditions.StatusOutdated(p, j, o); j.State == trace.Failed {
		j.Cause = result.CausedBy(trace.RungPod)
	}
	return j
}

// deploymentRolling: a Deployment that completed its rollout once and lost a pod since is neither Healthy nor Degraded for
// OpenChoreo (v1.2.3 controller_status.go:276), for as long as it lasts. A new rollout has its own deadline, unless its
// progressDeadlineSeconds is the largest number there is: then it has no Progressing condition (Kubernetes v1.36
// pkg/controller/deployment/util/deployment_util.go, HasProgressDeadline).
func deploymentRolling(p *view.Environment, j *result.Result, o facts.Object, summary string) *result.Result {
	j.Cause = result.CausedBy(trace.RungPod)
	available := kinds.ConditionOf(o.Body, appsv1.DeploymentAvailable)
	if failure := kinds.ConditionOf(o.Body, appsv1.DeploymentReplicaFailure); failure.True() {
		j.Cause, j.Summary = result.Cause{}, summary
		return j.Fail(podsRefused(failure))
	}
	progressing := kinds.ConditionOf(o.Body, appsv1.DeploymentProgressing)
	if progressing.Present() && progressing.Reason != kinds.ReasonNewReplicaSetAvailable {
		return j.Wait(j.Since, "%s", summary)
	}
	if available.False() && !p.Within(view.LastTransition(available), view.StartTimeout) {
		j.Summary = summary
		return j.Fail(trace.Finding{Code: trace.CodeRolloutStuck, Message: available.Message, Since: view.LastTransition(available), Evidence: view.ConditionEvidence(available)})
	}
	return rolling(p, j, summary)
}

// rolling waits for pods for as long as some are new or have just changed. The status of a workload does not say since when
// pods are missing.
func rolling(p *view.Environment, j *result.Result, summary string) *result.Result {
	j.Cause = result.CausedBy(trace.RungPod)
	moved := p.PodsMoved()
	if p.Within(moved, view.StartTimeout) {
		return j.Wait(moved, "%s", summary)
	}
	return noPodMoves(p, j, summary, moved, view.StartTimeout)
}

// noPodMoves fails a workload whose pods are missing and were last changed at moved, longer ago than limit.
func noPodMoves(p *view.Environment, j *result.Result, summary string, moved time.Time, limit time.Duration) *result.Result {
	j.Summary = summary
	f := trace.Finding{Code: trace.CodeRolloutStuck, Message: summary + ", and no pod has changed for " + limit.String(), Since: moved}
	if w, refused := p.RefusedPods(); refused {
		j.Cause = result.Cause{}
		f.Code, f.Message, f.Since, f.Hint = trace.CodePodsRefused, w.Message, w.Last, cmp.Or(delivery.Refusal(w.Message, delivery.By{}), "the API server of the data plane rejects the pods")
	}
	return j.Fail(f)
}

func podsRefused(c kinds.Condition) trace.Finding {
	f := trace.Finding{Code: trace.CodePodsRefused, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c), Hint: delivery.Refusal(c.Message, delivery.By{})}
	if f.Hint == "" && c.Reason == kinds.ReasonFailedCreate { // FailedDelete is of a pod that cannot be taken away
		f.Hint = "the API server of the data plane rejects the pods: a quota, a policy or a webhook"
	}
	return f
}

func deploymentDegraded(p *view.Environment, j *result.Result, o facts.Object, numbers string, progressing kinds.Condition) *result.Result {
	j.Cause = result.CausedBy(trace.RungPod)
	if c := kinds.ConditionOf(o.Body, appsv1.DeploymentReplicaFailure); c.True() {
		j.Cause = result.Cause{}
		return j.FailWithCode(numbers+" ready", podsRefused(c))
	}
	f := trace.Finding{
		Code: trace.CodeDeploymentDegraded, Message: progressing.Message, Since: view.LastTransition(progressing), Evidence: view.ConditionEvidence(progressing),
	}
	f.Hint, f.Fix = deadlineExceeded(p, o)
	return j.FailWithCode(numbers+" ready", f)
}

// deadlineExceeded: a pod that is still being started may become ready after the deadline, and the Deployment with it (Kubernetes v1.36
// pkg/controller/deployment/progress.go).
func deadlineExceeded(p *view.Environment, o facts.Object) (hint string, fix trace.Fix) {
	seconds, known := kinds.Number(o.Body, "spec", "progressDeadlineSeconds")
	if !known {
		seconds = 600
	}
	hint = fmt.Sprintf("its new pods were not ready within %d s (spec.progressDeadlineSeconds)", seconds)
	isStarting := func(pod facts.Object) bool {
		return kinds.Text(pod.Body, "status", "phase") == string(corev1.PodPending) && p.Within(view.CreatedAt(pod), view.StartTimeout)
	}
	if slices.ContainsFunc(p.Pods(), isStarting) {
		return hint + ". A pod is still starting: wait for it, or increase the deadline", trace.FixUnknown
	}
	return hint + ": check why they are not ready", trace.FixOutside
}

// assessReplicaSet judges one that is rendered by itself; its template is only for pods that are yet to be made.
func assessReplicaSet(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	desired, s := view.Replicas(o), replicaStatus(o)
	failure := kinds.ConditionOf(o.Body, appsv1.ReplicaSetReplicaFailure)
	summary := fmt.Sprintf("ReplicaSet %d/%d", s.ready, desired)
	switch {
	case !view.Observed(o):
		return workloadNotObserved(p, j, o)
	case failure.True():
		j.Summary = summary
		return j.Fail(podsRefused(failure))
	case desired == 0 && s.total == 0:
		return scaledToZero(p, j, o)
	case s.total != desired || s.ready < desired || s.available < desired:
		return rolling(p, j, summary+" ready")
	}
	return j.OK("%s", summary)
}

// assessStatefulSet: OpenChoreo never calls one degraded (openchoreo v1.2.3 controller_status.go:315), so a crash looks
// like progress for ever; the pods show it. With OnDelete new pods are only created when a person deletes the old ones, and with a
// partition those below it keep the revision before.
func assessStatefulSet(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	desired, s := view.Replicas(o), replicaStatus(o)
	numbers := fmt.Sprintf("StatefulSet %d/%d", s.ready, desired)
	partition, partitioned := kinds.Number(o.Body, "spec", "updateStrategy", "rollingUpdate", "partition")
	switch {
	case !view.Observed(o):
		return workloadNotObserved(p, j, o)
	case desired == 0 && s.total == 0:
		return scaledToZero(p, j, o)
	case s.ready < desired || s.total != desired:
		return rolling(p, j, fmt.Sprintf("%s ready, %d updated", numbers, s.updated))
	case s.updated < desired && onDelete(o):
		return oldPodsStay(p, j, o, fmt.Sprintf("%s, %d updated", numbers, s.updated), s.updated, desired)
	case s.updated+partition < desired || !partitioned && !onDelete(o) && !revisionsAgree(o):
		return rolling(p, j, fmt.Sprintf("%s ready, %d updated", numbers, s.updated))
	case s.updated < desired:
		j.Current = trace.Behind
		return j.OK("%s, %d updated: spec.updateStrategy keeps the others", numbers, s.updated)
	}
	return j.OK("%s", numbers)
}

// revisionsAgree: the controller sets both names to the same when a rollout is over (Kubernetes v1.36
// pkg/controller/statefulset/stateful_set_utils.go, completeRollingUpdate).
func revisionsAgree(o facts.Object) bool {
	return kinds.Text(o.Body, "status", "currentRevision") == kinds.Text(o.Body, "status", "updateRevision")
}

// assessDaemonSet: OpenChoreo calls one Healthy as soon as it exists. Its controller always writes how many nodes it is for
// (Kubernetes v1.36 staging/src/k8s.io/api/apps/v1/types.go, DaemonSetStatus); without that number the controller has not processed it.
func assessDaemonSet(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	number := func(name string) int64 {
		n, _ := kinds.Number(o.Body, "status", name)
		return n
	}
	desired, ready, updated := number("desiredNumberScheduled"), number("numberReady"), number("updatedNumberScheduled")
	_, counted := kinds.Number(o.Body, "status", "desiredNumberScheduled")
	summary := fmt.Sprintf("DaemonSet %d/%d", ready, desired)
	switch {
	case !view.Observed(o):
		return workloadNotObserved(p, j, o)
	case !counted:
		return conditions.ControllerSilent(p, j, o)
	case ready >= desired && updated < desired && onDelete(o):
		return oldPodsStay(p, j, o, fmt.Sprintf("%s, %d updated", summary, updated), updated, desired)
	case ready < desired || updated < desired || number("currentNumberScheduled") < desired || number("numberAvailable") < desired:
		if rolling(p, j, fmt.Sprintf("%s ready, %d updated", summary, updated)); result.HasCode(j, trace.CodeRolloutStuck) {
			last := &j.Findings[len(j.Findings)-1]
			last.Code, last.Message = trace.CodeDaemonSetNotReady, fmt.Sprintf("%d of %d nodes run a ready pod, %d of the current revision", ready, desired, updated)
		}
		return j
	}
	return j.OK("%s", summary)
}
