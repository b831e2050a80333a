package health_test

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// mutations change an object in one place; one that does not apply to it reports false.
func mutations() map[string]func(*unstructured.Unstructured) bool {
	all := map[string]func(*unstructured.Unstructured) bool{
		"no status":     func(u *unstructured.Unstructured) bool { return remove(u, "status") },
		"no conditions": func(u *unstructured.Unstructured) bool { return remove(u, "status", "conditions") },
		"being deleted": func(u *unstructured.Unstructured) bool {
			return put(u, "2026-01-01T00:00:00Z", "metadata", "deletionTimestamp")
		},
		"observed one less": func(u *unstructured.Unstructured) bool { return add(u, -1, "status", "observedGeneration") },
		"one replica more":  func(u *unstructured.Unstructured) bool { return add(u, 1, "spec", "replicas") },
		"scaled to zero": func(u *unstructured.Unstructured) bool {
			return has(u, "spec", "replicas") && put(u, int64(0), "spec", "replicas")
		},
		"suspended": func(u *unstructured.Unstructured) bool {
			return u.GroupVersionKind().Group == kinds.Batch && put(u, true, "spec", "suspend")
		},
		"paused": func(u *unstructured.Unstructured) bool {
			return u.GetKind() == "Deployment" && put(u, true, "spec", "paused")
		},
		"phase Pending": func(u *unstructured.Unstructured) bool {
			return has(u, "status", "phase") && put(u, "Pending", "status", "phase")
		},
		"phase Failed": func(u *unstructured.Unstructured) bool {
			return u.GetKind() == "Pod" && put(u, "Failed", "status", "phase")
		},
		"OnDelete": func(u *unstructured.Unstructured) bool {
			return (u.GetKind() == "StatefulSet" || u.GetKind() == "DaemonSet") && put(u, "OnDelete", "spec", "updateStrategy", "type")
		},
	}
	for _, name := range []string{"Stalled", "Reconciling"} {
		all[name] = func(u *unstructured.Unstructured) bool {
			return strings.Contains(u.GroupVersionKind().Group, ".") && appendCondition(u, name)
		}
	}
	for _, name := range []string{
		"replicas", "readyReplicas", "updatedReplicas", "availableReplicas", "desiredNumberScheduled", "currentNumberScheduled",
		"updatedNumberScheduled", "numberReady", "numberAvailable", "succeeded",
	} {
		all[name+" one less"] = func(u *unstructured.Unstructured) bool { return add(u, -1, "status", name) }
	}
	for _, name := range []string{"Ready", "Available", "Progressing", "Synced", "Complete", "Failed", "Accepted", "Programmed"} {
		for _, to := range []string{"False", "Unknown"} {
			all[name+" "+to] = func(u *unstructured.Unstructured) bool { return turn(u, name, to) }
		}
	}
	return all
}

func has(u *unstructured.Unstructured, path ...string) bool {
	_, found, err := unstructured.NestedFieldNoCopy(u.Object, path...)
	return found && err == nil
}

func remove(u *unstructured.Unstructured, path ...string) bool {
	there := has(u, path...)
	unstructured.RemoveNestedField(u.Object, path...)
	return there
}

func put(u *unstructured.Unstructured, value any, path ...string) bool {
	return unstructured.SetNestedField(u.Object, value, path...) == nil
}

func add(u *unstructured.Unstructured, n int64, path ...string) bool {
	value, there := kinds.Number(u, path...)
	return there && value+n >= 0 && put(u, value+n, path...)
}

func appendCondition(u *unstructured.Unstructured, name string) bool {
	conditions, there, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	return there && put(u, append(conditions, map[string]any{"type": name, "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}), "status", "conditions")
}

// turn changes the status of a condition that is there.
func turn(u *unstructured.Unstructured, name, to string) bool {
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	for _, c := range conditions {
		if entry, ok := c.(map[string]any); ok && entry["type"] == name && entry["status"] != to {
			entry["status"] = to
			return put(u, conditions, "status", "conditions")
		}
	}
	return false
}
