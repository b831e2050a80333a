package facts

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// lastApplied is the annotation with a copy of the whole object, and so of every value, as of the last kubectl apply.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// Clean removes fields from u that a Snapshot never holds: managedFields and the last-applied-configuration annotation. They are
// large, do not describe the object's state and would repeat values that are masked elsewhere. It changes u. Every reader of a
// cluster calls it; Write cleans its objects as well.
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
