package collect

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxLogs bounds the containers whose last words are read: the replicas of one release crash for one reason.
const maxLogs = 3

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
	return kinds.Text(pod.Body, "status", "phase") == "Succeeded" || kinds.ConditionOf(pod.Body, "Ready").True()
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
