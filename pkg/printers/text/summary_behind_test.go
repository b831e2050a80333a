package text

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// stale are rungs of which some are behind, by their ids.
func stale(behind ...trace.RungID) []trace.Rung {
	var rungs []trace.Rung
	for _, id := range trace.Rungs() {
		r := trace.Rung{ID: id, State: trace.OK, Current: trace.Current}
		if slices.Contains(behind, id) {
			r.Current, r.Revision = trace.Behind, "main@sha1:1111111"
		}
		rungs = append(rungs, r)
	}
	return rungs
}

// TestBehindWhat: where rows are marked as behind, the conclusion says behind what.
func TestBehindWhat(t *testing.T) {
	t.Parallel()
	project := stale(trace.RungProject)
	in := func(name string, behind ...trace.RungID) trace.Environment {
		return trace.Environment{Name: name, Rungs: stale(behind...)}
	}
	p := newTree(style.Options{})
	conclusion{p}.explainBehind(&trace.Trace{Rungs: stale(trace.RungDelivery), Wanted: trace.Wanted{Revision: "main@sha1:2222222"}})
	want := []string{"  Behind: the wanted revision is main@2222222, but delivery has main@1111111. The next reconciliation applies it."}
	if diff := cmp.Diff(want, p.Lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if marked := markedBehind(&trace.Trace{Rungs: project, Environments: []trace.Environment{in("dev", trace.RungPod)}}); marked[place{"dev", trace.RungPod}] {
		t.Error("an old project marks the pods")
	}
	if marked := markedBehind(&trace.Trace{Rungs: stale(trace.RungDelivery), Environments: []trace.Environment{in("dev", trace.RungPod)}}); !marked[place{"dev", trace.RungPod}] {
		t.Error("an old delivery does not mark the pods")
	}
}

// TestWarningBelowRows: a watched trace that is healthy shows its rows first, and counts its warnings above them.
func TestWarningBelowRows(t *testing.T) {
	t.Parallel()
	warning := trace.Finding{Code: trace.CodeRevisionUnknown, Severity: trace.Warning, Message: "no such commit", Hint: "fetch it", NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "git fetch"}}}
	well := trace.Trace{Subject: facts.Subject{Component: "cart", Namespace: "shop"}, Verdict: trace.VerdictHealthy, Rungs: stale(), Environments: []trace.Environment{{Name: "dev", Verdict: trace.VerdictHealthy}}}
	well.Rungs[0].Findings = []trace.Finding{warning}
	o := style.Options{Width: 80}
	for _, room := range []int{1, 10, 18, 20} {
		lines := fit(o, &well, room)
		text := strings.Join(lines, "\n")
		if len(lines) != room || !strings.Contains(lines[0], "Healthy in dev, 1 warning: RevisionUnknown") || strings.Contains(text, "No such commit") {
			t.Errorf("%d lines, want %d: the verdict, and no text of the warning\n%s", len(lines), room, text)
		}
		if room > 1 && (!strings.Contains(text, "delivery") || !strings.Contains(text, "more lines; scroll")) {
			t.Errorf("in %d lines, want the rows and then what is cut:\n%s", room, text)
		}
	}
	if whole := strings.Join(fit(o, &well, 100), "\n"); strings.Index(whole, "endpoint") > strings.Index(whole, "1 warning") {
		t.Errorf("where all fits, the ladder is as without a watch:\n%s", whole)
	}
}
