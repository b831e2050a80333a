package pods_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestReadinessGate(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const gate = "example.com/gate"
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   assesstest.Outcome
		words  string
	}{
		"Unset": {func(w assesstest.World) { readyTaken(w) }, assesstest.Failed(trace.RungPod, "development", trace.CodeReadinessGateNotMet, "Pod"), "readiness gate example.com/gate: no controller has set this condition"},
		"False": {func(w assesstest.World) {
			readyTaken(w)
			w.Condition(w.DevPod(), age, gate, "False", "Unregistered", "target is not healthy")
		}, assesstest.Failed(trace.RungPod, "development", trace.CodeReadinessGateNotMet, "Pod"), "readiness gate example.com/gate is False: target is not healthy"},
		"UnsetAMomentAgo": {func(w assesstest.World) {
			w.Condition(w.DevPod(), time.Second, "Ready", "False", "ReadinessGatesNotReady", "")
		}, assesstest.Outcome{Verdict: trace.VerdictProgressing}, ""},
		"Met": {func(w assesstest.World) { w.Condition(w.DevPod(), age, gate, "True", "", "") }, assesstest.Outcome{Verdict: trace.VerdictHealthy}, ""},
		"ContainersFirst": {func(w assesstest.World) {
			w.Condition(w.DevPod(), age, "Ready", "False", "ContainersNotReady", "containers with unready status: [main]")
			w.Condition(w.DevPod(), age, "ContainersReady", "False", "ContainersNotReady", "")
		}, assesstest.Failed(trace.RungPod, "development", trace.CodePodNotReady, "Pod"), "containers with unready status"},
		"NodeFirst": {func(w assesstest.World) {
			readyTaken(w)
			unreachable(w)
		}, assesstest.Failed(trace.RungPod, "development", trace.CodeNodeNotReady, "Node"), "unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			startedAgo(w, time.Hour)
			w.Set(w.DevPod(), []any{map[string]any{"conditionType": gate}}, "spec", "readinessGates")
			c.change(w)
			got := assess.Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if got.Failing != nil && !strings.Contains(got.Failing.Message, c.words) {
				t.Errorf("message %q, want %q in it", got.Failing.Message, c.words)
			}
			if f := got.Failing; f != nil && f.Code == trace.CodeReadinessGateNotMet && !strings.Contains(f.Hint, "which the controller for condition example.com/gate sets: ") {
				t.Errorf("hint %q, want the controller in it", f.Hint)
			}
		})
	}
}

// TestVolumeNotMounted: the event of a mount that failed stays for an hour, whatever became of the volume.
func TestVolumeNotMounted(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const failed = `MountVolume.SetUp failed for volume "config" : configmap "settings" not found`
	fails, waits := assesstest.Failed(trace.RungPod, "development", trace.CodeVolumeNotMounted, "Pod"), assesstest.Outcome{Verdict: trace.VerdictProgressing}
	for name, c := range map[string]struct {
		created, event time.Duration // ago
		uid            string        // "" for the pod's own
		change         func(w assesstest.World)
		want           assesstest.Outcome
	}{
		"StillFails":                   {4 * time.Minute, time.Minute, "", func(assesstest.World) {}, fails},
		"TriedLongAgo":                 {4 * time.Minute, 3*time.Minute + 58*time.Second, "", func(assesstest.World) {}, waits},
		"OfThePodBeforeOfTheSameName":  {4 * time.Minute, time.Minute, "another", func(assesstest.World) {}, waits},
		"TooEarlyToTell":               {20 * time.Second, time.Second, "", func(assesstest.World) {}, waits},
		"MountedAndPullingALargeImage": {4 * time.Minute, time.Minute, "", func(w assesstest.World) { w.Condition(w.DevPod(), 0, "PodReadyToStartContainers", "True", "", "") }, waits},
		"NotMountedByItsCondition":     {4 * time.Minute, 3*time.Minute + 58*time.Second, "", func(w assesstest.World) { w.Condition(w.DevPod(), 0, "PodReadyToStartContainers", "False", "", "") }, fails},
		"AnInitContainerHasRun": {4 * time.Minute, time.Minute, "", func(w assesstest.World) {
			w.Set(w.DevPod(), []any{map[string]any{"name": "init", "state": map[string]any{"terminated": map[string]any{"exitCode": int64(0)}}}}, "status", "initContainerStatuses")
		}, waits},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Waiting("ContainerCreating")
			w.Condition(w.DevPod(), 0, "ContainersReady", "False", "ContainersNotReady", "")
			w.Condition(w.DevPod(), c.created, "PodScheduled", "True", "", "")
			w.Set(w.DevPod(), w.Ago(c.created), "metadata", "creationTimestamp")
			uid := c.uid
			if uid == "" {
				uid = string(w.DevPod().Body.GetUID())
			}
			event(w, w.DevPod(), uid, c.event, "FailedMount", failed)
			c.change(w)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(assess.Assess(w.Snapshot, w.TakenAt))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
