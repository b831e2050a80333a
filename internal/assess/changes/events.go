package changes

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// newNode is how long a new node takes at most to become ready.
const newNode = 5 * time.Minute

// nodes is the node of the pod that fails, if it became ready again, or stopped being ready, before. A failure of the node itself has it as its object.
func (b finder) nodes() []trace.PriorChange {
	pod := b.Object(b.failure.Object)
	if pod.Ref.Kind != "Pod" || b.failure.Code == trace.CodeNodeNotReady {
		return nil
	}
	node := b.Object(facts.Ref{Plane: pod.Ref.Plane, Kind: "Node", Name: kinds.Text(pod.Body, "spec", "nodeName")})
	ready := kinds.ConditionOf(node.Body, corev1.NodeReady)
	at := view.LastTransition(ready)
	message := node.Ref.String() + " stopped being ready"
	if ready.True() {
		message = node.Ref.String() + " became ready again"
	}
	isNew := at.Sub(view.CreatedAt(node)) < newNode
	if !ready.Present() || !b.recent(at) || isNew {
		return nil
	}
	return []trace.PriorChange{b.change(trace.PriorChange{
		Kind: trace.ChangeEvent, Object: node.Ref, At: at, Source: "status.conditions[Ready].lastTransitionTime of " + node.Ref.String(),
		Message: message,
	})}
}

// isOutside reports whether an event comes from outside of the release: from nodes, quotas, and Secrets or volumes that a pod needs.
func isOutside(event facts.Object) bool {
	message := kinds.Text(event.Body, "message")
	switch kinds.Text(event.Body, "reason") {
	case "NodeNotReady", "Evicted", "TaintManagerEviction", "Preempted", "FailedMount", "FailedAttachVolume":
		return true
	case "FailedCreate":
		return strings.Contains(message, "exceeded quota")
	case "Failed":
		return strings.Contains(message, "secret") && strings.Contains(message, "not found")
	}
	return false
}

// events are those about objects of the environment that began before the failure, one for each reason.
func (b finder) events() []trace.PriorChange {
	if b.environment == nil {
		return nil
	}
	var all []trace.PriorChange
	var reported []string
	for _, event := range b.Of(b.environment.Plane(), kinds.Core, "Event") {
		reason, message := kinds.Text(event.Body, "reason"), kinds.Text(event.Body, "message")
		at, path := kinds.Time(event.Body, "firstTimestamp"), "firstTimestamp"
		if at.IsZero() {
			at, path = kinds.Time(event.Body, "eventTime"), "eventTime"
		}
		if !isOutside(event) || !b.recent(at) || b.repeats(reason, message) || slices.Contains(reported, reason) || !b.isAbout(event) {
			continue
		}
		reported = append(reported, reason)
		about := involved(event)
		all = append(all, b.change(trace.PriorChange{
			Kind: trace.ChangeEvent, Object: about, At: at, Source: path + " of " + event.Ref.String(),
			Message: fmt.Sprintf("event %s of %s: %s", reason, about, message),
		}))
	}
	return all
}

// repeats reports whether the failure reports the event itself, or what such an event reports.
func (b finder) repeats(reason, message string) bool {
	own := map[trace.Code][]string{
		trace.CodeNodeNotReady:         {"NodeNotReady", "Evicted", "TaintManagerEviction"},
		trace.CodePodsRefused:          {"FailedCreate"},
		trace.CodePodsNotCreated:       {"FailedCreate"},
		trace.CodeVolumeNotMounted:     {"FailedMount", "FailedAttachVolume"},
		trace.CodeContainerConfigError: {"Failed"},
	}
	return slices.Contains(own[b.failure.Code], reason) || strings.Contains(b.failure.Message, message) ||
		slices.ContainsFunc(b.failure.Evidence, func(e trace.Evidence) bool { return strings.Contains(e.Value, message) })
}

// isAbout reports whether an event is about the object that fails, what owns it, or a pod of the component.
func (b finder) isAbout(event facts.Object) bool {
	about := involved(event)
	o := b.Object(about)
	if o.Body == nil || about.Namespace != b.environment.PodNamespace() {
		return false
	}
	uid := kinds.Text(event.Body, "involvedObject", "uid")
	return (uid == "" || uid == string(o.Body.GetUID())) && kinds.Label(o.Body, kinds.LabelComponent) == b.ComponentName
}

func involved(event facts.Object) facts.Ref {
	group, _, grouped := strings.Cut(kinds.Text(event.Body, "involvedObject", "apiVersion"), "/")
	if !grouped {
		group = ""
	}
	return facts.Ref{
		Plane: event.Ref.Plane, Group: group, Kind: kinds.Text(event.Body, "involvedObject", "kind"),
		Namespace: kinds.Text(event.Body, "involvedObject", "namespace"), Name: kinds.Text(event.Body, "involvedObject", "name"),
	}
}
