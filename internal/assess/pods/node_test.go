package pods_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const age = 10 * time.Minute

// startedAgo lets the container of the pod of development run for so long.
func startedAgo(w assesstest.World, d time.Duration) {
	w.T.Helper()
	w.Set(w.DevPod(), []any{map[string]any{
		"name": "main", "image": assesstest.AppImage, "ready": true, "state": map[string]any{"running": map[string]any{"startedAt": w.Ago(d)}},
	}}, "status", "containerStatuses")
}

// readyTaken takes Ready from the pod of development, as the node controller does: without a reason.
func readyTaken(w assesstest.World) { w.Condition(w.DevPod(), age, "Ready", "False", "", "") }

func node(w assesstest.World, outcome facts.Outcome, conditions ...map[string]any) facts.Object {
	w.T.Helper()
	o := facts.Object{Ref: facts.Ref{Plane: "default", Kind: "Node", Name: "node-a"}, Outcome: outcome, Reason: "so the test says"}
	if outcome == facts.Found {
		var all []any
		for _, c := range conditions {
			all = append(all, c)
		}
		o.Body = &unstructured.Unstructured{Object: map[string]any{
			"kind": "Node", "metadata": map[string]any{"name": "node-a"}, "status": map[string]any{"conditions": all},
		}}
	}
	w.Put(o)
	return o
}

func nodeCondition(w assesstest.World, name, status, message string) map[string]any {
	return map[string]any{"type": name, "status": status, "reason": "Because", "message": message, "lastTransitionTime": w.Ago(age)}
}

func unreachable(w assesstest.World) facts.Object {
	return node(w, facts.Found, nodeCondition(w, "Ready", "Unknown", "Kubelet stopped posting node status."))
}

// unschedulableNext deletes the pod of development, so long ago; no node takes the next.
func unschedulableNext(w assesstest.World, deleted time.Duration) {
	w.T.Helper()
	next := ownedPod(w, "next", "ReplicaSet", w.DevPod().Body.GetOwnerReferences()[0].Name, nil)
	w.Set(w.One("Pod", "-dgpxx"), w.Ago(deleted), "metadata", "deletionTimestamp")
	w.Set(next, map[string]any{"phase": "Pending", "conditions": []any{map[string]any{
		"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes are available", "lastTransitionTime": w.Ago(age),
	}}}, "status")
	unstructured.RemoveNestedField(next.Body.Object, "spec", "nodeName")
}

// event is a warning about an object, so long ago.
func event(w assesstest.World, about facts.Object, uid string, before time.Duration, reason, message string) {
	w.T.Helper()
	name := fmt.Sprintf("%s.%s.%d", about.Ref.Name, strings.ToLower(reason), before)
	w.Put(facts.Object{
		Ref:     facts.Ref{Plane: about.Ref.Plane, Kind: "Event", Namespace: about.Ref.Namespace, Name: name},
		Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
			"kind": "Event", "type": "Warning", "reason": reason, "message": message, "lastTimestamp": w.Ago(before), "metadata": map[string]any{"name": name},
			"involvedObject": map[string]any{"kind": about.Ref.Kind, "name": about.Ref.Name, "namespace": about.Ref.Namespace, "uid": uid},
		}},
	})
}

type lostNodeCase struct {
	change func(w assesstest.World)
	want   assesstest.Outcome
	words  string // in the message of the failure
}

var nodeLost = assesstest.Failed(trace.RungPod, "development", trace.CodeNodeNotReady, "Node")

var lostNodeCases = map[string]lostNodeCase{
	"Unreachable": {func(w assesstest.World) { readyTaken(w); unreachable(w) }, nodeLost, "Node node-a is unreachable: Kubelet stopped posting node status."},
	"NotReady": {func(w assesstest.World) {
		readyTaken(w)
		node(w, facts.Found, nodeCondition(w, "Ready", "False", "container runtime network not ready"))
	}, nodeLost, "Node node-a is not ready: container runtime network not ready"},
	"Deleted": {func(w assesstest.World) { readyTaken(w); node(w, facts.Absent) }, nodeLost, "Node node-a no longer exists"},
	"AMomentAgo": {func(w assesstest.World) {
		w.Condition(w.DevPod(), time.Second, "Ready", "False", "", "")
		ready := nodeCondition(w, "Ready", "Unknown", "")
		ready["lastTransitionTime"] = w.Ago(time.Second)
		node(w, facts.Found, ready)
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}, ""},
	"ByItsEventWhereTheNodeMayNotBeRead": {func(w assesstest.World) {
		readyTaken(w)
		node(w, facts.Forbidden)
		event(w, w.DevPod(), string(w.DevPod().Body.GetUID()), age, "NodeNotReady", "Node is not ready")
	}, nodeLost, "Node is not ready"},
	"ByAnEventBeforeItWasReadyAgain": {func(w assesstest.World) {
		w.Condition(w.DevPod(), age, "Ready", "False", "ContainersNotReady", "containers with unready status: [main]")
		w.Condition(w.DevPod(), age, "ContainersReady", "False", "ContainersNotReady", "")
		event(w, w.DevPod(), string(w.DevPod().Body.GetUID()), age+time.Hour, "NodeNotReady", "Node is not ready")
	}, assesstest.Failed(trace.RungPod, "development", trace.CodePodNotReady, "Pod"), "containers with unready status"},
	"NothingIsKnownOfTheNode": {func(w assesstest.World) { readyTaken(w) }, assesstest.Failed(trace.RungPod, "development", trace.CodePodNotReady, "Pod"), "the pod is not ready"},
	"ReadyAgain": {func(w assesstest.World) {
		readyTaken(w)
		node(w, facts.Found, nodeCondition(w, "Ready", "True", ""))
	}, assesstest.Failed(trace.RungPod, "development", trace.CodePodNotReady, "Pod"), "the pod is not ready"},
	"PodReadyOnIt": {func(w assesstest.World) { unreachable(w) }, assesstest.Outcome{Verdict: trace.VerdictHealthy}, ""},
	"LostByItsPhase": {func(w assesstest.World) {
		readyTaken(w)
		w.Set(w.DevPod(), "Unknown", "status", "phase")
		w.Set(w.DevPod(), "NodeLost", "status", "reason")
	}, nodeLost, "Node node-a is not ready"},
	"NeverBegun": {func(w assesstest.World) {
		w.Set(w.DevPod(), map[string]any{"phase": "Pending", "conditions": []any{map[string]any{"type": "PodScheduled", "status": "True"}}}, "status")
		unreachable(w)
	}, nodeLost, "unreachable"},
	"StuckThereAloneAndTheNextFindsNoOther":  {func(w assesstest.World) { unreachable(w); unschedulableNext(w, age) }, nodeLost, "unreachable"},
	"EndsThereStillAndTheNextFindsNoOther":   {func(w assesstest.World) { unreachable(w); unschedulableNext(w, -time.Minute) }, nodeLost, "unreachable"},
	"EndsOnAReadyNodeAndTheNextFindsNoOther": {func(w assesstest.World) { unschedulableNext(w, -time.Minute) }, assesstest.Failed(trace.RungPod, "development", trace.CodeUnschedulable, "Pod"), "0/1 nodes"},
	"StuckThereAndReplaced": {func(w assesstest.World) {
		unreachable(w)
		ownedPod(w, "next", "ReplicaSet", w.DevPod().Body.GetOwnerReferences()[0].Name, nil)
		w.Set(w.One("Pod", "-dgpxx"), w.Ago(age), "metadata", "deletionTimestamp")
	}, assesstest.Outcome{Verdict: trace.VerdictHealthy}, ""},
	"StuckThereAndNotReplaced": {func(w assesstest.World) {
		unreachable(w)
		w.Set(w.DevPod(), w.Ago(age), "metadata", "deletionTimestamp")
	}, nodeLost, "unreachable"},
}

func TestPodOnALostNode(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range lostNodeCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			startedAgo(w, time.Hour)
			c.change(w)
			got := assess.Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if got.Failing != nil && !strings.Contains(got.Failing.Message, c.words) {
				t.Errorf("message %q, want %q in it", got.Failing.Message, c.words)
			}
		})
	}
}

// TestEvictedPodNamesWhatItsNodeLacks: a pod was evicted, and no other runs. A taint that Kubernetes sets from a condition repeats it.
func TestEvictedPodNamesWhatItsNodeLacks(t *testing.T) {
	t.Parallel()
	taint := func(key, effect string) map[string]any { return map[string]any{"key": key, "effect": effect} }
	for want, spec := range map[string]map[string]any{
		"Node node-a has MemoryPressure":                                                               {},
		"Node node-a has MemoryPressure and is cordoned":                                               {"unschedulable": true, "taints": []any{taint("node.kubernetes.io/unschedulable", "NoSchedule"), taint("node.kubernetes.io/memory-pressure", "NoSchedule")}},
		"Node node-a has MemoryPressure and has the taint maintenance:NoExecute":                       {"taints": []any{taint("maintenance", "NoExecute"), taint("batch", "PreferNoSchedule")}},
		"Node node-a has MemoryPressure and has the taint node.kubernetes.io/out-of-service:NoExecute": {"taints": []any{taint("node.kubernetes.io/out-of-service", "NoExecute")}},
	} {
		w := assesstest.Healthy(t)
		w.Set(w.DevPod(), "Failed", "status", "phase")
		w.Set(w.DevPod(), "Evicted", "status", "reason")
		node := node(w, facts.Found, nodeCondition(w, "Ready", "True", ""), nodeCondition(w, "MemoryPressure", "True", ""))
		w.Set(node, spec, "spec")
		f := assess.Assess(w.Snapshot, w.TakenAt).Failing
		if f == nil || f.Code != trace.CodePodFailed || f.Hint != want {
			t.Errorf("failing %+v, want hint %q", f, want)
		}
	}
}
