package assess

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestReported: rungs.reported is set on the rungs of the plane where none of their objects was read, and only there.
func TestReported(t *testing.T) {
	t.Parallel()
	answered := func(outcome facts.Outcome) func(world) {
		return func(w world) {
			for _, o := range w.onPlanes() {
				w.answer(o, outcome)
			}
			for _, l := range w.Lists() {
				if l.Query.Plane != facts.Control {
					w.PutList(facts.List{Query: l.Query, Outcome: outcome, Reason: "so the test says"}, nil)
				}
			}
		}
	}
	for name, c := range map[string]struct {
		change func(w world)
		want   []trace.RungID
	}{
		"Seen":        {func(world) {}, nil},
		"Elsewhere":   {func(w world) { w.elsewhere() }, []trace.RungID{trace.RungResource, trace.RungPod}},
		"Unreachable": {answered(facts.Unreachable), []trace.RungID{trace.RungResource, trace.RungPod}},
		// Pods that may not be read are no pods that OpenChoreo has reported on.
		"Forbidden": {answered(facts.Forbidden), []trace.RungID{trace.RungResource}},
		"OnlyPodsMayBeRead": {func(w world) {
			for _, o := range w.onPlanes() {
				if o.Ref.Kind != "Pod" {
					w.answer(o, facts.Forbidden)
				}
			}
			for _, l := range w.Lists() {
				if l.Query.Kind == "Deployment" {
					w.PutList(facts.List{Query: l.Query, Outcome: facts.Forbidden, Reason: "no"}, nil)
				}
			}
		}, []trace.RungID{trace.RungResource}},
	} {
		w := healthyWorld(t)
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
