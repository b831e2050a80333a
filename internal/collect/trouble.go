package collect

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxLogs bounds the containers whose last words are read: the replicas of one release crash for one reason.
const maxLogs = 3

// maxNodes bounds the Nodes that are read, and kubeletDelay is how long a kubelet may take to begin with a pod.
const (
	maxNodes     = 3
	kubeletDelay = 30 * time.Second
)

// trouble asks for what explains pods that are not well: the cell's warnings, the ReplicaSets, and the last words of
// containers that crashed.
func (k *known) trouble(plane facts.Plane, namespace string, pods facts.Query) {
	l := k.List(pods)
	if l.Outcome != facts.Found {
		return
	}
	unwell, logs := false, 0
	for _, item := range l.Items {
		pod := k.Object(item)
		k.nodeBehind(pod)
		if wellPod(pod) {
			continue
		}
		unwell = true
		k.jobOf(pod)
		for _, container := range crashed(pod) {
			if logs < maxLogs {
				logs++
				k.lastWords(pod.Ref, container)
			}
		}
	}
	if unwell || k.noPods(l, plane, namespace) {
		k.list(facts.Query{Plane: plane, Kind: "Event", Namespace: namespace, Fields: "type=Warning"})
		k.list(facts.Query{Plane: plane, Group: kinds.Apps, Kind: "ReplicaSet", Namespace: namespace, Labels: pods.Labels})
	}
}

// nodeBehind asks for the Node of a pod whose own status cannot explain it: its containers are ready and it is not, also while it is
// being deleted; it should have ended; the kubelet has not begun with it; or it was ended for the sake of the node.
func (k *known) nodeBehind(pod facts.Object) {
	ref := facts.Ref{Plane: pod.Ref.Plane, Kind: "Node", Name: kinds.Text(pod.Body, "spec", "nodeName")}
	if ref.Name != "" && k.nodeSuspect(pod) && (k.nodes[ref] || len(k.nodes) < maxNodes) {
		k.nodes[ref] = true
		k.get(ref)
	}
}

func (k *known) nodeSuspect(pod facts.Object) bool {
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
	return ready.Present() && !ready.True() && kinds.ConditionOf(pod.Body, corev1.ContainersReady).True() && !gated(pod)
}

// gated reports whether a readiness gate of a pod is not met.
func gated(pod facts.Object) bool {
	return slices.ContainsFunc(kinds.Items(pod.Body, "spec", "readinessGates"), func(gate map[string]any) bool {
		return !kinds.ConditionOf(pod.Body, kinds.String(gate, "conditionType")).True()
	})
}

// jobOf asks for the Job of a pod that a CronJob's schedule made: a later attempt may have succeeded.
func (k *known) jobOf(pod facts.Object) {
	for _, owner := range pod.Body.GetOwnerReferences() {
		if owner.Kind == "Job" {
			k.get(facts.Ref{Plane: pod.Ref.Plane, Group: kinds.Batch, Kind: "Job", Namespace: pod.Ref.Namespace, Name: owner.Name})
		}
	}
}

// noPods: a Deployment without pods has its reason in its ReplicaSet and the events.
func (k *known) noPods(pods facts.List, plane facts.Plane, namespace string) bool {
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

func wellPod(pod facts.Object) bool {
	return kinds.Text(pod.Body, "status", "phase") == string(corev1.PodSucceeded) || kinds.ConditionOf(pod.Body, corev1.PodReady).True()
}

// crashed names the containers that ended badly, now or in their last run.
func crashed(pod facts.Object) []string {
	var names []string
	for _, list := range []string{"initContainerStatuses", "containerStatuses"} {
		for _, status := range kinds.Items(pod.Body, "status", list) {
			last := kinds.Fields(status, "lastState", "terminated") != nil
			code, ended, _ := unstructured.NestedInt64(status, "state", "terminated", "exitCode")
			if last || (ended && code != 0) {
				names = append(names, kinds.String(status, "name"))
			}
		}
	}
	return names
}

// lastWords asks for the log of the run that crashed; where there is none left, for that of the present run.
func (k *known) lastWords(pod facts.Ref, container string) {
	previous := facts.LogQuery{Pod: pod, Container: container, Previous: true}
	k.log(previous)
	if answer := k.Log(previous); answer.Outcome != facts.NotAsked && len(answer.Lines) == 0 {
		k.log(facts.LogQuery{Pod: pod, Container: container})
	}
}
