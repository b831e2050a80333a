package pods_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestTerminatingPod: a pod may take two minutes to end beyond its grace period; after that, what its node shows is the reason.
func TestTerminatingPod(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	healthy.Set(healthy.DevPod(), "node-a", "spec", "nodeName")
	pod := healthy.DevPod().Ref
	stuck := []string{"Failed stuck in Terminating", "error PodStuckTerminating of Pod " + pod.Name + ": " + pod.String() + " is being deleted"}
	readyNode := func(w assesstest.World) facts.Object {
		return node(w, facts.Found, nodeCondition(w, "Ready", "True", ""))
	}
	for name, c := range map[string]struct {
		deleted      time.Duration // ago
		change       func(assesstest.World)
		lines, hints []string
	}{
		"Ends":          {119 * time.Second, func(assesstest.World) {}, []string{"Progressing 1 pod terminating"}, nil},
		"NodeUnread":    {121 * time.Second, func(assesstest.World) {}, stuck, []string{"only the kubelet can stop its containers: check that node node-a is Ready"}},
		"NodeForbidden": {121 * time.Second, func(w assesstest.World) { node(w, facts.Forbidden) }, stuck, []string{"only the kubelet can stop its containers: check that node node-a is Ready"}},
		"NodeReady":     {121 * time.Second, func(w assesstest.World) { readyNode(w) }, stuck, []string{"node node-a is ready, but its kubelet cannot stop the containers or unmount a volume"}},
		"NodeCordoned":  {121 * time.Second, func(w assesstest.World) { w.Set(readyNode(w), true, "spec", "unschedulable") }, stuck, []string{"Node node-a is cordoned"}},
		"NodeDeleted": {121 * time.Second, func(w assesstest.World) {
			w.Set(readyNode(w), w.Ago(time.Minute), "metadata", "deletionTimestamp")
		}, stuck, []string{"Node node-a is being deleted"}},
		"NodeLost": {121 * time.Second, func(w assesstest.World) { unreachable(w) }, []string{
			"Failed stuck in Terminating", "error NodeNotReady of Node node-a: Node node-a is unreachable: Kubelet stopped posting node status.",
		}, []string{pod.String() + " stays Terminating until its node is Ready again or is deleted"}},
		"NodeLostButNotOverdue": {119 * time.Second, func(w assesstest.World) { unreachable(w) }, []string{"Progressing 1 pod terminating"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Deleted(w.DevPod(), c.deleted)
			c.change(w)
			got := pods.Assess(w.Development())
			if diff := cmp.Diff(c.lines, assesstest.Lines(got.Rung)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.hints, assesstest.Hints(got.Rung)); diff != "" {
				t.Errorf("hints (-want +got)\n%s", diff)
			}
		})
	}
}

// TestFinalizer: a finalizer blocks the deletion, whatever the node shows.
func TestFinalizer(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	w.Deleted(w.DevPod(), time.Hour)
	w.Set(w.DevPod(), []any{"example.com/hold"}, "metadata", "finalizers")
	node(w, facts.Found, nodeCondition(w, "Ready", "True", ""))
	if diff := cmp.Diff([]string{"check the controller that has to remove its finalizers; do not remove them by hand"}, assesstest.Hints(pods.Assess(w.Development()).Rung)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRestartedPod: a restart of the last ten minutes is a warning although the pod is ready again; an older one only counts.
func TestRestartedPod(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		ended time.Duration // ago
		want  []string
	}{
		"Recent": {599 * time.Second, []string{
			"OK running greeter-service:1.0.0", "warning PodFlapping of Pod " + healthy.DevPod().Ref.Name + ": container main ended with exit code 3 (Error); it runs again",
		}},
		"Older": {601 * time.Second, []string{"OK running greeter-service:1.0.0"}},
	} {
		w := healthy.Copy(t)
		w.Set(w.DevPod(), []any{map[string]any{
			"name": "main", "image": assesstest.AppImage, "restartCount": int64(2), "state": map[string]any{"running": map[string]any{"startedAt": w.Ago(c.ended)}},
			"lastState": map[string]any{"terminated": map[string]any{"exitCode": int64(3), "reason": "Error", "finishedAt": w.Ago(c.ended)}},
		}}, "status", "containerStatuses")
		if diff := cmp.Diff(c.want, assesstest.Lines(pods.AssessPod(w.Development(), w.DevPod()).Rung)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if got := pods.Assess(w.Development()).Summary; got != "1 running greeter-service:1.0.0, 2 restarts" {
			t.Errorf("%s: %q", name, got)
		}
	}
}
