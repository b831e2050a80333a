package trace

import (
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// warning is one Event of type Warning.
type warning struct {
	reason, message string
	last            time.Time
	annotations     map[string]string
}

// warnings returns the Warning events about ref that were collected, the newest first.
func (v *view) warnings(ref facts.Ref) []warning {
	return warningsAbout(v.Of(ref.Plane, kinds.Core, "Event"), ref)
}

func warningsAbout(events []facts.Object, ref facts.Ref) []warning {
	var found []warning
	for _, o := range events {
		if kinds.Text(o.Body, "type") != "Warning" ||
			kinds.Text(o.Body, "involvedObject", "kind") != ref.Kind ||
			kinds.Text(o.Body, "involvedObject", "name") != ref.Name ||
			kinds.Text(o.Body, "involvedObject", "namespace") != ref.Namespace {
			continue
		}
		found = append(found, warning{
			reason: kinds.Text(o.Body, "reason"), message: kinds.Text(o.Body, "message"),
			last: kinds.EventTime(o.Body), annotations: o.Body.GetAnnotations(),
		})
	}
	slices.SortStableFunc(found, func(a, b warning) int { return b.last.Compare(a.last) })
	return found
}
