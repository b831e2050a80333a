package text

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestWide: each part has a row; a rung without parts speaks for itself; evidence comes last.
func TestWide(t *testing.T) {
	t.Parallel()
	pod := func(name string) facts.Ref { return facts.Ref{Kind: "Pod", Namespace: "a", Name: name} }
	tr := &trace.Trace{
		Verdict: trace.VerdictHealthy,
		Rungs:   []trace.Rung{{ID: trace.RungSource, State: trace.OK, Current: trace.Current, Revision: wantedCommit, Since: printerstest.Now.Add(-time.Minute), Summary: "read → ok"}},
		Environments: []trace.Environment{environment("dev", trace.VerdictHealthy, trace.Current, trace.Rung{
			ID: trace.RungResource, State: trace.OK, Reported: true, Summary: "not seen",
		}, trace.Rung{
			ID: trace.RungPod, State: trace.OK, Parts: []trace.Part{
				{Object: pod("b"), State: trace.OK, Current: trace.Behind, Summary: "runs", Live: true},
				{Object: pod("c"), State: trace.Failed, Summary: "crashes"},
			},
			Findings: []trace.Finding{{Code: trace.CodePodFailed, Severity: trace.Warning, Object: pod("c"), Evidence: []trace.Evidence{{Path: "status.phase", Value: "Failed\n  twice"}}}},
		})},
	}
	var out strings.Builder
	if err := WriteWide(&out, tr, style.Options{ASCII: true, Now: printerstest.Now}); err != nil {
		t.Fatal(err)
	}
	const want = `ENVIRONMENT  RUNG      OBJECT   STATE     CURRENT  REVISION      AGE  SUMMARY
-            source    -        OK        yes      main@aaaaaaa  60s  read -> ok
dev          resource  -        Reported  -        -             -    not seen
dev          pod       Pod a/b  OK        behind   -             -    runs
dev          pod       Pod a/c  Failed    -        -             -    crashes (as last reported by OpenChoreo)
dev          endpoint  -        OK        -        -             -
dev          binding   -        OK        -        -             -

Healthy as reported by OpenChoreo in dev, 1 warning: PodFailed.
  Next: kubectl choreo explain PodFailed

pod (dev) PodFailed (warning): Pod a/c
  status.phase = Failed
  twice
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestWideOnANarrowTerminal: the long columns come below each line, and no line is wider than the terminal. A wider terminal has the table.
func TestWideOnANarrowTerminal(t *testing.T) {
	t.Parallel()
	tr := printerstest.FailedPull()
	tr.Environments[0].Rungs[0].Summary = "a summary that is longer than what is left of a line of the table on a terminal of eighty columns"
	printed := func(width int) []string {
		var out strings.Builder
		if err := WriteWide(&out, tr, style.Options{Width: width, Now: printerstest.Now}); err != nil {
			t.Fatal(err)
		}
		table, _, _ := strings.Cut(out.String(), "\n\n")
		return strings.Split(table, "\n")
	}
	want := []string{
		"ENVIRONMENT  RUNG      STATE      CURRENT  REVISION      AGE",
		"-            source    OK         yes      main@7040926  2m",
		"    GitRepository flux-system/oc",
		"-            delivery  Unknown    -        -             -",
		"    not readable: forbidden",
		"development  pod       Failed     yes      -             4m",
		"    Pod dp-demo/greeter-1, on data plane eu",
		"    a summary that is longer than what is left of a line of the table on a",
		"    terminal of eighty columns",
		"production   binding   Suspended  -        -             -",
		"    no ReleaseBinding",
	}
	if diff := cmp.Diff(want, printed(80)); diff != "" {
		t.Errorf("80 columns (-want +got)\n%s", diff)
	}
	if lines := printed(200); len(lines) != 5 || !strings.HasPrefix(lines[0], "ENVIRONMENT  RUNG      OBJECT ") {
		t.Errorf("200 columns:\n%s", strings.Join(lines, "\n"))
	}
}
