package health_test

import (
	"fmt"
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
