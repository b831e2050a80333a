package printers

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// TestRollout: the rungs that wait for one rollout are one block. Another environment, or another code, has a block of its own.
func TestRollout(t *testing.T) {
	t.Parallel()
	waits := func(rung trace.RungID, code trace.Code, message, environment string) verify.Cause {
		c := causeOn(code, message, "pay")
		c.Decision, c.Rung, c.Subjects[0].Environments = verify.Pending, rung, []string{environment}
		return c
	}
	got := causeLines([]verify.Cause{
		waits(trace.RungBinding, trace.CodeProgressing, "its objects are not ready", "dev"),
		waits(trace.RungPod, trace.CodeProgressing, "starting", "prod"),
		waits(trace.RungPod, trace.CodeProgressing, "first starts", "dev"),
		waits(trace.RungPod, trace.CodeProgressing, "second starts", "dev"),
		waits(trace.RungEndpoint, trace.CodeRouteNotAccepted, "no route", "dev"),
	}, causeDetail{})
	want := []string{
		"", "Pending: binding, pod (dev)   Progressing",
		"  Pod shop/p:", "    its objects are not ready", "  Pod shop/p:", "    first starts", "  Pod shop/p:", "    second starts",
		"  Next: kubectl choreo explain Progressing",
		"", "Pending: pod (prod)   Progressing", "  Pod shop/p:", "    starting",
		"", "Pending: endpoint (dev)   RouteNotAccepted", "  Pod shop/p:", "    no route",
		"  Next: kubectl choreo explain RouteNotAccepted",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
