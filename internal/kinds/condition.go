package kinds

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Condition is one entry of status.conditions. The zero value, with an empty Type, means that the condition is absent.
type Condition struct {
	Type, Status, Reason, Message string
	ObservedGeneration            int64 // 0 if the controller does not record it
	LastTransitionTime            time.Time
}

// Present reports whether the controller has written the condition.
func (c Condition) Present() bool { return c.Type != "" }

// True reports whether the status is True. Absent and Unknown are not True.
func (c Condition) True() bool { return c.Status == string(metav1.ConditionTrue) }

// False reports whether the status is False. Absent and Unknown are not False.
func (c Condition) False() bool { return c.Status == string(metav1.ConditionFalse) }

// Unknown reports whether the status is Unknown. Absent is not Unknown.
func (c Condition) Unknown() bool { return c.Status == string(metav1.ConditionUnknown) }

// Current reports whether the condition was written for the current generation of u. A condition without observedGeneration
// counts as current, because its generation is unknown.
func (c Condition) Current(u *unstructured.Unstructured) bool {
	return c.Present() && (c.ObservedGeneration == 0 || u == nil || c.ObservedGeneration >= u.GetGeneration())
}

// ConditionOf returns the condition of that type, or the zero Condition. It is generic because each API defines its own type for
// condition types.
func ConditionOf[Type ~string](u *unstructured.Unstructured, conditionType Type) Condition {
	for _, item := range Items(u, "status", "conditions") {
		if item["type"] == string(conditionType) {
			return conditionFrom(item)
		}
	}
	return Condition{}
}

// Conditions returns status.conditions in the controller's order.
func Conditions(u *unstructured.Unstructured) []Condition {
	items := Items(u, "status", "conditions")
	conditions := make([]Condition, 0, len(items))
	for _, item := range items {
		conditions = append(conditions, conditionFrom(item))
	}
	return conditions
}

func conditionFrom(item map[string]any) Condition {
	generation, _, _ := unstructured.NestedInt64(item, "observedGeneration")
	return Condition{
		Type: String(item, "type"), Status: String(item, "status"), Reason: String(item, "reason"),
		Message: String(item, "message"), ObservedGeneration: generation, LastTransitionTime: transitionOf(item),
	}
}

// transitionOf is the time of a condition's last transition; the zero time if it is unknown. The CRDs of Gateway API default to
// conditions of 1970 (gateway-api v1.5 apis/v1/gateway_types.go), and KEDA's http-add-on names the field timestamp.
func transitionOf(item map[string]any) time.Time {
	for _, field := range []string{"lastTransitionTime", "timestamp"} {
		if t, err := time.Parse(time.RFC3339, String(item, field)); err == nil && t.Unix() != 0 {
			return t
		}
	}
	return time.Time{}
}
