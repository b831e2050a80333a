package inspect

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/events"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// ObjectDetail is the content of a Snapshot for one object, for display beside the assessment. It contains the cluster's own
// messages, without assessment and without further masking.
type ObjectDetail struct {
	Object     facts.Object   // NotAsked if the Snapshot does not contain it
	Conditions []Condition    // in the controller's order
	Warnings   []WarningEvent // newest first
	Events     facts.List     // the list that Warnings are from; it may be of another object alone
	Logs       []facts.Log    // of a pod's containers
}

// Condition is one of the conditions of an object's status. Fields that it does not have are zero.
type Condition struct {
	Type, Status, Reason, Message string
	ObservedGeneration            int64
	LastTransitionTime            time.Time
}

// WarningEvent is an Event of type Warning.
type WarningEvent struct {
	Reason, Message string
	Last            time.Time
}

// Inspect returns the details of an object.
func Inspect(s *facts.Snapshot, ref facts.Ref) ObjectDetail {
	detail := ObjectDetail{Object: s.Object(ref), Events: s.Listed(ref.Plane, kinds.Core, "Event", ref.Namespace)}
	for _, c := range kinds.Conditions(detail.Object.Body) {
		detail.Conditions = append(detail.Conditions, Condition(c))
	}
	for _, w := range events.About(s.Of(ref.Plane, kinds.Core, "Event"), s.Object(ref)) {
		detail.Warnings = append(detail.Warnings, WarningEvent{w.Reason, w.Message, w.Last})
	}
	for _, l := range s.Logs() {
		if l.Query.Pod == ref {
			detail.Logs = append(detail.Logs, l)
		}
	}
	return detail
}
