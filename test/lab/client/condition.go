package client

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// HasCondition returns an error unless an object has a condition with this status and reason; an empty reason matches any.
func HasCondition(u *unstructured.Unstructured, conditionType, status, reason string) error {
	if u == nil {
		return fmt.Errorf("object not found")
	}
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	for _, c := range conditions {
		condition, _ := c.(map[string]any)
		if condition["type"] != conditionType {
			continue
		}
		if condition["status"] == status && (reason == "" || condition["reason"] == reason) {
			return nil
		}
		return fmt.Errorf("%s is %v (%v): %v", conditionType, condition["status"], condition["reason"], condition["message"])
	}
	return fmt.Errorf("%s is not set", conditionType)
}
