package collect

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/triage"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxLogs bounds the containers whose log is read: the replicas of one release crash for one reason.
const maxLogs = 3

// maxNodes bounds the Nodes that are read, and kubeletDelay is how long a kubelet may take to begin with a pod.
const (
	maxNodes     = 3
	kubeletDelay = 30 * time.Second
)

// requestPodProblems requests what explains unhealthy pods: the warnings of the cell, the ReplicaSets, and the log of containers
// that crashed.
func (k planes) requestPodProblems(plane facts.Plane, namespace string, pods facts.Query) {
	l := k.List(pods)
	if l.Outcome != facts.Found {
		return
	}
	unwell, logs := false, 0
	for _, item := range l.Items {
		pod := k.Object(item)
		k.requestNodeOf(pod)
		if triage.IsHealthy(pod) {
			continue
		}
		unwell = true
		k.requestJobOf(pod)
		for _, container := range triage.CrashedContainers(pod) {
			if logs < maxLogs {
				logs++
				k.requestCrashLog(pod.Ref, container)
			}
		}
	}
	if unwell || k.noPods(l, plane, namespace) {
		k.RequestList(facts.Query{Plane: plane, Kind: "Event", Namespace: namespace, Fields: "type=Warning"})
		k.RequestList(facts.Query{Plane: plane, Group: kinds.Apps, Kind: "ReplicaSet", Namespace: namespace, Labels: pods.Labels})
	}
}

// requestNodeOf requests the Node of a pod whose own status cannot explain it: its containers are ready and it is not, also
// while it is being deleted; it should have ended; the kubelet has not started it; or it was ended because of the node.
func (k planes) requestNodeOf(pod facts.Object) {
	ref := facts.Ref{Plane: pod.Ref.Plane, Kind: "Node", Name: kinds.Text(pod.Body, "spec", "nodeName")}
	if ref.Name != "" && k.mayBeNodeProblem(pod) && (k.nodes[ref] || len(k.nodes) < maxNodes) {
		k.nodes[ref] = true
		k.RequestObject(ref)
	}
}

func (k planes) mayBeNodeProblem(pod facts.Object) bool {
	if deleted := pod.Body.GetDeletionTimestamp(); deleted != nil && k.TakenAt.After(deleted.Time) {
		return true
	}
	phase := kinds.Text(pod.Body, "status", "phase")
	ready, scheduled := kinds.ConditionOf(pod.Body, corev1.PodReady), kinds.ConditionOf(pod.Body, corev1.PodScheduled)
	switch {
	case phase == string(corev1.PodUnknown), phase == string(corev1.PodFailed) && kinds.Text(pod.Body, "status", "reason") != "":
		return true
	case phase == string(corev1.PodPending) && !ready.Present():
		return scheduled.True() && k.TakenAt.Sub(scheduled.LastTransitionTime) > kubeletDelay
	}
	return ready.Present() && !ready.True() && kinds.ConditionOf(pod.Body, corev1.ContainersReady).True() && !triage.HasUnmetGate(pod)
}

// requestJobOf requests the Job of a pod that the schedule of a CronJob created: a later attempt may have succeeded.
func (k planes) requestJobOf(pod facts.Object) {
	for _, owner := range pod.Body.GetOwnerReferences() {
		if owner.Kind == "Job" {
			k.RequestObject(facts.Ref{Plane: pod.Ref.Plane, Group: kinds.Batch, Kind: "Job", Namespace: pod.Ref.Namespace, Name: owner.Name})
		}
	}
}

// noPods reports whether a Deployment has no pods: the reason is in its ReplicaSet and the events.
func (k planes) noPods(pods facts.List, plane facts.Plane, namespace string) bool {
	if len(pods.Items) > 0 {
		return false
	}
	for _, o := range k.Of(plane, kinds.Apps, "Deployment") {
		if o.Ref.Namespace == namespace {
			return true
		}
	}
	return false
}

// requestCrashLog requests the log of the run that crashed; if there is none, that of the present run.
func (k planes) requestCrashLog(pod facts.Ref, container string) {
	previous := facts.LogQuery{Pod: pod, Container: container, Previous: true}
	k.RequestLog(previous)
	if answer := k.Log(previous); answer.Outcome != facts.NotAsked && len(answer.Lines) == 0 {
		k.RequestLog(facts.LogQuery{Pod: pod, Container: container})
	}
}
