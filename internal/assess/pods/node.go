package pods

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// nodeOf is the Node that a pod is bound to. It is read only for a pod whose own status cannot explain it.
func nodeOf(p *view.Environment, pod facts.Object) facts.Object {
	name := kinds.Text(pod.Body, "spec", "nodeName")
	if name == "" {
		return facts.Object{}
	}
	return p.Object(facts.Ref{Plane: pod.Ref.Plane, Kind: "Node", Name: name})
}

// lostNode reports whether the kubelet of a pod's node does not report. What the pod's status reports about its containers is old then. The
// node controller takes Ready from all pods of such a node, and reports it in an event (Kubernetes v1.36
// pkg/controller/nodelifecycle/node_lifecycle_controller.go).
func lostNode(p *view.Environment, pod facts.Object) (trace.Finding, bool) {
	node := nodeOf(p, pod)
	f := trace.Finding{
		Code: trace.CodeNodeNotReady, Object: node.Ref, Path: []facts.Ref{pod.Ref},
		Hint: "start its machine or kubelet again, or replace the node. The status of its pods is out of date: their containers may still run. Most pods tolerate this for five minutes, and are then replaced on another node",
	}
	switch node.Outcome {
	case facts.Found:
		ready := kinds.ConditionOf(node.Body, corev1.NodeReady)
		f.Message, f.Since, f.Evidence = fmt.Sprintf("%s is %s: %s", node.Ref, notReady(ready), cmp.Or(ready.Message, ready.Reason, "no message")), view.LastTransition(ready), view.ConditionEvidence(ready)
		return f, !ready.True()
	case facts.Absent:
		f.Message, f.Since = fmt.Sprintf("%s no longer exists", node.Ref), view.LastTransition(kinds.ConditionOf(pod.Body, corev1.PodReady))
		f.Hint = "Kubernetes deletes the pods of a deleted node, and their controllers create others"
		return f, true
	case facts.NotAsked, facts.Forbidden, facts.NoKind, facts.Unreachable, facts.Invalid:
	}
	return lostByEvent(p, pod, f)
}

// lostByEvent goes by the event of the node controller, where the Node could not be read. It holds as long as the pod is not Ready since.
func lostByEvent(p *view.Environment, pod facts.Object, f trace.Finding) (trace.Finding, bool) {
	ready := kinds.ConditionOf(pod.Body, corev1.PodReady)
	if reason := kinds.Text(pod.Body, "status", "reason"); reason == kinds.ReasonNodeLost && !f.Object.IsZero() {
		f.Message, f.Since = fmt.Sprintf("%s is not ready: %s", f.Object, cmp.Or(kinds.Text(pod.Body, "status", "message"), reason)), view.LastTransition(ready)
		f.Evidence = []trace.Evidence{{Path: "status.reason", Value: reason}}
		return f, true
	}
	for _, w := range p.Warnings(pod.Ref) {
		if w.Reason == kinds.ReasonNodeNotReady && !f.Object.IsZero() && !ready.True() && !w.Last.Before(view.LastTransition(ready).Add(-time.Second)) {
			f.Message, f.Since = fmt.Sprintf("%s is not ready, as an event of the pod reports: %s", f.Object, w.Message), w.Last
			f.Evidence = []trace.Evidence{{Path: "event " + w.Reason, Value: w.Message}}
			return f, true
		}
	}
	return trace.Finding{}, false
}

func notReady(ready kinds.Condition) string {
	if ready.False() {
		return "not ready"
	}
	return "unreachable"
}

// nodeState reports what else is wrong with a pod's node; "" if nothing is.
func nodeState(p *view.Environment, pod facts.Object) string {
	node := nodeOf(p, pod)
	var states []string
	for _, pressure := range []corev1.NodeConditionType{corev1.NodeMemoryPressure, corev1.NodeDiskPressure, corev1.NodePIDPressure, corev1.NodeNetworkUnavailable} {
		if kinds.ConditionOf(node.Body, pressure).True() {
			states = append(states, "has "+string(pressure))
		}
	}
	if view.Deleting(node.Body) {
		states = append(states, "is being deleted")
	} else if kinds.Bool(node.Body, "spec", "unschedulable") {
		states = append(states, "is cordoned")
	}
	for _, taint := range kinds.Items(node.Body, "spec", "taints") {
		if key, effect := kinds.String(taint, "key"), kinds.String(taint, "effect"); hasOwnReason(key, effect) {
			states = append(states, fmt.Sprintf("has the taint %s:%s", key, effect))
		}
	}
	if len(states) == 0 {
		return ""
	}
	return fmt.Sprintf("%s %s", node.Ref, strings.Join(states, " and "))
}

// hasOwnReason reports whether a taint keeps pods away or evicts them for a reason that no condition of the Node has. Kubernetes sets those
// of node.kubernetes.io from the conditions (Kubernetes v1.36 pkg/controller/nodelifecycle/node_lifecycle_controller.go,
// nodeConditionToTaintKeyStatusMap), but out-of-service is set by a person.
func hasOwnReason(key, effect string) bool {
	evicts := effect == string(corev1.TaintEffectNoExecute) || effect == string(corev1.TaintEffectNoSchedule)
	return evicts && (key == corev1.TaintNodeOutOfService || !strings.HasPrefix(key, "node.kubernetes.io/"))
}

// onLostNode judges a pod whose node does not report.
func onLostNode(p *view.Environment, j *result.Result, f trace.Finding) *result.Result {
	if p.Within(f.Since, view.ReadyTimeout) {
		return j.Wait(f.Since, "%s is not ready", f.Object)
	}
	j.Summary = fmt.Sprintf("%s is not ready", f.Object)
	return j.Fail(f)
}

// stuckThere: a new pod that no node takes is the consequence of the lost node on which the pod before it cannot end. That is known long
// before the pod is overdue; and a cause is no warning beside itself, so what is left of the findings about stuck pods is returned.
func stuckThere(p *view.Environment, j *result.Result, pods []facts.Object, stuck []trace.Finding) []trace.Finding {
	if j.State != trace.Failed || !result.HasCode(j, trace.CodeUnschedulable) {
		return stuck
	}
	for _, o := range pods {
		if f, lost := terminatingOnLostNode(p, o); lost {
			f.Severity = trace.Error
			j.Findings = append([]trace.Finding{f}, j.Findings...)
			j.Summary = fmt.Sprintf("%s is not ready; %s", f.Object, j.Summary)
			return slices.DeleteFunc(stuck, func(s trace.Finding) bool { return s.Code == f.Code && s.Object == f.Object })
		}
	}
	return stuck
}

// terminatingOnLostNode finds a pod that is being deleted and whose node does not report.
func terminatingOnLostNode(p *view.Environment, o facts.Object) (trace.Finding, bool) {
	if !view.Deleting(o.Body) {
		return trace.Finding{}, false
	}
	f, lost := lostNode(p, o)
	f.Hint = fmt.Sprintf("%s stays Terminating until its node is Ready again or is deleted", o.Ref)
	return f, lost
}
