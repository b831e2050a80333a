package facts

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// lastApplied repeats the whole object, and with it every value, as kubectl apply last saw it.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// Clean removes from u what a Snapshot never holds, because it is large, says nothing of the object's state and would
// repeat values that are masked elsewhere: managedFields and the last-applied-configuration annotation. It changes u.
// Whoever reads from a cluster calls it; Write cleans what it writes as well.
func Clean(u *unstructured.Unstructured) {
	if u == nil {
		return
	}
	metadata, ok := u.Object["metadata"].(map[string]any)
	if !ok {
		return
	}
	keepManagers(u)
	delete(metadata, "managedFields")
	annotations, ok := metadata["annotations"].(map[string]any)
	if !ok {
		return
	}
	if delete(annotations, lastApplied); len(annotations) == 0 {
		delete(metadata, "annotations")
	}
}
