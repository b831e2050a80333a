package printers

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// promoted is a report in which a component has a newer release in one environment than in the next.
func promoted() VerifyReport {
	front, back := decided("front", verify.Passed), decided("back", verify.Failed)
	front.Cells = []verify.Cell{
		{Environment: "dev", Bound: true, Verdict: trace.VerdictHealthy, Current: trace.Current, Release: "front-2", Commit: "main@sha1:7040926aaaaaaaaa", Image: "front:2", Since: printerstest.Ended.Add(-time.Hour), Next: "prod", Order: verify.Ahead},
		{Environment: "prod", Bound: true, Verdict: trace.VerdictHealthy, Current: trace.Behind, Release: "front-1", Reported: true},
	}
	back.Cells = []verify.Cell{
		{Environment: "dev", Bound: true, Verdict: trace.VerdictFailed, Current: trace.Current, Release: "other", Failing: "ImagePullBackOff", Next: "prod", Order: verify.Older},
		{Environment: "prod", Release: "back-1"},
	}
	return VerifyReport{Results: []verify.Result{front, back}}
}

// TestMatrix: a cell says as much as the terminal has room for, and a component that is not bound to an environment has a dash.
func TestMatrix(t *testing.T) {
	t.Parallel()
	at := func(width int) Options { return Options{Now: printerstest.Ended, Width: width} }
	header := []string{"COMPONENT", "RESULT", "DEV", "PROD"}
	for name, c := range map[string]struct {
		options Options
		want    style.Table
	}{
		"Unlimited": {at(0), style.Table{Header: header, Rows: [][]string{
			{"back", "failed", "failed ImagePullBackOff other, older than prod", "-"},
			{"front", "passed", "ok 2 60m, ahead of prod", "reported 1, behind"},
		}}},
		"Exact": {at(2 + 9 + 2 + 6 + 46 + 2 + 18), style.Table{Header: header, Rows: [][]string{
			{"back", "failed", "failed ImagePullBackOff other, older than prod", "-"},
			{"front", "passed", "ok 2 60m, ahead of prod", "reported 1, behind"},
		}}},
		"Brief": {at(2 + 9 + 2 + 6 + 46 + 2 + 18 - 1), style.Table{Header: header, Rows: [][]string{
			{"back", "failed", "failed ImagePullBackOff", "-"},
			{"front", "passed", "ok 2", "reported 1, behind"},
		}}},
		"WordOnly": {at(40), style.Table{Header: header, Rows: [][]string{
			{"back", "failed", "failed", "-"},
			{"front", "passed", "ok", "reported, behind"},
		}}},
	} {
		if diff := cmp.Diff(c.want, promoted().matrix(c.options)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestList: the wide form has a line for each environment to which a component is bound, and a dash for what is not known.
func TestList(t *testing.T) {
	t.Parallel()
	want := style.Table{Header: []string{"COMPONENT", "ENVIRONMENT", "RESULT", "STATE", "CURRENT", "RELEASE", "COMMIT", "IMAGE", "AGE", "NEXT"}, Rows: [][]string{
		{"back", "dev", "failed", "failed", "yes", "other", "-", "-", "-", "older than prod"},
		{"front", "dev", "passed", "ok", "yes", "front-2", "main@7040926", "front:2", "60m", "ahead of prod"},
		{"front", "prod", "passed", "reported", "behind", "front-1", "-", "-", "-", "-"},
	}}
	if diff := cmp.Diff(want, promoted().list(Options{Now: printerstest.Ended, Color: true})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestMatrixOfSeveralNamespaces: components of one name are told apart by their namespaces; what has passed is last.
func TestMatrixOfSeveralNamespaces(t *testing.T) {
	t.Parallel()
	var r VerifyReport
	for i, d := range []verify.Decision{verify.Passed, verify.Pending, verify.Failed, verify.Undecided, verify.Passed} {
		one := decided("front", d)
		one.Trace.Subject.Namespace = string(rune('a' + i))
		r.Results = append(r.Results, one)
	}
	want := style.Table{Header: []string{"NAMESPACE", "COMPONENT", "RESULT"}, Rows: [][]string{
		{"c", "front", "failed"}, {"d", "front", "undecided"}, {"b", "front", "pending"}, {"a", "front", "passed"}, {"e", "front", "passed"},
	}}
	if diff := cmp.Diff(want, r.matrix(Options{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if r.Results[0].Trace.Subject.Namespace != "a" {
		t.Error("the results of the report were sorted as well")
	}
}

// TestShortRelease: the name of a release does not repeat that of its component.
func TestShortRelease(t *testing.T) {
	t.Parallel()
	for release, want := range map[string]string{"front-20261121-1": "20261121-1", "front-": "front-", "front": "front", "other-1": "other-1", "": "", "front-a\x1b": `a\x1b`} {
		if got := shortRelease(release, "front"); got != want {
			t.Errorf("%q: %q, want %q", release, got, want)
		}
	}
}
