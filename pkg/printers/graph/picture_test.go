package graph

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// drawn are the frames, boxes and edges of a picture, each on a line.
func drawn(p picture) []string {
	var all []string
	for _, g := range p.groups {
		indent := ""
		if g.title != "" {
			all, indent = append(all, g.id+": "+g.title), "  "
		}
		for _, b := range g.boxes {
			all = append(all, indent+b.id+": "+strings.Join(b.lines, "|"))
		}
	}
	for _, e := range p.edges {
		all = append(all, e.from+[]string{" -> ", " => ", " .. "}[e.kind]+e.to+strings.TrimSuffix(" "+e.label, " "))
	}
	return all
}

// TestPicture: an environment is a frame, what is alike is one box, and the way to what failed is marked.
func TestPicture(t *testing.T) {
	t.Parallel()
	ok := func(id trace.RungID, summary string) trace.Rung {
		return trace.Rung{ID: id, State: trace.OK, Current: trace.Current, Summary: summary}
	}
	warned := ok(trace.RungRelease, "r-1")
	warned.Findings = []trace.Finding{{Severity: trace.Warning}}
	failed := trace.Rung{ID: trace.RungPod, State: trace.Failed, Summary: "crashes"}
	tr := &trace.Trace{
		Subject: facts.Subject{Namespace: "shop", Component: "front"}, Verdict: trace.VerdictFailed, Rungs: []trace.Rung{ok(trace.RungGit, "a"), ok(trace.RungSource, "b"), ok(trace.RungWorkload, "front:1")},
		Environments: []trace.Environment{
			{Name: "dev", Verdict: trace.VerdictFailed, Rungs: []trace.Rung{warned, ok(trace.RungCell, "c"), ok(trace.RungBinding, "d"), failed, {ID: trace.RungEndpoint, State: trace.Blocked}}},
			{Name: "qa", Verdict: trace.VerdictHealthy, Rungs: []trace.Rung{ok(trace.RungCell, "c"), ok(trace.RungPod, "2 running"), ok(trace.RungEndpoint, "http://qa")}},
			{Name: "prod", Verdict: trace.VerdictSuspended, Rungs: []trace.Rung{{ID: trace.RungBinding, State: trace.Suspended}}},
		},
		Failing: &trace.Failure{Rung: trace.RungPod, Environment: "dev", Finding: trace.Finding{Code: "CrashLoopBackOff", Message: "back-off"}},
	}
	want := []string{
		"root: ✗ front: Failed|namespace shop", "git: ✓ git, source, workload: ok|front:1",
		"e0: ✗ dev: failed", "  e0_release: ✓ release: ok|r-1", "  e0_cell: ✓ cell, binding: ok", "  e0_pod: ✗ pod: failed|crashes", "  e0_endpoint: – endpoint: blocked",
		"e1: ✓ qa: healthy", "  e1_cell: ✓ cell, pod, endpoint: ok|2 running|http://qa", "e2: ‖ prod: not deployed", "cause: ✗ fix first: CrashLoopBackOff|back-off",
		"root => git", "git => e0_release", "e0_release => e0_cell", "e0_cell => e0_pod", "e0_pod -> e0_endpoint", "git -> e1_cell", "git -> e2", "e0_pod .. cause why",
	}
	if diff := cmp.Diff(want, drawn(pictureOf(tr))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestDelivery: what delivers is a graph of its own, with what applies it; the way to what failed goes through it. A cycle is drawn too.
func TestDelivery(t *testing.T) {
	t.Parallel()
	ref := printerstest.Kustomization
	part := func(name string, state trace.State, needs ...trace.Need) trace.Part {
		return trace.Part{Object: ref(name), State: state, Needs: needs}
	}
	after := func(name string) trace.Need { return trace.Need{Object: ref(name), DependsOn: true} }
	rung := trace.Rung{ID: trace.RungDelivery, State: trace.Failed, Parts: []trace.Part{
		part("flux-system", trace.OK), part("infra", trace.Failed, trace.Need{Object: ref("flux-system")}), part("crds", trace.OK, trace.Need{Object: ref("flux-system")}),
		part("apps", trace.Blocked, after("infra"), after("crds"), after("elsewhere")),
	}}
	tr := &trace.Trace{Rungs: []trace.Rung{{ID: trace.RungSource, State: trace.OK}, rung, {ID: trace.RungComponent, State: trace.Blocked}}, Failing: &trace.Failure{Rung: trace.RungDelivery, Finding: trace.Finding{Code: "X", Object: ref("infra")}}}
	want := []string{
		"root => source", "source => d0", "d0 => d1 applies", "d0 -> d2 applies", "d1 -> d3", "d2 -> d3", "d3 -> component", "d1 .. cause why",
	}
	got := drawn(pictureOf(tr))
	if diff := cmp.Diff(want, got[len(got)-len(want):]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !slices.Contains(got, "delivery: ✗ delivery: failed") || !slices.Contains(got, "  d3: – Kustomization apps: blocked") {
		t.Errorf("%q", got)
	}
	rung.Parts = []trace.Part{part("a", trace.Failed, after("b")), part("b", trace.Failed, after("a"))}
	tr.Rungs[1], tr.Failing.Object = rung, ref("b")
	want = []string{"root => source", "d1 => d0", "d0 => d1", "source => d0", "d1 -> component", "d1 .. cause why"}
	if got = drawn(pictureOf(tr)); cmp.Diff(want, got[len(got)-len(want):]) != "" {
		t.Errorf("of a cycle: %q", got)
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
		for _, g := range pictureOf(&c.trace).groups {
			if g.title != "" {
				got = append(got, g.title)
			}
			for _, b := range g.boxes {
				got = append(got, strings.Join(b.lines, "|"))
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestCauseOfTheTrunk stands beside a rung that all environments share, and not beside that of the same name in one of them.
func TestCauseOfTheTrunk(t *testing.T) {
	t.Parallel()
	rungs := []trace.Rung{{ID: trace.RungSource, State: trace.Failed}}
	tr := trace.Trace{Rungs: rungs, Environments: []trace.Environment{{Name: "dev", Rungs: rungs}}, Failing: &trace.Failure{Rung: trace.RungSource, Finding: trace.Finding{Code: "FetchFailed"}}}
	if got := drawn(pictureOf(&tr)); got[len(got)-1] != "source .. cause why" {
		t.Errorf("%q", got)
	}
	tr.Failing.Environment = "dev"
	if got := drawn(pictureOf(&tr)); got[len(got)-1] != "e0_source .. cause why" {
		t.Errorf("in an environment: %q", got)
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
