package events

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Warning is one Event of type Warning.
type Warning struct {
	Reason, Message string
	Last            time.Time
	Annotations     map[string]string
}

// About returns the Warning events about an object, newest first.
func About(events []facts.Object, about facts.Object) []Warning {
	var found []Warning
	for _, o := range events {
		if kinds.Text(o.Body, "type") != corev1.EventTypeWarning || !concerns(o, about) {
			continue
		}
		found = append(found, Warning{
			Reason: kinds.Text(o.Body, "reason"), Message: kinds.Text(o.Body, "message"),
			Last: kinds.EventTime(o.Body), Annotations: o.Body.GetAnnotations(),
		})
	}
	slices.SortStableFunc(found, func(a, b Warning) int { return b.Last.Compare(a.Last) })
	return found
}

// concerns reports whether an event is about an object. It compares uids: a StatefulSet pod has the name of its predecessor,
// whose events remain for an hour. Nodes are the exception, because the kubelet sets the name as the uid (Kubernetes v1.36
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
