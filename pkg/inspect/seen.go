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
	Object     facts.Object      // NotAsked if the Snapshot does not contain it
	Conditions []kinds.Condition // in the controller's order
	Warnings   []WarningEvent    // newest first
	Events     facts.List        // the list that Warnings are from; it may be of another object alone
	Logs       []facts.Log       // of a pod's containers
}

// WarningEvent is an Event of type Warning.
type WarningEvent struct {
	Reason, Message string
	Last            time.Time
}

// Inspect returns the details of an object.
func Inspect(s *facts.Snapshot, ref facts.Ref) ObjectDetail {
	seen := ObjectDetail{Object: s.Object(ref), Events: s.Listed(ref.Plane, kinds.Core, "Event", ref.Namespace)}
	seen.Conditions = kinds.Conditions(seen.Object.Body)
	for _, w := range events.About(s.Of(ref.Plane, kinds.Core, "Event"), s.Object(ref)) {
		seen.Warnings = append(seen.Warnings, WarningEvent{w.Reason, w.Message, w.Last})
	}
	for _, l := range s.Logs() {
		if l.Query.Pod == ref {
			seen.Logs = append(seen.Logs, l)
		}
	}
	return seen
}
