package assess

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestClocksOfDataPlanes expects the same Trace whatever the clock of a data plane shows, where it was compared with that of the
// control plane.
func TestClocksOfDataPlanes(t *testing.T) {
	t.Parallel()
	for _, name := range scenarioNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, name)
			want := tracedWith(t, s, 0)
			for _, ahead := range []time.Duration{-40 * time.Minute, 7 * time.Minute} {
				if diff := cmp.Diff(want, tracedWith(t, s, ahead)); diff != "" {
					t.Errorf("with a clock that is %s ahead (-want +got)\n%s", ahead, diff)
				}
			}
		})
	}
}

// tracedWith is the Trace of s, in JSON, where the clocks of all data planes are ahead of the control plane's.
func tracedWith(t *testing.T, s *facts.Snapshot, ahead time.Duration) string {
	t.Helper()
	s.Skew = facts.Skew{facts.Control: 0}
	for o := range s.Each() {
		s.Skew[o.Ref.Plane] = 0
	}
	wrong := *s
	wrong.Skew = facts.Skew{facts.Control: 0}
	for plane := range s.Skew {
		if plane != facts.Control {
			wrong.Skew[plane] = ahead
		}
	}
	shown := wrong.InControlTime() // adds ahead to the times of the planes
	for plane := range shown.Skew {
		if plane != facts.Control {
			shown.Skew[plane] = -ahead
		}
	}
	text, err := json.MarshalIndent(Assess(shown, s.TakenAt), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
