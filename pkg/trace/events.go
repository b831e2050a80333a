package trace

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

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
	return warningsAbout(v.Of(ref.Plane, kinds.Core, "Event"), v.Object(ref))
}

func warningsAbout(events []facts.Object, about facts.Object) []warning {
	var found []warning
	for _, o := range events {
		if kinds.Text(o.Body, "type") != corev1.EventTypeWarning || !concerns(o, about) {
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

// concerns reports whether an event is about an object. The pod of a StatefulSet has the name of the pod before it, and the events
// about that one last for an hour. Only of a Node the uid is not compared: the kubelet puts the name there (Kubernetes v1.36
// pkg/kubelet/kubelet.go).
func concerns(event, about facts.Object) bool {
	ref := about.Ref
	if kinds.Text(event.Body, "involvedObject", "kind") != ref.Kind || kinds.Text(event.Body, "involvedObject", "name") != ref.Name ||
		kinds.Text(event.Body, "involvedObject", "namespace") != ref.Namespace {
		return false
	}
	uid, own := kinds.Text(event.Body, "involvedObject", "uid"), kinds.Text(about.Body, "metadata", "uid")
	return uid == "" || own == "" || uid == own || ref.Kind == "Node"
}
