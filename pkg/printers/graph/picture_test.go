package graph

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestPicture(t *testing.T) {
	t.Parallel()
	p := pictureOf(printerstest.FailedPull())
	if p.caused != "e0_pod" || p.cause == nil || p.cause.lines[0] != "✗ fix first: ImagePullBackOff" {
		t.Errorf("the cause is %+v, at %q", p.cause, p.caused)
	}
	if len(p.trunk) != 2 || len(p.branches) != 2 || p.branches[1][0].lines[0] != "‖ production: not deployed" {
		t.Errorf("%+v", p)
	}
	if got := p.trunk[1].lines[0]; got != "? delivery: unknown" {
		t.Errorf("a state without its word: %q", got)
	}
	want := [][2]string{{"root", "source"}, {"source", "delivery"}, {"delivery", "e0"}, {"e0", "e0_pod"}, {"delivery", "e1"}, {"e1", "e1_binding"}}
	for i, l := range p.links() {
		if l != want[i] {
			t.Errorf("link %d is %v, want %v", i, l, want[i])
		}
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		most int
		want string
	}{
		"Short":       {"a b", 2, "a b"},
		"Wraps":       {strings.Repeat("word ", 10), 3, "word word word word word word word word|word word"},
		"LongWord":    {"https://example.com/a/very/long/path/that/goes/on", 3, "https://example.com/a/very/long/path/|that/goes/on"},
		"NoSeparator": {strings.Repeat("x", 50), 3, strings.Repeat("x", 40) + "|" + strings.Repeat("x", 10)},
		"Cut":         {strings.Repeat("word ", 30), 1, "word word word word word word word wor …"},
		"Wide":        {strings.Repeat("日", 30), 3, strings.Repeat("日", 20) + "|" + strings.Repeat("日", 10)},
		"Empty":       {" ", 3, ""},
		"Exact":       {strings.Repeat("x", 40), 1, strings.Repeat("x", 40)},
		"ManyLines":   {strings.Repeat("word ", 24), 3, "word word word word word word word word|word word word word word word word word|word word word word word word word word"},
		"CutBehind":   {strings.Repeat("word ", 25), 3, "word word word word word word word word|word word word word word word word word|word word word word word word word wor …"},
		"EarlyDash":   {"short-" + strings.Repeat("x", 44), 3, "short-" + strings.Repeat("x", 34) + "|" + strings.Repeat("x", 10)},
		"DashAtHalf":  {strings.Repeat("x", 20) + "-" + strings.Repeat("y", 30), 3, strings.Repeat("x", 20) + "-" + strings.Repeat("y", 19) + "|" + strings.Repeat("y", 11)},
	} {
		if got := strings.Join(fitLines([]string{c.text}, c.most), "|"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestHeads: what a box says first, of the component, an environment and a rung.
func TestHeads(t *testing.T) {
	t.Parallel()
	const commit = "main@sha1:7040926aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	subject := facts.Subject{Namespace: "default", Component: "greeter"}
	for name, c := range map[string]struct {
		trace trace.Trace
		want  []string // of the root, the trunk and the branches
	}{
		"Nothing": {trace.Trace{Subject: subject}, []string{"? greeter: Unknown|namespace default"}},
		"Behind": {
			trace.Trace{
				Subject: subject, Verdict: trace.VerdictHealthy, Current: trace.Behind, Wanted: trace.Wanted{Revision: commit},
				Rungs:        []trace.Rung{{ID: trace.RungSource, State: trace.OK, Current: trace.Behind, Revision: commit}},
				Environments: []trace.Environment{{Name: "dev", Verdict: trace.VerdictHealthy, Current: trace.Behind, Rungs: []trace.Rung{{ID: trace.RungPod, State: trace.OK, Reported: true, Revision: "greeter-1"}, {}}}},
			},
			[]string{"✓ greeter: Healthy, behind|namespace default|wanted revision: main@7040926", "✓ source: ok, behind", "✓ dev: healthy, behind", "≈ pod: reported", "? : unknown"},
		},
		"States": {
			trace.Trace{Subject: subject, Verdict: trace.VerdictProgressing, Rungs: []trace.Rung{
				{ID: trace.RungSource, State: trace.Progressing, Current: trace.Current, Revision: commit, Summary: "fetches"}, {ID: trace.RungDelivery, State: trace.Blocked}, {ID: trace.RungProject, State: trace.Suspended},
			}},
			[]string{"◌ greeter: Progressing|namespace default", "◌ source: progressing, 7040926|fetches", "– delivery: blocked", "‖ project: suspended"},
		},
	} {
		var got []string
		p := pictureOf(&c.trace)
		for _, b := range p.all() {
			got = append(got, strings.Join(b.lines, "|"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" || p.cause != nil || p.caused != "" {
			t.Errorf("%s: caused %q (-want +got)\n%s", name, p.caused, diff)
		}
	}
}

// TestCauseOfTheTrunk stands beside a rung that all environments share, and not beside that of the same name in one of them.
func TestCauseOfTheTrunk(t *testing.T) {
	t.Parallel()
	rungs := []trace.Rung{{ID: trace.RungSource, State: trace.Failed}}
	tr := trace.Trace{Rungs: rungs, Environments: []trace.Environment{{Name: "dev", Rungs: rungs}}, Failing: &trace.Failure{Rung: trace.RungSource, Finding: trace.Finding{Code: "FetchFailed"}}}
	p := pictureOf(&tr)
	if p.caused != "source" || p.cause == nil || strings.Join(p.cause.lines, "|") != "✗ fix first: FetchFailed" || p.cause.state != trace.Failed {
		t.Errorf("%q: %+v", p.caused, p.cause)
	}
	tr.Failing.Environment = "dev"
	if p = pictureOf(&tr); p.caused != "e0_source" {
		t.Errorf("in an environment: %q", p.caused)
	}
}

// TestPalette: the line differs between a failure, what is under way and what is well, and text and border can be seen on their ground
// (WCAG 2.2: 4.5 to 1 for text, 3 to 1 for lines).
func TestPalette(t *testing.T) {
	t.Parallel()
	lines := map[trace.State]string{trace.OK: "solid", trace.Failed: "bold", trace.Progressing: "dashed", trace.Suspended: "dashed", trace.Blocked: "dotted", trace.Unknown: "dotted"}
	if len(legend()) != len(lines) {
		t.Errorf("%d states have a look, want %d", len(legend()), len(lines))
	}
	seen := map[palette]trace.State{}
	for _, s := range legend() {
		look := paletteOf(s)
		if other, again := seen[look]; again {
			t.Errorf("%s looks like %s", s, other)
		}
		seen[look] = s
		if look.line != lines[s] {
			t.Errorf("the line of %s is %s, want %s", s, look.line, lines[s])
		}
		if text, border := contrast(t, "#1a1a1a", look.fill), contrast(t, look.border, look.fill); text < 4.5 || border < 3 {
			t.Errorf("%s: contrast of text %.1f, of the border %.1f", s, text, border)
		}
	}
	if paletteOf(trace.State(99)) != paletteOf(trace.Unknown) {
		t.Error("a state that nobody knows does not look unknown")
	}
}

// contrast is the ratio of two colours' luminance.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(color string) float64 {
		n, err := strconv.ParseUint(strings.TrimPrefix(color, "#"), 16, 24)
		if err != nil || len(color) != 7 {
			t.Fatalf("%q is no colour: %v", color, err)
		}
		sum := 0.0
		for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
			share := float64(n>>(8*i)&0xff) / 255
			if share <= 0.04045 {
				share /= 12.92
			} else {
				share = math.Pow((share+0.055)/1.055, 2.4)
			}
			sum += weight * share
		}
		return sum + 0.05
	}
	x, y := luminance(a), luminance(b)
	return max(x, y) / min(x, y)
}
