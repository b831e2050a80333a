package pods_test

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestPods breaks the pod of development.
func TestPods(t *testing.T) {
	t.Parallel()
	const dev = "development"
	assesstest.Check(t, assess.Assess, map[string]assesstest.Case{
		"PodEvicted": {Change: func(w assesstest.World) {
			w.Set(w.DevPod(), "Failed", "status", "phase")
			w.Set(w.DevPod(), "Evicted", "status", "reason")
		}, Want: assesstest.Failed(trace.RungPod, dev, trace.CodePodFailed, "Pod")},
		"PodInitCrashes": {Change: func(w assesstest.World) {
			w.Set(w.DevPod(), []any{map[string]any{"name": "init", "restartCount": int64(3), "state": map[string]any{"waiting": map[string]any{"reason": "CrashLoopBackOff"}}}}, "status", "initContainerStatuses")
		}, Want: assesstest.Failed(trace.RungPod, dev, trace.CodeCrashLoopBackOff, "Pod")},
		"PodFirstPullFails": {Change: func(w assesstest.World) {
			w.Set(w.DevPod(), w.TakenAt.Add(-time.Second).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
			w.Waiting("ErrImagePull")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"PodPullFailsForAWhile": {Change: func(w assesstest.World) {
			w.Set(w.DevPod(), w.TakenAt.Add(-time.Hour).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
			w.Waiting("ErrImagePull")
		}, Want: assesstest.Failed(trace.RungPod, dev, trace.CodeImagePullBackOff, "Pod")},
	})
}
