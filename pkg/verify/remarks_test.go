package verify

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestRemarks: each warning once, each difference, and since when the oldest is known to exist.
func TestRemarks(t *testing.T) {
	t.Parallel()
	finding := func(code trace.Code, severity trace.Severity, since time.Time) trace.Finding {
		return trace.Finding{Code: code, Severity: severity, Since: since}
	}
	rungs := []trace.Rung{
		{Findings: []trace.Finding{finding(trace.CodeFieldDrift, trace.Warning, noon), finding(trace.CodeImagePullBackOff, trace.Error, noon.Add(-time.Hour))}},
		{Findings: []trace.Finding{finding(trace.CodeResourceNotFound, trace.Error, time.Time{}), finding(trace.CodeFieldDrift, trace.Warning, noon.Add(-time.Minute))}},
		{Findings: []trace.Finding{finding(trace.CodeTwoOwners, trace.Warning, time.Time{}), finding(trace.CodeReleaseNotPromoted, trace.Info, noon)}},
	}
	want := Remarks{Drift: 3, DriftSince: noon.Add(-time.Minute), Warnings: []trace.Code{trace.CodeFieldDrift, trace.CodeTwoOwners}}
	if diff := cmp.Diff(want, RemarksOf(rungs)); diff != "" || want.IsEmpty() {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := RemarksOf(rungs[:0]); !got.IsEmpty() {
		t.Errorf("of no rung: %+v", got)
	}
}

// TestCellsHaveRemarks: those of an environment to which the component is bound.
func TestCellsHaveRemarks(t *testing.T) {
	t.Parallel()
	tr := withFailure(healthyTrace(), trace.RungPod, "staging", trace.CodeResourceDrift, facts.Ref{})
	tr.Environments = append(tr.Environments, trace.Environment{Name: "production", Verdict: trace.VerdictSuspended})
	var got []int
	for _, c := range Cells(tr, facts.New(tr.Subject, noon)) {
		got = append(got, c.Drift)
	}
	if diff := cmp.Diff([]int{0, 1, 0}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
