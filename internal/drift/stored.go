package drift

import (
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// asStored is an object as the API server stores it: it reads each of its own kinds into a Go type and writes it again. Fields that it
// does not know are gone then, and so is the zero value of a field that is no pointer (false, 0, "" or nothing); quantities
// have their canonical form. It reports whether the kind is one of the API server's own; others are returned as they are.
func asStored(u *unstructured.Unstructured) (map[string]any, bool) {
	if u == nil {
		return nil, false
	}
	typed := goType(u)
	if typed == nil || runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, typed) != nil {
		return u.Object, false
	}
	stored, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		return u.Object, false
	}
	return stored, true
}

// onlySpec leaves out the metadata and the status, which take as much time as the spec to convert.
func onlySpec(u *unstructured.Unstructured) *unstructured.Unstructured {
	if u == nil {
		return nil
	}
	only := map[string]any{"apiVersion": u.GetAPIVersion(), "kind": u.GetKind()}
	if spec, ok := u.Object["spec"]; ok {
		only["spec"] = spec
	}
	return &unstructured.Unstructured{Object: only}
}

func goType(u *unstructured.Unstructured) any {
	switch kind := u.GroupVersionKind().GroupKind(); kind.Group + "/" + kind.Kind {
	case kinds.Apps + "/Deployment":
		return &appsv1.Deployment{}
	case kinds.Apps + "/StatefulSet":
		return &appsv1.StatefulSet{}
	case kinds.Apps + "/DaemonSet":
		return &appsv1.DaemonSet{}
	case kinds.Batch + "/Job":
		return &batchv1.Job{}
	case kinds.Batch + "/CronJob":
		return &batchv1.CronJob{}
	case kinds.Autoscaling + "/HorizontalPodAutoscaler":
		return &autoscalingv2.HorizontalPodAutoscaler{}
	case kinds.Networking + "/NetworkPolicy":
		return &networkingv1.NetworkPolicy{}
	case kinds.Core + "/ConfigMap":
		return &corev1.ConfigMap{}
	case kinds.Core + "/Service":
		return &corev1.Service{}
	case kinds.Core + "/PersistentVolumeClaim":
		return &corev1.PersistentVolumeClaim{}
	}
	return nil
}
