package html

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

func pod(name string) facts.Ref {
	return facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "shop", Name: name}
}

// TestFinding: all of it is shown, the last words of containers apart from what else speaks for it, and a command with the name that the
// program was called by.
func TestFinding(t *testing.T) {
	t.Parallel()
	got := html{style.Options{Now: printerstest.Now, Program: "kubectl-choreo"}}.finding(trace.Finding{
		Code: "CrashLoopBackOff", Severity: trace.Error, Object: pod("a"), Message: "back-off\n\nrestarting\x1b", Hint: "see the log", Since: printerstest.Now.Add(-time.Hour),
		NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "kubectl logs a"}}, Path: []facts.Ref{pod("owner"), pod("a"), {Plane: "eu", Kind: "Pod"}},
		Evidence: []trace.Evidence{{Path: trace.LogEvidence + "main", Value: "one\ntwo"}, {Path: "status.phase", Value: "Running"}},
	})
	want := htmlFinding{
		Code: "CrashLoopBackOff", Page: style.FindingPage("CrashLoopBackOff"), Severity: "error", Object: "Pod shop/a, on data plane eu", Hint: "See the log.", Message: []string{"back-off", `restarting\x1b`},
		Since: htmlTime{"2026-11-21T03:00:00Z", "2026-11-21 03:00:00 UTC", "60m"}, Next: []htmlCommands{{"Next:", []string{"kubectl logs a"}}},
		Path: []string{"Pod shop/owner, on data plane eu"}, Logs: []htmlEvidence{{"log of main", "one\ntwo"}}, Evidence: []htmlEvidence{{"status.phase", "Running"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRungs: the finding that is shown above, as what to fix first, is not shown again at its rung; another one of its code is.
func TestRungs(t *testing.T) {
	t.Parallel()
	const commit = "main@sha1:7040926aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	first, second := trace.Finding{Code: "ImagePullBackOff", Object: pod("a")}, trace.Finding{Code: "ImagePullBackOff", Object: pod("b")}
	other := trace.Finding{Code: "FailedScheduling", Object: pod("a")}
	rungs := []trace.Rung{
		{ID: trace.RungResource, State: trace.OK, Current: trace.Behind, Revision: commit, Summary: "as it\nis", Findings: []trace.Finding{first}},
		{ID: trace.RungPod, State: trace.Failed, Current: trace.Current, Revision: "greeter-1", Findings: []trace.Finding{first, second, other}},
	}
	type shown struct {
		ID, Name, Revision, Summary, Word string
		Behind, Failing                   bool
		Findings                          []string
	}
	all := []string{"ImagePullBackOff Pod shop/a, on data plane eu", "ImagePullBackOff Pod shop/b, on data plane eu", "FailedScheduling Pod shop/a, on data plane eu"}
	resource := shown{ID: "e0-resource", Name: "resource", Revision: "7040926", Summary: "as it is", Word: "ok", Behind: true, Findings: all[:1]}
	for name, c := range map[string]struct {
		failing *trace.Failure
		want    []shown
	}{
		"None":                {nil, []shown{resource, {ID: "e0-pod", Name: "pod", Word: "failed", Findings: all}}},
		"Here":                {&trace.Failure{Rung: trace.RungPod, Environment: "dev", Finding: first}, []shown{resource, {ID: "e0-pod", Name: "pod", Word: "failed", Failing: true, Findings: all[1:]}}},
		"InOtherEnvironment":  {&trace.Failure{Rung: trace.RungPod, Environment: "prod", Finding: first}, []shown{resource, {ID: "e0-pod", Name: "pod", Word: "failed", Findings: all}}},
		"AtAnotherRung":       {&trace.Failure{Rung: trace.RungEndpoint, Environment: "dev", Finding: first}, []shown{resource, {ID: "e0-pod", Name: "pod", Word: "failed", Findings: all}}},
		"OfAnotherCodeAtOnce": {&trace.Failure{Rung: trace.RungPod, Environment: "dev", Finding: other}, []shown{resource, {ID: "e0-pod", Name: "pod", Word: "failed", Failing: true, Findings: all[:2]}}},
	} {
		var got []shown
		for _, r := range (html{}).rungs("e0-", rungs, c.failing, "dev") {
			one := shown{ID: r.ID, Name: r.Name, Revision: r.Revision, Summary: r.Summary, Word: r.Look.Word, Behind: r.Behind, Failing: r.Failing}
			for _, f := range r.Findings {
				one.Findings = append(one.Findings, f.Code+" "+f.Object)
			}
			got = append(got, one)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestObjects: each object once, what its rung is judged by before what its findings blame, and whether it was seen or reported.
func TestObjects(t *testing.T) {
	t.Parallel()
	got, folds := html{}.objects(trace.Rung{
		ID: trace.RungPod, Object: pod("rung"),
		Parts:    []trace.Part{{Object: pod("reported"), State: trace.OK, Summary: "runs"}, {Object: pod("silent")}, {Object: pod("seen"), State: trace.Failed, Summary: "crashes", Live: true}, {}, {Object: facts.Ref{Kind: "Pod"}}},
		Findings: []trace.Finding{{Object: pod("seen")}, {Object: pod("blamed")}, {}},
	})
	var lines []string
	for _, f := range folds {
		got = append(got, f.Objects...)
	}
	for _, o := range got {
		line := o.Name + ": " + o.Summary
		if o.Look != nil {
			line += " (" + o.Look.Word + ")"
		}
		lines = append(lines, line)
	}
	want := []string{
		"Pod shop/seen, on data plane eu: crashes (failed)", "Pod shop/silent, on data plane eu: as last reported by OpenChoreo", "Pod shop/rung, on data plane eu: ", "Pod shop/blamed, on data plane eu: ",
		"Pod shop/reported, on data plane eu: runs, as last reported by OpenChoreo (ok)",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestStart: the rung of the object that the user named has its kind.
func TestStart(t *testing.T) {
	t.Parallel()
	rungs := []trace.Rung{{ID: trace.RungPod, Start: pod("a\x1b")}, {ID: trace.RungEndpoint}}
	got := html{}.rungs("r-", rungs, nil, "dev")
	if got[0].Start != "Pod" || got[1].Start != "" {
		t.Errorf("%q and %q, want Pod alone", got[0].Start, got[1].Start)
	}
}

// TestChain: the line of the rung delivery, and that of the folded trunk, have the objects that deliver in their order.
func TestChain(t *testing.T) {
	t.Parallel()
	ref := func(name string) facts.Ref { return facts.Ref{Kind: "Kustomization", Name: name} }
	r := trace.Rung{ID: trace.RungDelivery, State: trace.OK, Object: ref("projects"), Summary: "projects, after 1 more", Parts: []trace.Part{{Object: ref("platform<b>")}, {Object: ref("projects")}}}
	tr := &trace.Trace{Verdict: trace.VerdictHealthy, Rungs: []trace.Rung{{ID: trace.RungSource, State: trace.OK}, r}}
	if got := (html{}).trunk(tr).Line; got != "source, delivery after platform<b>" {
		t.Errorf("folded: %q", got)
	}
	var page strings.Builder
	if err := Write(&page, tr, style.Options{}); err != nil {
		t.Fatal(err)
	}
	if want := `projects <span class="quiet">after platform&lt;b&gt;</span>`; !strings.Contains(page.String(), want) {
		t.Errorf("no %q in the page", want)
	}
}
