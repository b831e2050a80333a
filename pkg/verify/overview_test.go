package verify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

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

// TestOverviewPutsTheWorstFirst: a reason that is only pending here, and failed in a gate, stands behind one that is failed here.
func TestOverviewPutsTheWorstFirst(t *testing.T) {
	t.Parallel()
	tr := withFailure(healthyTrace(), trace.RungPod, "staging", trace.CodeCrashLoopBackOff, facts.Ref{Kind: "Pod", Name: "a"})
	tr.Current = trace.Behind
	tr.Rungs[2].Current = trace.Behind
	tr.Rungs[2].Findings = []trace.Finding{{Code: trace.CodeWorkloadNotReleased, Severity: trace.Warning}}
	want := []string{"Failed", "Failed healthy pod staging CrashLoopBackOff", "Pending current component  WorkloadNotReleased"}
	if diff := cmp.Diff(want, Overview(tr).texts()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
