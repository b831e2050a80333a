package pods

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Labels by which controllers tell the pods of one revision of a template from those of another (Kubernetes v1.36
// staging/src/k8s.io/api/apps/v1/types.go).
const (
	LabelTemplateHash = "pod-template-hash"
	LabelRevisionHash = "controller-revision-hash"
	labelRolloutHash  = "rollouts-pod-template-hash"
	// AnnotationRevision is on a Deployment and, with the same value, on the ReplicaSet of its present template.
	AnnotationRevision = "deployment.kubernetes.io/revision"
)

// revision reports whether a pod was made from the present template of its workload.
type revision uint8

const (
	revisionUnknown revision = iota
	revisionPresent
	revisionEarlier
)

// workloadOf finds the rendered workload that a pod belongs to, along the chain of its owners. A ReplicaSet is named
// after its Deployment and the hash of the template. Where an operator owns a copy, as Flagger of a Deployment, the
// names of the containers decide.
func workloadOf(p *view.Environment, pod facts.Object) (view.PlaneObject, bool) {
	owner := controllerOf(pod)
	for _, o := range p.PlaneObjects() {
		if view.RunsPods(o.Ref) && o.Ref.Namespace == pod.Ref.Namespace && madeBy(pod, owner, o.Ref) {
			return o, true
		}
	}
	for _, o := range p.PlaneObjects() {
		if wanted := templateContainers(o.Declared.Object); len(wanted) > 0 && namesAll(podContainers(pod), wanted) {
			return o, true
		}
	}
	return view.PlaneObject{}, false
}

// controllerOf is the owner that made an object.
func controllerOf(o facts.Object) metav1.OwnerReference {
	if o.Body == nil {
		return metav1.OwnerReference{}
	}
	owners := o.Body.GetOwnerReferences()
	if at := slices.IndexFunc(owners, func(r metav1.OwnerReference) bool { return r.Controller != nil && *r.Controller }); at >= 0 {
		return owners[at]
	}
	return metav1.OwnerReference{}
}

func madeBy(pod facts.Object, owner metav1.OwnerReference, workload facts.Ref) bool {
	switch owner.Kind {
	case "ReplicaSet":
		// A Rollout may take its template from a Deployment of the same name, which then has no pods.
		for kind, label := range map[string]string{"Deployment": LabelTemplateHash, "Rollout": labelRolloutHash} {
			if hash := kinds.Label(pod.Body, label); workload.Kind == kind && hash != "" {
				return owner.Name == workload.Name+"-"+hash
			}
		}
	case "Job":
		// A CronJob names its Jobs after itself and the minute of the schedule (Kubernetes v1.36 pkg/controller/cronjob/utils.go).
		minute, made := strings.CutPrefix(owner.Name, workload.Name+"-")
		if workload.Kind == "CronJob" {
			return made && minute != "" && strings.Trim(minute, "0123456789") == ""
		}
	}
	return owner.Kind == workload.Kind && owner.Name == workload.Name
}

// revisionOf reports whether a pod is of the present template of its workload, as far as the workload's controller shows it.
func revisionOf(p *view.Environment, pod facts.Object, workload facts.Object) revision {
	if workload.Outcome != facts.Found || !view.Observed(workload) {
		return revisionUnknown
	}
	switch workload.Ref.Kind {
	case "Deployment":
		if present := presentHash(p, workload); present != "" {
			return revisionIf(kinds.Label(pod.Body, LabelTemplateHash) == present)
		}
		return allUpdated(workload, "replicas", "updatedReplicas")
	case "Rollout":
		if present := kinds.Text(workload.Body, "status", "currentPodHash"); present != "" {
			return revisionIf(kinds.Label(pod.Body, labelRolloutHash) == present)
		}
	case "StatefulSet":
		if present := kinds.Text(workload.Body, "status", "updateRevision"); present != "" {
			return revisionIf(kinds.Label(pod.Body, LabelRevisionHash) == present)
		}
	case "DaemonSet":
		return allUpdated(workload, "currentNumberScheduled", "updatedNumberScheduled")
	}
	return revisionUnknown
}

// isReplaced reports whether a pod is of a revision of a Rollout that neither serves nor is wanted any more: the Rollout has promoted the
// wanted one, and scales the others down after a delay (argo-rollouts v1.9.1 rollout/bluegreen.go, scaleDownDelaySeconds).
func isReplaced(pod, workload facts.Object) bool {
	if workload.Outcome != facts.Found || workload.Ref.Kind != "Rollout" {
		return false
	}
	wanted, hash := kinds.Text(workload.Body, "status", "currentPodHash"), kinds.Label(pod.Body, labelRolloutHash)
	return wanted != "" && wanted == kinds.Text(workload.Body, "status", "stableRS") && hash != "" && hash != wanted
}

func revisionIf(present bool) revision {
	if present {
		return revisionPresent
	}
	return revisionEarlier
}

// allUpdated: where each pod is updated, it does not matter which one this is.
func allUpdated(workload facts.Object, all, updated string) revision {
	total, _ := kinds.Number(workload.Body, "status", all)
	if n, counted := kinds.Number(workload.Body, "status", updated); counted && n == total {
		return revisionPresent
	}
	return revisionUnknown
}

// presentHash is the hash of a Deployment's present template, from the ReplicaSet of the same revision. ReplicaSets are
// read only when a rollout is under way or pods are not ready.
func presentHash(p *view.Environment, deployment facts.Object) string {
	for _, o := range p.Of(deployment.Ref.Plane, kinds.Apps, "ReplicaSet") {
		if controllerOf(o).UID == deployment.Body.GetUID() &&
			kinds.Annotation(o.Body, AnnotationRevision) == kinds.Annotation(deployment.Body, AnnotationRevision) {
			return kinds.Label(o.Body, LabelTemplateHash)
		}
	}
	return ""
}

// templateContainers are all containers of a workload's template: a sidecar is an init container with restartPolicy Always.
func templateContainers(workload map[string]any) []map[string]any {
	var all []map[string]any
	for _, root := range podTemplates() {
		spec := kinds.Fields(workload, root...)
		all = append(all, entries(spec, "containers")...)
		all = append(all, entries(spec, "initContainers")...)
	}
	return all
}

func podContainers(pod facts.Object) []map[string]any {
	return append(kinds.Items(pod.Body, "spec", "containers"), kinds.Items(pod.Body, "spec", "initContainers")...)
}

// podTemplates are the places where the kinds that run something keep the spec of their pods.
func podTemplates() [][]string {
	return [][]string{{"spec", "template", "spec"}, {"spec", "jobTemplate", "spec", "template", "spec"}}
}

func entries(fields map[string]any, name string) []map[string]any {
	list, _ := fields[name].([]any)
	var found []map[string]any
	for _, entry := range list {
		if item, ok := entry.(map[string]any); ok {
			found = append(found, item)
		}
	}
	return found
}

func containerNamed(containers []map[string]any, name string) map[string]any {
	for _, c := range containers {
		if kinds.String(c, "name") == name {
			return c
		}
	}
	return nil
}

func namesAll(containers, wanted []map[string]any) bool {
	return !slices.ContainsFunc(wanted, func(c map[string]any) bool { return containerNamed(containers, kinds.String(c, "name")) == nil })
}
