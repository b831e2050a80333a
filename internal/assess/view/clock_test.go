package view_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// readAhead is a snapshot of a clock that is three minutes ahead: Flux has fetched a commit four seconds before.
func readAhead(t *testing.T) *facts.Snapshot {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "testdata", "cases", "clock-ahead-of-the-cluster.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	s, err := snapshotfile.Read(f, "case")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestClusterTime tells a clock that is ahead from controllers that have stopped.
func TestClusterTime(t *testing.T) {
	t.Parallel()
	set := func(s *facts.Snapshot, kind string, value any, path ...string) {
		for _, o := range s.Of(facts.Control, groupOf(kind), kind) {
			if err := unstructured.SetNestedField(o.Body.Object, value, path...); err != nil {
				t.Fatal(err)
			}
		}
	}
	at := func(s *facts.Snapshot, ago time.Duration) string { return s.TakenAt.Add(-ago).Format(time.RFC3339) }
	for name, c := range map[string]struct {
		change func(s *facts.Snapshot)
		moved  bool
		want   trace.Verdict
	}{
		"Ahead": {func(*facts.Snapshot) {}, true, trace.VerdictProgressing},
		"OneControllerHasStopped": {func(s *facts.Snapshot) {
			set(s, "ClusterDataPlane", at(s, 20*time.Second), "status", "agentConnection", "lastHeartbeatTime")
		}, false, trace.VerdictFailed},
		"AllHaveStopped": {func(s *facts.Snapshot) {
			set(s, "Deployment", int64(0), "status", "availableReplicas")
		}, false, trace.VerdictFailed},
		"AllHaveStoppedAndAPodWasLost": {func(s *facts.Snapshot) {
			for _, pod := range s.Of("default", "", "Pod") {
				_ = unstructured.SetNestedSlice(pod.Body.Object, []any{map[string]any{
					"type": "Ready", "status": "True", "lastTransitionTime": at(s, time.Minute),
				}}, "status", "conditions")
			}
		}, false, trace.VerdictFailed},
		"NothingForAnHour": {func(s *facts.Snapshot) { s.TakenAt = s.TakenAt.Add(time.Hour) }, false, trace.VerdictFailed},
		"NoOtherController": {func(s *facts.Snapshot) {
			set(s, "ClusterDataPlane", false, "status", "agentConnection", "connected")
		}, false, trace.VerdictFailed},
		"TheClocksWereCompared": {func(s *facts.Snapshot) { s.Skew = facts.Skew{facts.Control: 0} }, false, trace.VerdictFailed},
		"NothingIsLate":         {func(s *facts.Snapshot) { s.TakenAt = s.TakenAt.Add(-3 * time.Minute) }, false, trace.VerdictProgressing},
		"Behind":                {func(s *facts.Snapshot) { s.TakenAt = s.TakenAt.Add(-time.Hour) }, false, trace.VerdictProgressing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := readAhead(t)
			c.change(s)
			moved := !view.ClusterTime(s).Equal(s.TakenAt)
			if got := assess.Assess(s, s.TakenAt); moved != c.moved || got.Verdict != c.want {
				t.Errorf("moved %t, verdict %s; want %t, %s", moved, got.Verdict, c.moved, c.want)
			}
		})
	}
}

func groupOf(kind string) string {
	if kind == "Deployment" {
		return kinds.Apps
	}
	return kinds.OpenChoreo
}
