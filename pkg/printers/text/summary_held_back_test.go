package text

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestHeldBack: who has to continue a paused rollout, and how, stands below what is behind; a rollout further down says nothing new.
func TestHeldBack(t *testing.T) {
	t.Parallel()
	paused := trace.Finding{
		Code: trace.CodeRolloutPaused, Severity: trace.Warning, Message: "the rollout is paused", Hint: "promote it",
		NextSteps: []trace.NextStep{{Role: trace.RoleDataPlane, Command: "kubectl argo rollouts promote web -n dp", OnlyIf: "the new pods work"}},
	}
	rung := func(id trace.RungID, findings ...trace.Finding) trace.Rung {
		return trace.Rung{ID: id, State: trace.OK, Current: trace.Behind, Findings: findings}
	}
	const says = "Promote it.\n  Next: as platform engineer, on the data plane, if the new pods work:\n          kubectl argo rollouts promote web -n dp\n"
	for name, c := range map[string]struct {
		rungs []trace.Rung
		want  bool
	}{
		"HeldBack":    {[]trace.Rung{rung(trace.RungResource, paused), rung(trace.RungPod)}, true},
		"BehindAbove": {[]trace.Rung{rung(trace.RungRelease), rung(trace.RungResource, paused)}, false},
		"NotPaused":   {[]trace.Rung{rung(trace.RungResource), rung(trace.RungPod)}, false},
	} {
		tr := &trace.Trace{Verdict: trace.VerdictHealthy, Current: trace.Behind, Environments: []trace.Environment{{Name: "development", Verdict: trace.VerdictHealthy, Rungs: c.rungs}}}
		if got := strings.Join(Summary(tr, style.Options{}), "\n"); strings.Contains(got, says) != c.want {
			t.Errorf("%s: says how to continue: %t, want %t\n%s", name, !c.want, c.want, got)
		}
	}
}
