package cmdutil

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// clock is ahead of that of the control plane; an unknown one is 0.
type clock time.Duration

func (c clock) Skew(plane facts.Plane) (time.Duration, bool) {
	return time.Duration(c), c != 0 && plane == facts.Control
}

// TestReportSkew warns once, and only of a difference that is longer than a request takes.
func TestReportSkew(t *testing.T) {
	t.Parallel()
	const rest = " the clock of the cluster; ages and timeouts use the clock of the cluster\n"
	for ahead, want := range map[time.Duration]string{
		0:                                 "",
		20*time.Second - 1:                "",
		20 * time.Second:                  "warning: the clock of this machine is 20s ahead of" + rest,
		-20*time.Second + 1:               "",
		-3*time.Minute + time.Millisecond: "warning: the clock of this machine is 3m0s behind" + rest,
	} {
		var out strings.Builder
		r := NewReader(iostreams.IOStreams{Err: &out})
		r.ReportSkew(clock(ahead))
		r.ReportSkew(clock(ahead))
		if out.String() != want {
			t.Errorf("%s: %q, want %q", ahead, out.String(), want)
		}
	}
}

// TestReportSuspectedSkew: where all that a cluster wrote is of one age, its clock may be behind. Who was warned already is not again.
func TestReportSuspectedSkew(t *testing.T) {
	t.Parallel()
	const want = "warning: the newest object in the cluster is 5m0s old, so the clock of this machine may be ahead; timeouts use the time of the newest object\n"
	renewed := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		ahead  time.Duration
		warned bool
		want   string
	}{
		"Present": {time.Second, false, ""}, "Ahead": {5*time.Minute + time.Millisecond, false, want}, "Warned": {5 * time.Minute, true, ""},
	} {
		s := facts.New(facts.Subject{}, renewed.Add(c.ahead))
		for _, name := range []string{"controller-a", "controller-b"} {
			body := map[string]any{"spec": map[string]any{"renewTime": renewed.Format(time.RFC3339), "leaseDurationSeconds": int64(15)}}
			s.Put(facts.Object{
				Ref:     facts.Ref{Plane: facts.Control, Group: kinds.Coordination, Kind: "Lease", Namespace: "system", Name: name},
				Outcome: facts.Found, Body: &unstructured.Unstructured{Object: body},
			})
		}
		var out strings.Builder
		r := NewReader(iostreams.IOStreams{Err: &out})
		r.skewed = c.warned
		r.reportSuspectedSkew(s)
		r.reportSuspectedSkew(s)
		if out.String() != c.want {
			t.Errorf("%s: %q, want %q", name, out.String(), c.want)
		}
	}
}
