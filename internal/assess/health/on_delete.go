package health

import (
	"cmp"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func onDelete(o facts.Object) bool {
	return kinds.Text(o.Body, "spec", "updateStrategy", "type") == string(appsv1.OnDeleteStatefulSetStrategyType)
}

// oldPodsStay fails a workload whose pods are only replaced after a person deletes them, with the command that deletes the first.
func oldPodsStay(p *view.Environment, j *result.Result, o facts.Object, summary string, updated, desired int64) *result.Result {
	j.Current, j.Summary = trace.Behind, summary
	f := trace.Finding{
		Code: trace.CodeRolloutStuck, Message: fmt.Sprintf("%d of %d pods have the current revision", updated, desired),
		Hint: "spec.updateStrategy is OnDelete: a pod is replaced only after it is deleted. The fix is to delete the pods of the earlier revision one at a time, and to wait until each new one is ready",
	}
	if old := oldPods(p, o); len(old) > 0 {
		if line := command.Format("kubectl delete pod %s -n %s", old[0].Name, old[0].Namespace); line != "" {
			f.NextSteps = []trace.NextStep{{Role: trace.RoleDataPlane, Plane: old[0].Plane, Command: line}}
		}
	}
	return j.Fail(f)
}

// oldPods are the pods of a workload that are not of its newest revision, the highest ordinal first, as a StatefulSet replaces its own.
// Their labels say of which revision they are (Kubernetes v1.36 pkg/controller/statefulset/stateful_set_utils.go, newVersionedStatefulSetPod;
// pkg/controller/daemon/util/daemonset_util.go, CreatePodTemplate).
func oldPods(p *view.Environment, o facts.Object) []facts.Ref {
	label, newest := appsv1.ControllerRevisionHashLabelKey, kinds.Text(o.Body, "status", "updateRevision")
	if o.Ref.Kind == "DaemonSet" { // its status does not have the hash
		label, newest = "pod-template-generation", o.Body.GetAnnotations()[appsv1.DeprecatedTemplateGeneration]
	}
	var old []facts.Ref
	for _, pod := range p.Pods() {
		isOwned := slices.ContainsFunc(pod.Body.GetOwnerReferences(), func(owner metav1.OwnerReference) bool { return owner.UID == o.Body.GetUID() })
		if revision := kinds.Label(pod.Body, label); isOwned && newest != "" && revision != "" && revision != newest {
			old = append(old, pod.Ref)
		}
	}
	slices.SortFunc(old, func(a, b facts.Ref) int {
		return cmp.Or(cmp.Compare(len(b.Name), len(a.Name)), cmp.Compare(b.Name, a.Name))
	})
	return old
}
