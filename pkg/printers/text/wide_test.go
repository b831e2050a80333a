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

pod (dev) PodFailed (warning): Pod a/c
  status.phase = Failed
  twice
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
