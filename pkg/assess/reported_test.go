package assess

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestReported: rungs.reported is set on the rungs of the plane where none of their objects was read, and only there.
func TestReported(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	answered := func(outcome facts.Outcome) func(assesstest.World) {
		return func(w assesstest.World) {
			for _, o := range w.OnPlanes() {
				w.Answer(o, outcome)
			}
			for _, l := range w.Lists() {
				if l.Query.Plane != facts.Control {
					w.PutList(facts.List{Query: l.Query, Outcome: outcome, Reason: "so the test says"}, nil)
				}
			}
		}
	}
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   []trace.RungID
	}{
		"Seen":        {func(assesstest.World) {}, nil},
		"Elsewhere":   {assesstest.ForeignPlane, []trace.RungID{trace.RungResource, trace.RungPod}},
		"Unreachable": {answered(facts.Unreachable), []trace.RungID{trace.RungResource, trace.RungPod}},
		// Pods that may not be read are no pods that OpenChoreo has reported on.
		"Forbidden": {answered(facts.Forbidden), []trace.RungID{trace.RungResource}},
		"OnlyPodsMayBeRead": {func(w assesstest.World) {
			for _, o := range w.OnPlanes() {
				if o.Ref.Kind != "Pod" {
					w.Answer(o, facts.Forbidden)
				}
			}
			for _, l := range w.Lists() {
				if l.Query.Kind == "Deployment" {
					w.PutList(facts.List{Query: l.Query, Outcome: facts.Forbidden, Reason: "no"}, nil)
				}
			}
		}, []trace.RungID{trace.RungResource}},
	} {
		w := healthy.Copy(t)
		c.change(w)
		var got []trace.RungID
		for _, r := range Assess(w.Snapshot, w.TakenAt).Environments[0].Rungs {
			if r.Reported {
				got = append(got, r.ID)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
