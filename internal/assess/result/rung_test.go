package result

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var (
	pod = facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "a", Name: "b"}
	old = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

// told is what a Result has come to.
type told struct {
	State   trace.State
	Summary string
	Codes   []string
}

func tell(j *Result) told {
	got := told{State: j.State, Summary: j.Summary}
	for _, f := range j.Findings {
		got.Codes = append(got.Codes, string(f.Severity)+" "+string(f.Code)+" "+f.Object.Name)
	}
	return got
}

// TestResult: what has failed or could not be read never becomes OK, and the first failure speaks.
func TestResult(t *testing.T) {
	t.Parallel()
	fault := func(code trace.Code) trace.Finding { return trace.Finding{Code: code, Message: "m of " + string(code)} }
	for name, c := range map[string]struct {
		do   func(j *Result)
		want told
	}{
		"New":              {func(*Result) {}, told{}},
		"OK":               {func(j *Result) { j.OK("%d of %d", 1, 2) }, told{trace.OK, "1 of 2", nil}},
		"FailedIsNotOK":    {func(j *Result) { j.Fail(fault("A")).OK("fine") }, told{trace.Failed, "m of A", []string{"error A b"}}},
		"WaitingIsNotOK":   {func(j *Result) { j.Wait(old, "soon").OK("fine") }, told{trace.Progressing, "soon", nil}},
		"SummaryOnly":      {func(j *Result) { j.State = trace.Suspended; j.OK("fine") }, told{trace.Suspended, "fine", nil}},
		"TwoFailures":      {func(j *Result) { j.Fail(fault("A")).Fail(fault("B")) }, told{trace.Failed, "m of A", []string{"error A b", "error B b"}}},
		"FailsWithSummary": {func(j *Result) { j.Summary = "said"; j.Fail(fault("A")) }, told{trace.Failed, "said", []string{"error A b"}}},
		"Note":             {func(j *Result) { j.Note(trace.Info, fault("A")).OK("fine") }, told{trace.OK, "fine", []string{"info A b"}}},
		"NoteOfAnother":    {func(j *Result) { j.Note(trace.Warning, trace.Finding{Code: "A", Object: facts.Ref{Name: "x"}}) }, told{trace.Unknown, "", []string{"warning A x"}}},
		"UnreadIsNotOK":    {func(j *Result) { j.NoAnswer(pod, facts.Unreachable, "no"); j.OK("fine") }, told{trace.Unknown, "not readable: no response", []string{"warning Unreachable b"}}},
	} {
		j := New(trace.RungPod, pod)
		c.do(j)
		if diff := cmp.Diff(c.want, tell(j)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestSinceOfTheFirstFailure(t *testing.T) {
	t.Parallel()
	j := New(trace.RungPod, pod).Fail(trace.Finding{Since: old}).Fail(trace.Finding{Since: old.Add(time.Hour)})
	if !j.Since.Equal(old) {
		t.Errorf("since %s, want %s", j.Since, old)
	}
}

// TestNoAnswer: seven outcomes are seven facts.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	for outcome, c := range map[facts.Outcome]struct {
		unanswered, notChecked bool
		want                   told
	}{
		facts.Found:       {false, false, told{}},
		facts.Absent:      {false, false, told{}},
		facts.NotAsked:    {true, true, told{trace.Unknown, "not checked", nil}},
		facts.Forbidden:   {true, false, told{trace.Unknown, "not readable: forbidden", []string{"warning Forbidden b"}}},
		facts.NoKind:      {true, false, told{trace.Unknown, "the cluster does not serve Pod.", []string{"warning KindNotInstalled b"}}},
		facts.Unreachable: {true, false, told{trace.Unknown, "not readable: no response", []string{"warning Unreachable b"}}},
		facts.Invalid:     {true, false, told{trace.Failed, "not requested: the reference is invalid", []string{"error InvalidReference b"}}},
	} {
		j := New(trace.RungPod, facts.Ref{Name: "rung"})
		if got := j.CannotRead(facts.Object{Ref: pod, Outcome: outcome, Reason: "no"}); got != c.unanswered || j.Cause.IsNotChecked() != c.notChecked {
			t.Errorf("%s: unanswered %t, not checked %t", outcome, got, j.Cause.IsNotChecked())
		}
		if diff := cmp.Diff(c.want, tell(j)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", outcome, diff)
		}
	}
}

// TestForbiddenNamesTheUser as the API server does.
func TestForbiddenNamesTheUser(t *testing.T) {
	t.Parallel()
	j := New(trace.RungPod, pod)
	j.NoAnswer(pod, facts.Forbidden, `pods is forbidden: User "dora" cannot list resource "pods" in API group "" in the namespace "a"`)
	want := []trace.Evidence{{Path: "user", Value: "dora"}}
	if diff := cmp.Diff(want, j.Findings[0].Evidence); diff != "" || j.Findings[0].Hint == "" {
		t.Errorf("hint %q (-want +got)\n%s", j.Findings[0].Hint, diff)
	}
}

// TestCombine: the worst speaks, the oldest revision counts, and no finding is lost.
func TestCombine(t *testing.T) {
	t.Parallel()
	one := func(name string, state trace.State, current trace.Currency) *Result {
		j := New(trace.RungPod, facts.Ref{Name: name})
		j.State, j.Current, j.Summary = state, current, name+" is "+state.String()
		if state == trace.Failed {
			j.Note(trace.Error, trace.Finding{Code: trace.Code("Of" + name)})
		}
		return j
	}
	if only := one("a", trace.OK, trace.Current); Combine(trace.RungResource, []*Result{only}) != only {
		t.Error("one alone stays itself")
	}
	replacing := one("d", trace.Progressing, trace.Current)
	replacing.ReplacesBelow = true
	got := Combine(trace.RungResource, []*Result{one("a", trace.OK, trace.Current), one("b", trace.Failed, trace.Behind), one("c", trace.Failed, trace.CurrencyUnknown), replacing})
	if diff := cmp.Diff(told{trace.Failed, "b is Failed", []string{"error Ofb b", "error Ofc c"}}, tell(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got.ID != trace.RungResource || got.Current != trace.Behind || !got.ReplacesBelow {
		t.Errorf("rung %s, current %d, replaces %t", got.ID, got.Current, got.ReplacesBelow)
	}
	var parts []string
	for _, p := range got.Parts {
		parts = append(parts, p.Summary)
	}
	if diff := cmp.Diff([]string{"a is OK", "b is Failed", "c is Failed", "d is Progressing"}, parts); diff != "" {
		t.Errorf("parts (-want +got)\n%s", diff)
	}
}

// TestWorst: what failed asks for more attention than what is not known, and that for more than what waits.
func TestWorst(t *testing.T) {
	t.Parallel()
	order := []trace.State{trace.OK, trace.Suspended, trace.Progressing, trace.Blocked, trace.Unknown, trace.Failed}
	for i, better := range order {
		for _, worse := range order[i+1:] {
			for _, pair := range [][]trace.State{{better, worse}, {worse, better}} {
				a, b := New(trace.RungPod, pod), New(trace.RungPod, pod)
				a.State, b.State = pair[0], pair[1]
				if got := Combine(trace.RungPod, []*Result{a, b}).State; got != worse {
					t.Errorf("%s and %s come to %s, want %s", pair[0], pair[1], got, worse)
				}
			}
		}
	}
	if severity(77) != severity(trace.Unknown) {
		t.Error("a state of tomorrow is not known")
	}
}

func TestOlder(t *testing.T) {
	t.Parallel()
	const unknown, current, behind = trace.CurrencyUnknown, trace.Current, trace.Behind
	for _, c := range [][3]trace.Currency{
		{unknown, unknown, unknown},
		{unknown, current, current},
		{unknown, behind, behind},
		{current, current, current},
		{current, behind, behind},
		{behind, behind, behind},
	} {
		if a, b := Older(c[0], c[1]), Older(c[1], c[0]); a != c[2] || b != c[2] {
			t.Errorf("%d and %d: %d and %d, want %d", c[0], c[1], a, b, c[2])
		}
	}
}

func TestDowngrade(t *testing.T) {
	t.Parallel()
	failed := func() *Result {
		return New(trace.RungPod, pod).Fail(trace.Finding{Code: "A"}).Note(trace.Info, trace.Finding{Code: "B"})
	}
	warned := failed()
	DowngradeToWarning(warned)
	if diff := cmp.Diff(told{trace.OK, "", []string{"warning A b", "info B b"}}, tell(warned)); diff != "" {
		t.Errorf("to a warning (-want +got)\n%s", diff)
	}
	explained := failed()
	DowngradeToInfo(explained)
	if diff := cmp.Diff(told{trace.Failed, "", []string{"info A b", "info B b"}}, tell(explained)); diff != "" {
		t.Errorf("to an explanation (-want +got)\n%s", diff)
	}
	fine := New(trace.RungPod, pod).OK("fine").Note(trace.Error, trace.Finding{Code: "A"})
	DowngradeToWarning(fine)
	if diff := cmp.Diff(told{trace.OK, "fine", []string{"error A b"}}, tell(fine)); diff != "" {
		t.Errorf("of what is OK (-want +got)\n%s", diff)
	}
	if !HasCode(warned, "B") || HasCode(warned, "C") {
		t.Error("a code is found where a finding has it")
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 pods", 1: "1 pod", 2: "2 pods"} {
		if got := Count(n, "pod"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestKindNotServed: a definition that is installed may serve other versions only, and a kind that is never read is not asked for.
func TestKindNotServed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ref  facts.Ref
		want string
	}{
		"Definition": {facts.Ref{Group: "openchoreo.dev", Kind: "Project"}, "the API server does not serve openchoreo.dev/v1alpha1 Project: its CustomResourceDefinition is not installed, or has other versions only"},
		"BuiltIn":    {facts.Ref{Group: "apps", Kind: "Deployment"}, "the API server does not serve apps/v1 Deployment"},
		"Core":       {facts.Ref{Kind: "Pod"}, "the API server does not serve v1 Pod"},
		"NeverRead":  {facts.Ref{Group: "example.com", Kind: "Gadget"}, ""},
	} {
		j := New(trace.RungProject, c.ref)
		j.NoAnswer(c.ref, facts.NoKind, "no")
		if got := j.Findings[0].Hint; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestUnauthorizedLacksNoRight(t *testing.T) {
	t.Parallel()
	ref := facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "a", Name: "b"}
	for reason, isUnauthorized := range map[string]bool{"Unauthorized": true, "Unauthorized: token expired": true, "pods is forbidden": false} {
		j := New(trace.RungPod, ref)
		j.NoAnswer(ref, facts.Forbidden, reason)
		if isUnauthorized != strings.Contains(j.Findings[0].Hint, "log in again") {
			t.Errorf("%s: %+v", reason, j.Findings[0])
		}
	}
}
