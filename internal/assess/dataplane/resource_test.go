package dataplane_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestResources breaks what was rendered, on its plane.
func TestResources(t *testing.T) {
	t.Parallel()
	const dev = "development"
	assesstest.Check(t, assess.Assess, map[string]assesstest.Case{
		"DeploymentDeletedByHand": {Change: func(w assesstest.World) {
			d := w.One("Deployment", "")
			w.Drop(d.Ref)
		}, Want: assesstest.Failed(trace.RungResource, dev, trace.CodeResourceNotFound, "Deployment")},
		"DeploymentScaledToZero": {Change: func(w assesstest.World) {
			d := w.One("Deployment", "")
			for _, path := range [][]string{{"spec", "replicas"}, {"status", "replicas"}, {"status", "readyReplicas"}, {"status", "availableReplicas"}, {"status", "updatedReplicas"}} {
				w.Set(d, int64(0), path...)
			}
		}, Want: assesstest.Outcome{Verdict: trace.VerdictHealthy}},
		"DeploymentOutOfQuota": {Change: func(w assesstest.World) {
			d := w.One("Deployment", "")
			w.Condition(d, time.Hour, "Progressing", "False", "ProgressDeadlineExceeded", "has timed out progressing")
			w.Condition(d, time.Hour, "ReplicaFailure", "True", "FailedCreate", "exceeded quota: compute")
		}, Want: assesstest.Failed(trace.RungResource, dev, trace.CodePodsRefused, "Deployment")},
	})
}

// TestWakeOfAMissingObject: OpenChoreo applies a deleted object again once it looks at its RenderedRelease.
func TestWakeOfAMissingObject(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	w.Drop(w.One("Deployment", "").Ref)
	failing := assess.Assess(w.Snapshot, w.TakenAt).Failing
	if failing == nil {
		t.Fatal("nothing has failed")
	}
	if diff := cmp.Diff(w.One("RenderedRelease", "-development").Ref, failing.Wake); diff != "" {
		t.Errorf("wake (-want +got)\n%s", diff)
	}
}
