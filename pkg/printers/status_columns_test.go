package printers

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// TestImageColumn: an image loses its registry first, and then its name.
func TestImageColumn(t *testing.T) {
	t.Parallel()
	const tagged, untagged = "registry.example.com:5000/acme/pay:1.0.1", "registry.example.com/acme/pay"
	for name, c := range map[string]struct {
		image   string
		columns columns
		want    string
	}{
		"Wide":         {tagged, wideColumns, tagged},
		"Name":         {tagged, everything, "pay:1.0.1"},
		"Tag":          {tagged, tagsOnly, ":1.0.1"},
		"NoTag":        {untagged, tagsOnly, "pay"},
		"Digest":       {untagged + "@sha256:0123456789abcdef", tagsOnly, "@sha256:0123456789ab"},
		"NothingIsRun": {"", everything, "-"},
	} {
		if got := (statusRow{cell: verify.Cell{Image: c.image}}).image(c.columns); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestReleaseColumn(t *testing.T) {
	t.Parallel()
	row := func(release string) statusRow {
		return statusRow{verify.Result{Trace: &trace.Trace{Subject: facts.Subject{Component: "pay"}}}, verify.Cell{Release: release}}
	}
	for release, want := range map[string][2]string{
		"pay-2026-1": {"pay-2026-1", "2026-1"}, "other-1": {"other-1", "other-1"}, "pay-": {"pay-", "pay-"}, "": {"-", "-"},
	} {
		if got := [2]string{row(release).release(wideColumns), row(release).release(everything)}; got != want {
			t.Errorf("%q: %q, want %q", release, got, want)
		}
	}
}

func TestDriftColumn(t *testing.T) {
	t.Parallel()
	o := Options{Now: printerstest.Ended}
	for want, r := range map[string]verify.Remarks{
		"-": {DriftSince: printerstest.Ended}, "2": {Drift: 2}, "1, 5m": {Drift: 1, DriftSince: printerstest.Ended.Add(-5 * time.Minute)},
	} {
		if got := (statusRow{cell: verify.Cell{Remarks: r}}).drift(o); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestColumns: a column is there where a row fills it, or in -o wide; the namespace where there are several.
func TestColumns(t *testing.T) {
	t.Parallel()
	one := statusRow{decided("a", verify.Passed), verify.Cell{Environment: "dev", Verdict: trace.VerdictHealthy}}
	elsewhere := one
	elsewhere.one = decided("b", verify.Passed)
	elsewhere.one.Trace.Subject.Namespace = "other"
	for name, c := range map[string]struct {
		rows    []statusRow
		options Options
		columns columns
		want    []string
	}{
		"Plain":      {[]statusRow{one, one}, Options{}, everything, []string{"COMPONENT", "ENVIRONMENT", "STATE", "RELEASE", "IMAGE", "AGE"}},
		"Namespaces": {[]statusRow{one, elsewhere}, Options{}, withoutAge, []string{"NAMESPACE", "COMPONENT", "ENVIRONMENT", "STATE"}},
		"Marks":      {[]statusRow{one}, Options{Marks: true}, withoutImage, []string{"", "COMPONENT", "ENVIRONMENT", "STATE", "AGE"}},
		"Wide":       {[]statusRow{one}, Options{}, wideColumns, []string{"NAMESPACE", "PROJECT", "COMPONENT", "ENVIRONMENT", "STATE", "RELEASE", "COMMIT", "IMAGE", "AGE", "DRIFT", "CAUSE"}},
	} {
		got := rowTable(c.rows, c.options, c.columns).Header
		if len(got) != len(c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
	}
	if got := rowTable([]statusRow{one}, Options{Marks: true, ASCII: true}, everything).Rows[0][0]; got != "+" {
		t.Errorf("the mark in ASCII is %q", got)
	}
}
