package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// warned is a healthy trace with warnings.
func warned(owners int) *trace.Trace {
	rungs := []trace.Rung{{ID: trace.RungWorkload, State: trace.OK, Summary: "a workload", Findings: []trace.Finding{
		{Code: trace.CodeFieldDrift, Severity: trace.Warning, Message: "a field differs"},
	}}}
	for range owners {
		rungs = append(rungs, trace.Rung{ID: trace.RungBinding, State: trace.OK, Summary: "a binding", Findings: []trace.Finding{
			{Code: trace.CodeTwoOwners, Severity: trace.Warning, Message: "two owners"},
		}})
	}
	return &trace.Trace{Verdict: trace.VerdictHealthy, Environments: []trace.Environment{{Name: "dev", Verdict: trace.VerdictHealthy, Rungs: rungs}}}
}

// TestWarnings: the verdict counts them, and one that many objects have stands once.
func TestWarnings(t *testing.T) {
	t.Parallel()
	for owners, want := range map[int][]string{
		0: {"Healthy in dev, 1 warning: FieldDrift."},
		2: {"! two owners", "! two owners", "Healthy in dev, 2 warnings: FieldDrift, TwoOwners (2 objects)."},
		4: {"! two owners (and 3 more objects)", "Healthy in dev, 2 warnings: FieldDrift, TwoOwners (4 objects)."},
	} {
		var got []string
		for line := range strings.Lines(printTree(t, style.Options{}, warned(owners))) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "! two") || strings.HasPrefix(line, "Healthy") {
				got = append(got, line)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d (-want +got)\n%s", owners, diff)
		}
	}
	failed := warned(2)
	failed.Verdict, failed.Failing = trace.VerdictFailed, &trace.Failure{Finding: trace.Finding{Code: trace.CodeFieldDrift}}
	lines := Summary(failed, style.Options{})
	if got := lines[len(lines)-1]; got != "  Also 1 warning: TwoOwners (2 objects)." {
		t.Errorf("below a failure: %q", got)
	}
	if out := printTree(t, style.Options{Color: true}, warned(0)); !strings.Contains(out, "\x1b[33m! a field differs") || !strings.Contains(out, "\x1b[33m1 warning: FieldDrift") {
		t.Errorf("warnings are not coloured:\n%q", out)
	}
}

// TestColumnsAlign: what stands right of the summaries begins in one column, in a pipe and on terminals of any width.
func TestColumnsAlign(t *testing.T) {
	t.Parallel()
	rung := func(summary string) trace.Rung {
		return trace.Rung{ID: trace.RungSource, State: trace.OK, Summary: summary, Current: trace.Current, Revision: "main@sha1:1234567890"}
	}
	tr := &trace.Trace{Rungs: []trace.Rung{rung("short"), rung("Deployment 1/1, ConfigMap, HTTPRoute, Service, NetworkPolicy")}}
	for width, want := range map[int]int{0: 62, 80: 49, 100: 62, 120: 62, 200: 62} {
		p := newTree(style.Options{Marks: true, Width: width})
		p.ladder(tr)
		for _, line := range p.Lines[2:4] {
			at := strings.Index(line, "1234567")
			if at >= 0 && style.Cells(line[:at]) != want+17 {
				t.Errorf("width %d: the commit is at %d, want %d: %s", width, style.Cells(line[:at])-17, want, line)
			}
			if width > 0 && style.Cells(line) > width {
				t.Errorf("width %d: %d cells: %s", width, style.Cells(line), line)
			}
		}
	}
}

// TestLinks: an endpoint, a commit and a code are links on a terminal that has them; text from the cluster never becomes one.
func TestLinks(t *testing.T) {
	t.Parallel()
	tr := &trace.Trace{Verdict: trace.VerdictFailed, Failing: &trace.Failure{Rung: trace.RungPod, Finding: trace.Finding{Code: trace.CodeOOMKilled, Message: "see https://evil.example/"}}}
	tr.Rungs = []trace.Rung{{ID: trace.RungEndpoint, Summary: "http://a.example/x, javascript:alert(1)"}, {ID: trace.RungPod, Summary: "https://evil.example/"}}
	out := printTree(t, style.Options{Links: true}, tr)
	for _, want := range []string{"\x1b]8;;http://a.example/x\x1b\\http://a.example/x\x1b]8;;\x1b\\", "\x1b]8;;https://github.com/kubectl-choreo/kubectl-choreo/blob/main/docs/findings/OOMKilled.md\x1b\\OOMKilled"} {
		if !strings.Contains(out, want) {
			t.Errorf("no link %q in\n%q", want, out)
		}
	}
	if strings.Contains(out, "\x1b]8;;https://evil") || strings.Contains(out, "\x1b]8;;javascript") {
		t.Errorf("text became a link:\n%q", out)
	}
	if plain := printTree(t, style.Options{}, tr); strings.Contains(plain, "\x1b") {
		t.Errorf("links without a terminal:\n%q", plain)
	}
	for repository, want := range map[string]string{
		"https://github.com/a/b.git": "https://github.com/a/b/commit/c0", "https://gitlab.example/a/b": "https://gitlab.example/a/b/-/commit/c0",
		"https://bitbucket.org/a/b/": "https://bitbucket.org/a/b/commits/c0", "ssh://git@github.com/a/b": "", "https://u:p@github.com/a": "", "": "",
	} {
		if got := commitAddress(repository, "c0"); got != want {
			t.Errorf("%s: %q, want %q", repository, got, want)
		}
	}
}
