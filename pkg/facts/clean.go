package facts

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// lastApplied repeats the whole object, as kubectl apply once sent it.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// Clean removes from an object what no judgement reads and what only repeats the rest: managedFields and the
// last-applied annotation. Every object is cleaned as it is read.
func Clean(u *unstructured.Unstructured) {
	unstructured.RemoveNestedField(u.Object, "metadata", "managedFields")
	annotations := u.GetAnnotations()
	if _, there := annotations[lastApplied]; there {
		delete(annotations, lastApplied)
		u.SetAnnotations(annotations)
	}
}
