package openchoreoapi

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// pods returns the pods of a RenderedRelease. The API follows a Deployment, a Job and a CronJob to their pods, and leaves out what it could
// not read on the way (openchoreo v1.2.3 internal/openchoreo-api/services/k8sresources/service.go, fetchChildResources). So the pods are
// all only if they are as many as the status of each workload counts.
func (b branch) pods() ([]node, *refusal) {
	pods := b.of(kinds.Core, "Pod")
	for _, r := range b.status {
		if !kinds.RunsPods(schema.GroupKind{Group: r.group, Kind: r.kind}) {
			continue
		}
		if !followed(r) {
			return nil, unknown("it does not return the pods of a %s", quoted(r.kind))
		}
		if !b.has(r) {
			return nil, notReturned(r)
		}
		workload := b.object(r)
		if counted, found := b.counted(workload), b.running(workload, pods); found < counted {
			return nil, leftOut("%d of %d pods of %s %s", counted-found, counted, quoted(r.kind), quoted(r.namespace+"/"+r.name))
		}
	}
	return pods, nil
}

// followed reports whether the API looks for the pods of a workload.
func followed(r reported) bool {
	switch (schema.GroupKind{Group: r.group, Kind: r.kind}) {
	case schema.GroupKind{Group: kinds.Apps, Kind: "Deployment"},
		schema.GroupKind{Group: kinds.Batch, Kind: "Job"}, schema.GroupKind{Group: kinds.Batch, Kind: "CronJob"}:
		return true
	}
	return false
}

func (b branch) object(r reported) *unstructured.Unstructured {
	for _, n := range b.nodes {
		if (n.ref == facts.Ref{Group: r.group, Kind: r.kind, Namespace: r.namespace, Name: r.name}) {
			return n.object("").Body
		}
	}
	return nil
}

// counted is the number of running pods, or for a CronJob of running Jobs, in the status of a workload.
func (b branch) counted(workload *unstructured.Unstructured) int64 {
	if workload.GetKind() == "CronJob" {
		return int64(len(kinds.Items(workload, "status", "active")))
	}
	field := "replicas" // of a Deployment: pods that are not being deleted
	if workload.GetKind() == "Job" {
		field = "active"
	}
	n, _ := kinds.Number(workload, "status", field)
	return n
}

// running counts the pods that a workload owns and that run, or for a CronJob its Jobs. The pods of a ReplicaSet have the hash of its
// Deployment's template in their name and in a label.
func (b branch) running(workload *unstructured.Unstructured, pods []node) int64 {
	if workload.GetKind() == "CronJob" {
		pods = b.of(kinds.Batch, "Job")
	}
	n := int64(0)
	for _, candidate := range pods {
		body := candidate.object("").Body
		phase := kinds.Text(body, "status", "phase")
		ended := phase == string(corev1.PodSucceeded) || phase == string(corev1.PodFailed)
		if body != nil && owns(workload, body) && !ended && body.GetDeletionTimestamp() == nil {
			n++
		}
	}
	return n
}

func owns(workload, owned *unstructured.Unstructured) bool {
	for _, owner := range owned.GetOwnerReferences() {
		switch {
		case owner.UID == workload.GetUID():
			return true
		case workload.GetKind() == "Deployment" && owner.Kind == "ReplicaSet":
			hash := kinds.Label(owned, "pod-template-hash")
			return hash != "" && owner.Name == workload.GetName()+"-"+hash
		}
	}
	return false
}

// isUnwell reports whether a pod is neither ready nor at its end.
func isUnwell(pod *unstructured.Unstructured) bool {
	return pod != nil && kinds.Text(pod, "status", "phase") != string(corev1.PodSucceeded) && !kinds.ConditionOf(pod, corev1.PodReady).True()
}

// replicaSetOf names the ReplicaSet that owns a pod.
func replicaSetOf(pod *unstructured.Unstructured) string {
	owners := pod.GetOwnerReferences()
	if at := slices.IndexFunc(owners, func(r metav1.OwnerReference) bool { return r.Kind == "ReplicaSet" }); at >= 0 {
		return owners[at].Name
	}
	return ""
}
