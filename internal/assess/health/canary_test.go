package health_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestCanaryThatCannotBegin: Flagger v1.36.1 leaves the phase at Initializing, and writes why into events alone.
func TestCanaryThatCannotBegin(t *testing.T) {
	t.Parallel()
	const absent = `createPrimaryDeployment failed: deployment ghost.cell get query error: deployments.apps "ghost" not found`
	for name, c := range map[string]struct {
		phase, age, reason, message string
		fails                       bool
	}{
		"TargetAbsent":          {"Initializing", "2m", "Synced", absent, true},
		"TargetAbsentNoPhase":   {`""`, "2m", "Synced", absent, true},
		"TargetAbsentJustNow":   {"Initializing", "5s", "Synced", absent, false},
		"CopyNotReady":          {"Initializing", "2m", "Synced", "x-primary.cell not ready: waiting for rollout to finish: 0 of 1 updated replicas are available", false},
		"OtherEvent":            {"Initializing", "2m", "Unhealthy", absent, false},
		"InitializedAfterwards": {"Initialized", "2m", "Synced", absent, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := oldWorld(t)
			ref := w.Releases(fmt.Sprintf("apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {creationTimestamp: <%s>}\nstatus: {phase: %s, lastTransitionTime: <%[1]s>}", c.age, c.phase), true)
			w.Put(w.PlaneObject(fmt.Sprintf("{apiVersion: v1, kind: Event, metadata: {name: x}, type: Warning, reason: %s, message: %q, lastTimestamp: <5s>, involvedObject: {kind: Canary, namespace: %s, name: %s}}",
				c.reason, c.message, ref.Namespace, ref.Name)).Live)
			got := assess.Assess(w.Snapshot, w.TakenAt).Failing
			if (got != nil) != c.fails || got != nil && (got.Code != trace.CodeProgressiveRolloutFailed || got.Message != c.message) {
				t.Errorf("failing %+v, want %t", got, c.fails)
			}
		})
	}
}

// TestNewCanaryIsNotBehind: while Flagger makes its first copy of the target, there is no version before.
func TestNewCanaryIsNotBehind(t *testing.T) {
	t.Parallel()
	want := onItsWay()
	if got := healthOf(oldWorld(t), "apiVersion: flagger.app/v1beta1\nkind: Canary\nstatus: {phase: Initializing, lastTransitionTime: <1m>}", true); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestSuspendedCanary: it holds a new version back as soon as no pod runs it.
func TestSuspendedCanary(t *testing.T) {
	t.Parallel()
	const suspended = "apiVersion: flagger.app/v1beta1\nkind: Canary\nspec: {suspend: true, targetRef: {apiVersion: apps/v1, kind: Deployment, name: NAME}}\nstatus: {phase: Succeeded, lastTransitionTime: <1h>}"
	for image, held := range map[string]bool{"": false, "registry.example.com/other:2": true} {
		w := oldWorld(t)
		if image != "" {
			w.Set(w.DevPod(), []any{map[string]any{"name": "main", "image": image}}, "spec", "containers")
		}
		got := healthOf(w, replaceName(suspended, w.Deployment().Ref.Name), true)
		if got.State != trace.Suspended || (got.Current == trace.Behind) != held || (got.Code == trace.CodeRolloutPaused) != held {
			t.Errorf("a pod with image %q: %+v, want held back %t", image, got, held)
		}
	}
}

// TestFailedCanarySaysWhichCheck: the condition has one text for all failures.
func TestFailedCanarySaysWhichCheck(t *testing.T) {
	t.Parallel()
	w := oldWorld(t)
	ref := w.Releases("apiVersion: flagger.app/v1beta1\nkind: Canary\nstatus: {phase: Failed, lastTransitionTime: <1m>}", true)
	for i, message := range []string{"Canary failed! Scaling down x.cell", "Rolling back x.cell failed checks threshold reached 2", "Halt x.cell advancement targets 50.00 < 99"} {
		w.Put(w.PlaneObject(fmt.Sprintf("{apiVersion: v1, kind: Event, metadata: {name: e%d}, type: Warning, reason: Synced, message: %q, lastTimestamp: <%ds>, involvedObject: {kind: Canary, namespace: %s, name: %s}}",
			i, message, 60+10*i, ref.Namespace, ref.Name)).Live)
	}
	if got := assess.Assess(w.Snapshot, w.TakenAt).Failing; got == nil || !strings.Contains(got.Hint, "metric targets is 50.00, and the Canary requires at least 99. ") {
		t.Errorf("failing %+v", got)
	}
}
