package verify

import "testing"

// TestOverview: what a gate fails because no ReleaseBinding deploys it is not ready; every other decision is that of the gate.
func TestOverview(t *testing.T) {
	t.Parallel()
	for scenario, want := range map[string]Decision{
		"healthy":               Passed,
		"pod-image-pull":        Failed,
		"workload-not-released": Pending,
		"rights-missing":        Undecided,
		"kustomization-behind":  Gate{}.Judge(traced(t, "kustomization-behind")).Decision,
	} {
		j := Overview(traced(t, scenario))
		if j.Decision != want {
			t.Errorf("%s: %s, want %s", scenario, j.Decision, want)
		}
		if cause, ok := j.Cause(); (want != Passed) != ok || ok && len(cause.Next) == 0 {
			t.Errorf("%s: %+v", scenario, cause)
		}
	}
	if got := (Gate{}).Judge(traced(t, "workload-not-released")).Decision; got != Failed {
		t.Errorf("a gate comes to %s: the case shows nothing", got)
	}
}
