package printers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// causeOn is a failed pod with one message, which affects these components of the namespace shop.
func causeOn(code trace.Code, message string, components ...string) verify.Cause {
	c := verify.Cause{Reason: verify.Reason{Decision: verify.Failed, Failure: trace.Failure{
		Rung: trace.RungPod, Finding: trace.Finding{Code: code, Message: message, Object: facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "shop", Name: "p"}},
	}}}
	for _, name := range components {
		c.Subjects = append(c.Subjects, verify.Affected{Subject: facts.Subject{Namespace: "shop", Component: name}})
	}
	return c
}

func numbered(code trace.Code, count int) []verify.Cause {
	var causes []verify.Cause
	for i := range count {
		causes = append(causes, causeOn(code, "it failed", fmt.Sprintf("c%d", i)))
	}
	return causes
}

func causeLines(causes []verify.Cause, detail causeDetail) []string {
	d := &document.Document{Options: Options{Now: printerstest.Ended}}
	addCauses(d, causes, detail)
	return d.Lines
}

// TestCausesOfOneComponent: the environments are part of the heading, and nothing is said of other components.
func TestCausesOfOneComponent(t *testing.T) {
	t.Parallel()
	c := causeOn(trace.CodeCrashLoopBackOff, "container main ended", "pay")
	c.Subjects[0].Environments, c.Hint, c.Since = []string{"dev", "prod"}, "read its log", printerstest.Ended.Add(-5*time.Minute)
	want := []string{
		"", "Failed: pod (dev, prod)   CrashLoopBackOff", "  Pod shop/p, since 5m:", "    container main ended", "  Read its log.", "  Next: kubectl choreo explain CrashLoopBackOff",
	}
	if diff := cmp.Diff(want, causeLines([]verify.Cause{c}, causeDetail{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want[1], want[5] = "Broken: pod   CrashLoopBackOff", "  Affects pay (dev, prod)."
	want = append(want, "  Next: kubectl choreo explain CrashLoopBackOff")
	words := func(verify.Decision) string { return "Broken" }
	if diff := cmp.Diff(want, causeLines([]verify.Cause{c}, causeDetail{several: true, word: words})); diff != "" {
		t.Errorf("several components (-want +got)\n%s", diff)
	}
}

// TestCausesOfAKind: three causes of a kind are printed in full, the others have a line each. An overview has one of a kind in full.
func TestCausesOfAKind(t *testing.T) {
	t.Parallel()
	other := causeOn(trace.CodeOOMKilled, "out of memory", "z")
	for name, c := range map[string]struct {
		causes  []verify.Cause
		detail  causeDetail
		full    int      // causes with their object
		listing []string // all lines of the others
	}{
		"Three":          {numbered("X", 3), causeDetail{several: true}, 3, nil},
		"Four":           {numbered("X", 4), causeDetail{several: true}, 3, []string{"Failed: pod   X, 1 more:", "  c3: it failed"}},
		"OverviewOfFew":  {numbered("X", 3), causeDetail{several: true, full: 3}, 3, nil},
		"OverviewOfMany": {numbered("X", 4), causeDetail{several: true, full: 3, lines: 2}, 1, []string{"Failed: pod   X, 3 more:", "  c1: it failed", "  c2: it failed", "  … and 1 more", "  Next: kubectl choreo trace c1 -n shop"}},
		"NothingIsLeft":  {append(numbered("X", 3), other), causeDetail{several: true, full: 1}, 1, []string{"Failed: pod   X, 2 more:", "  c1: it failed", "  c2: it failed", "  Next: kubectl choreo trace c1 -n shop", "Failed: pod   OOMKilled", "  z: out of memory", "  Next: kubectl choreo trace z -n shop"}},
		"SeveralUnseen":  {append([]verify.Cause{other}, numbered("X", 2)...), causeDetail{several: true, full: 1}, 1, []string{"Failed: pod   X, 2 causes:", "  c0: it failed", "  c1: it failed", "  Next: kubectl choreo trace c0 -n shop"}},
	} {
		full, listing := 0, []string(nil)
		for block := range strings.SplitSeq(strings.TrimPrefix(strings.Join(causeLines(c.causes, c.detail), "\n"), "\n"), "\n\n") {
			if strings.Contains(block, "  Pod shop/p:") {
				full++
				continue
			}
			listing = append(listing, strings.Split(block, "\n")...)
		}
		if full != c.full {
			t.Errorf("%s: %d in full, want %d", name, full, c.full)
		}
		if diff := cmp.Diff(c.listing, listing); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestAlike: causes differ in kind by their decision, rung or code, and not by their object or message.
func TestAlike(t *testing.T) {
	t.Parallel()
	first, same := causeOn("X", "one", "a"), causeOn("X", "two", "b")
	decision, rung, code := causeOn("X", "", "c"), causeOn("X", "", "d"), causeOn("Y", "", "e")
	decision.Decision, rung.Rung = verify.Pending, trace.RungWorkload
	var got [][]string
	for _, group := range alike([]verify.Cause{first, decision, same, rung, code}) {
		var names []string
		for _, c := range group {
			names = append(names, c.Names()...)
		}
		got = append(got, names)
	}
	if diff := cmp.Diff([][]string{{"a", "b"}, {"c"}, {"d"}, {"e"}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNamesOfACause(t *testing.T) {
	t.Parallel()
	c := causeOn("X", "", "a", "b", "c", "d")
	for name, one := range map[string]struct {
		detail causeDetail
		want   string
	}{
		"All":       {causeDetail{}, "a, b, c, d"},
		"Limited":   {causeDetail{most: 3}, "a, b, c and 1 more"},
		"Exact":     {causeDetail{most: 4}, "a, b, c, d"},
		"Qualified": {causeDetail{qualified: true, most: 1}, "shop/a and 3 more"},
	} {
		if got := one.detail.names(c); got != one.want {
			t.Errorf("%s: %q, want %q", name, got, one.want)
		}
	}
	for count, want := range map[int]string{1: "", 3: "", 4: "4 components: "} {
		if got := counted(count); got != want {
			t.Errorf("counted(%d) is %q, want %q", count, got, want)
		}
	}
}

// TestTraceCommand: the command reads what the report has read. A name that is unsafe in a shell is left out.
func TestTraceCommand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		subject facts.Subject
		want    string
	}{
		"Plain":        {facts.Subject{Namespace: "shop", Component: "pay"}, "kubectl choreo trace pay -n shop"},
		"Environments": {facts.Subject{Namespace: "shop", Component: "pay", Environments: []string{"dev", "prod"}}, "kubectl choreo trace pay -n shop -e dev -e prod"},
		"Context":      {facts.Subject{Namespace: "shop", Component: "pay", Contexts: map[facts.Plane]string{facts.Control: "kind"}}, "kubectl choreo trace pay -n shop --context kind"},
		"OtherContext": {facts.Subject{Namespace: "shop", Component: "pay", Contexts: map[facts.Plane]string{"eu": "kind"}}, "kubectl choreo trace pay -n shop"},
		"Planes":       {facts.Subject{Namespace: "shop", Component: "pay", Planes: []string{"eu=kind-eu"}}, "kubectl choreo trace pay -n shop --plane eu=kind-eu"},
		"API":          {facts.Subject{Namespace: "shop", Component: "pay", API: &facts.API{Address: "https://api.example"}}, "kubectl choreo trace pay -n shop --openchoreo-api https://api.example"},
		"Unsafe":       {facts.Subject{Namespace: "shop", Component: "it's"}, "kubectl choreo trace COMPONENT -n NAMESPACE"},
	} {
		if got := traceCommand(c.subject); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
