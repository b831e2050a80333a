package inspect

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/events"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// ObjectDetail is what a Snapshot holds of one object, for somebody who shows it beside the judgement. It is in the cluster's own words: nothing
// of it is judged, and nothing is hidden that the Snapshot does not hide.
type ObjectDetail struct {
	Object     facts.Object      // NotAsked where the Snapshot does not know it
	Conditions []kinds.Condition // in the order in which the controller wrote them
	Warnings   []WarningEvent    // the newest first
	Logs       []facts.Log       // of a pod's containers
}

// WarningEvent is an Event of type Warning.
type WarningEvent struct {
	Reason, Message string
	Last            time.Time
}

// Inspect looks an object up.
func Inspect(s *facts.Snapshot, ref facts.Ref) ObjectDetail {
	seen := ObjectDetail{Object: s.Object(ref)}
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
