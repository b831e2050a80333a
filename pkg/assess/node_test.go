package assess

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const age = 10 * time.Minute

// startedAgo lets the container of the pod of development run for so long.
func (w world) startedAgo(d time.Duration) {
	w.t.Helper()
	w.set(w.devPod(), []any{map[string]any{
		"name": "main", "image": appImage, "ready": true, "state": map[string]any{"running": map[string]any{"startedAt": w.ago(d)}},
	}}, "status", "containerStatuses")
}

// readyTaken takes Ready from the pod of development, as the node controller does: without a reason.
func (w world) readyTaken() { w.condition(w.devPod(), age, "Ready", "False", "", "") }

func (w world) node(outcome facts.Outcome, conditions ...map[string]any) facts.Object {
	w.t.Helper()
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

func (w world) nodeCondition(name, status, message string) map[string]any {
	return map[string]any{"type": name, "status": status, "reason": "Because", "message": message, "lastTransitionTime": w.ago(age)}
}

func (w world) unreachable() facts.Object {
	return w.node(facts.Found, w.nodeCondition("Ready", "Unknown", "Kubelet stopped posting node status."))
}

// event is a warning about an object, so long ago.
func (w world) event(about facts.Object, uid string, before time.Duration, reason, message string) {
	w.t.Helper()
	name := fmt.Sprintf("%s.%s.%d", about.Ref.Name, strings.ToLower(reason), before)
	w.Put(facts.Object{
		Ref:     facts.Ref{Plane: about.Ref.Plane, Kind: "Event", Namespace: about.Ref.Namespace, Name: name},
		Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
			"kind": "Event", "type": "Warning", "reason": reason, "message": message, "lastTimestamp": w.ago(before), "metadata": map[string]any{"name": name},
			"involvedObject": map[string]any{"kind": about.Ref.Kind, "name": about.Ref.Name, "namespace": about.Ref.Namespace, "uid": uid},
		}},
	})
}

func TestPodOnALostNode(t *testing.T) {
	t.Parallel()
	const dev = "development"
	lost := outcome{trace.VerdictFailed, trace.RungPod, dev, trace.CodeNodeNotReady, "Node"}
	for name, c := range map[string]struct {
		change func(w world)
		want   outcome
		words  string // in the message of the failure
	}{
		"Unreachable": {func(w world) { w.readyTaken(); w.unreachable() }, lost, "Node node-a is unreachable: Kubelet stopped posting node status."},
		"NotReady": {func(w world) {
			w.readyTaken()
			w.node(facts.Found, w.nodeCondition("Ready", "False", "container runtime network not ready"))
		}, lost, "Node node-a is not ready: container runtime network not ready"},
		"Deleted": {func(w world) { w.readyTaken(); w.node(facts.Absent) }, lost, "Node node-a does not exist any more"},
		"AMomentAgo": {func(w world) {
			w.condition(w.devPod(), time.Second, "Ready", "False", "", "")
			ready := w.nodeCondition("Ready", "Unknown", "")
			ready["lastTransitionTime"] = w.ago(time.Second)
			w.node(facts.Found, ready)
		}, outcome{Verdict: trace.VerdictProgressing}, ""},
		"ByItsEventWhereTheNodeMayNotBeRead": {func(w world) {
			w.readyTaken()
			w.node(facts.Forbidden)
			w.event(w.devPod(), string(w.devPod().Body.GetUID()), age, "NodeNotReady", "Node is not ready")
		}, lost, "Node is not ready"},
		"ByAnEventBeforeItWasReadyAgain": {func(w world) {
			w.condition(w.devPod(), age, "Ready", "False", "ContainersNotReady", "containers with unready status: [main]")
			w.condition(w.devPod(), age, "ContainersReady", "False", "ContainersNotReady", "")
			w.event(w.devPod(), string(w.devPod().Body.GetUID()), age+time.Hour, "NodeNotReady", "Node is not ready")
		}, outcome{trace.VerdictFailed, trace.RungPod, dev, trace.CodePodNotReady, "Pod"}, "containers with unready status"},
		"NothingIsKnownOfTheNode": {func(w world) { w.readyTaken() }, outcome{trace.VerdictFailed, trace.RungPod, dev, trace.CodePodNotReady, "Pod"}, "the pod is not ready"},
		"ReadyAgain": {func(w world) {
			w.readyTaken()
			w.node(facts.Found, w.nodeCondition("Ready", "True", ""))
		}, outcome{trace.VerdictFailed, trace.RungPod, dev, trace.CodePodNotReady, "Pod"}, "the pod is not ready"},
		"PodReadyOnIt": {func(w world) { w.unreachable() }, outcome{Verdict: trace.VerdictHealthy}, ""},
		"LostByItsPhase": {func(w world) {
			w.readyTaken()
			w.set(w.devPod(), "Unknown", "status", "phase")
			w.set(w.devPod(), "NodeLost", "status", "reason")
		}, lost, "Node node-a is not ready"},
		"NeverBegun": {func(w world) {
			w.set(w.devPod(), map[string]any{"phase": "Pending", "conditions": []any{map[string]any{"type": "PodScheduled", "status": "True"}}}, "status")
			w.unreachable()
		}, lost, "unreachable"},
		"StuckThereAloneAndTheNextFindsNoOther": {func(w world) {
			w.unreachable()
			next := w.ownedPod("next", "ReplicaSet", w.devPod().Body.GetOwnerReferences()[0].Name, nil)
			w.set(w.one("Pod", "-dgpxx"), w.ago(age), "metadata", "deletionTimestamp")
			w.set(next, map[string]any{"phase": "Pending", "conditions": []any{map[string]any{
				"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes are available", "lastTransitionTime": w.ago(age),
			}}}, "status")
			unstructured.RemoveNestedField(next.Body.Object, "spec", "nodeName")
		}, lost, "unreachable"},
		"StuckThereAndReplaced": {func(w world) {
			w.unreachable()
			w.ownedPod("next", "ReplicaSet", w.devPod().Body.GetOwnerReferences()[0].Name, nil)
			w.set(w.one("Pod", "-dgpxx"), w.ago(age), "metadata", "deletionTimestamp")
		}, outcome{Verdict: trace.VerdictHealthy}, ""},
		"StuckThereAndNotReplaced": {func(w world) {
			w.unreachable()
			w.set(w.devPod(), w.ago(age), "metadata", "deletionTimestamp")
		}, lost, "unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			w.startedAgo(hour)
			c.change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, of(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if got.Failing != nil && !strings.Contains(got.Failing.Message, c.words) {
				t.Errorf("message %q, want %q in it", got.Failing.Message, c.words)
			}
		})
	}
}

// TestEvictedPodNamesWhatItsNodeLacks: a pod was evicted, and no other runs.
func TestEvictedPodNamesWhatItsNodeLacks(t *testing.T) {
	t.Parallel()
	w := healthyWorld(t)
	w.set(w.devPod(), "Failed", "status", "phase")
	w.set(w.devPod(), "Evicted", "status", "reason")
	node := w.node(facts.Found, w.nodeCondition("Ready", "True", ""), w.nodeCondition("MemoryPressure", "True", ""))
	w.set(node, true, "spec", "unschedulable")
	f := Assess(w.Snapshot, w.TakenAt).Failing
	if f == nil || f.Code != trace.CodePodFailed || f.Hint != "Node node-a has MemoryPressure and is cordoned" {
		t.Errorf("failing %+v", f)
	}
}

func TestReadinessGate(t *testing.T) {
	t.Parallel()
	const gate = "example.com/gate"
	for name, c := range map[string]struct {
		change func(w world)
		want   outcome
		words  string
	}{
		"Unset": {func(w world) { w.readyTaken() }, outcome{trace.VerdictFailed, trace.RungPod, "development", trace.CodeReadinessGateNotMet, "Pod"}, "readiness gate example.com/gate: no controller has set this condition"},
		"False": {func(w world) {
			w.readyTaken()
			w.condition(w.devPod(), age, gate, "False", "Unregistered", "target is not healthy")
		}, outcome{trace.VerdictFailed, trace.RungPod, "development", trace.CodeReadinessGateNotMet, "Pod"}, "readiness gate example.com/gate is False: target is not healthy"},
		"UnsetAMomentAgo": {func(w world) { w.condition(w.devPod(), time.Second, "Ready", "False", "ReadinessGatesNotReady", "") }, outcome{Verdict: trace.VerdictProgressing}, ""},
		"Met":             {func(w world) { w.condition(w.devPod(), age, gate, "True", "", "") }, outcome{Verdict: trace.VerdictHealthy}, ""},
		"ContainersFirst": {func(w world) {
			w.condition(w.devPod(), age, "Ready", "False", "ContainersNotReady", "containers with unready status: [main]")
			w.condition(w.devPod(), age, "ContainersReady", "False", "ContainersNotReady", "")
		}, outcome{trace.VerdictFailed, trace.RungPod, "development", trace.CodePodNotReady, "Pod"}, "containers with unready status"},
		"NodeFirst": {func(w world) {
			w.readyTaken()
			w.unreachable()
		}, outcome{trace.VerdictFailed, trace.RungPod, "development", trace.CodeNodeNotReady, "Node"}, "unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			w.startedAgo(hour)
			w.set(w.devPod(), []any{map[string]any{"conditionType": gate}}, "spec", "readinessGates")
			c.change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, of(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if got.Failing != nil && !strings.Contains(got.Failing.Message, c.words) {
				t.Errorf("message %q, want %q in it", got.Failing.Message, c.words)
			}
		})
	}
}

// TestVolumeNotMounted: the event of a mount that failed stays for an hour, whatever became of the volume.
func TestVolumeNotMounted(t *testing.T) {
	t.Parallel()
	const failed = `MountVolume.SetUp failed for volume "config" : configmap "settings" not found`
	fails, waits := outcome{trace.VerdictFailed, trace.RungPod, "development", trace.CodeVolumeNotMounted, "Pod"}, outcome{Verdict: trace.VerdictProgressing}
	for name, c := range map[string]struct {
		created, event time.Duration // ago
		uid            string        // "" for the pod's own
		change         func(w world)
		want           outcome
	}{
		"StillFails":                   {4 * time.Minute, time.Minute, "", func(world) {}, fails},
		"TriedLongAgo":                 {4 * time.Minute, 3*time.Minute + 58*time.Second, "", func(world) {}, waits},
		"OfThePodBeforeOfTheSameName":  {4 * time.Minute, time.Minute, "another", func(world) {}, waits},
		"TooEarlyToTell":               {20 * time.Second, time.Second, "", func(world) {}, waits},
		"MountedAndPullingALargeImage": {4 * time.Minute, time.Minute, "", func(w world) { w.condition(w.devPod(), 0, "PodReadyToStartContainers", "True", "", "") }, waits},
		"NotMountedByItsCondition":     {4 * time.Minute, 3*time.Minute + 58*time.Second, "", func(w world) { w.condition(w.devPod(), 0, "PodReadyToStartContainers", "False", "", "") }, fails},
		"AnInitContainerHasRun": {4 * time.Minute, time.Minute, "", func(w world) {
			w.set(w.devPod(), []any{map[string]any{"name": "init", "state": map[string]any{"terminated": map[string]any{"exitCode": int64(0)}}}}, "status", "initContainerStatuses")
		}, waits},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			w.waiting("ContainerCreating")
			w.condition(w.devPod(), 0, "ContainersReady", "False", "ContainersNotReady", "")
			w.condition(w.devPod(), c.created, "PodScheduled", "True", "", "")
			w.set(w.devPod(), w.ago(c.created), "metadata", "creationTimestamp")
			uid := c.uid
			if uid == "" {
				uid = string(w.devPod().Body.GetUID())
			}
			w.event(w.devPod(), uid, c.event, "FailedMount", failed)
			c.change(w)
			if diff := cmp.Diff(c.want, of(Assess(w.Snapshot, w.TakenAt))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
