package assess

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestNothingSeenOfAPlaneWithoutAgent expects that no rung of the plane is OK by itself if its cluster shows nothing, and that the
// summaries say so, before and after OpenChoreo has reported.
func TestNothingSeenOfAPlaneWithoutAgent(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		reported bool
		want     map[trace.RungID]string
	}{
		"Reported": {true, map[trace.RungID]string{
			trace.RungResource: "OK, reported: Deployment 1/1, ConfigMap, HTTPRoute, Service, NetworkPolicy; as last reported by OpenChoreo",
			trace.RungPod:      "OK, reported: not read: no object on this cluster shows that it is data plane default",
		}},
		"NeverApplied": {false, map[trace.RungID]string{
			trace.RungResource: "Blocked: Deployment: no status reported",
			trace.RungPod:      "Blocked: the data plane was not read",
		}},
	} {
		w := healthy.Copy(t)
		w.Aged(time.Hour)
		w.Set(w.One("ClusterDataPlane", ""), map[string]any{"connected": false}, "status", "agentConnection")
		if !c.reported {
			w.Set(w.One("RenderedRelease", "greeter-service-development"), map[string]any{}, "status")
		}
		for _, o := range w.OnPlanes() {
			w.Drop(o.Ref)
			if o.Ref.Kind == "Namespace" {
				w.Answer(o, facts.Absent)
			}
		}
		got := map[trace.RungID]string{}
		for _, r := range Assess(w.Snapshot, w.TakenAt).Environments[0].Rungs {
			if r.ID == trace.RungResource || r.ID == trace.RungPod {
				got[r.ID] = r.State.String() + ": " + r.Summary
				if r.State == trace.OK && r.Reported {
					got[r.ID] = "OK, reported: " + r.Summary
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
