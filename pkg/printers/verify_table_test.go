package printers

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/ci"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// decided is a component with a decision.
func decided(component string, d verify.Decision, rungs ...trace.Rung) verify.Result {
	return verify.Result{Trace: &trace.Trace{Subject: facts.Subject{Namespace: "shop", Component: component}, Rungs: rungs}, Judgement: verify.Judgement{Decision: d}}
}

// TestHeadline: the worst decision comes first, each with its count. One component is called by its name.
func TestHeadline(t *testing.T) {
	t.Parallel()
	warning := trace.Rung{Findings: []trace.Finding{{Code: "TwoOwners", Severity: trace.Warning}}}
	reported := decided("a", verify.Passed)
	reported.Cells = []verify.Cell{{Environment: "dev"}, {Environment: "prod", Reported: true}}
	passed, failed, pending, unknown := decided("a", verify.Passed), decided("b", verify.Failed), decided("c", verify.Pending), decided("d", verify.Undecided)
	for want, r := range map[string]VerifyReport{
		"No component was verified":             {},
		"a passed":                              {Results: []verify.Result{passed}},
		"b failed":                              {Results: []verify.Result{failed}},
		"c not ready (checked once)":            {Results: []verify.Result{pending}},
		"c timed out":                           {Results: []verify.Result{pending}, Late: true},
		"d unknown":                             {Results: []verify.Result{unknown}},
		"2 of 2 components passed":              {Results: []verify.Result{passed, passed}},
		"1 of 2 components failed, 1 passed":    {Results: []verify.Result{passed, failed}},
		"1 of 3 components timed out, 2 passed": {Results: []verify.Result{passed, pending, passed}, Late: true},
		"2 of 5 components failed, 1 unknown, 1 not ready (checked once), 1 passed": {Results: []verify.Result{passed, failed, pending, unknown, failed}},
		`x\x1b passed`:                                          {Results: []verify.Result{decided("x\x1b", verify.Passed)}},
		"a passed, as reported by OpenChoreo":                   {Results: []verify.Result{reported}},
		"2 of 2 components passed, 1 as reported by OpenChoreo": {Results: []verify.Result{passed, reported}},
		"a passed, 1 warning: TwoOwners":                        {Results: []verify.Result{decided("a", verify.Passed, warning)}},
		"3 of 3 components passed, 2 with warnings":             {Results: []verify.Result{decided("a", verify.Passed, warning), passed, decided("e", verify.Passed, warning, warning)}},
	} {
		if got := r.headline(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestReportDecision: all results together are as good as the worst of them, and no result decides nothing.
func TestReportDecision(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		results []verify.Result
		want    verify.Decision
		outcome ci.CaseOutcome
	}{
		"Nothing": {nil, verify.Undecided, ci.CaseErrored},
		"Passed":  {[]verify.Result{decided("a", verify.Passed), decided("b", verify.Passed)}, verify.Passed, ci.CasePassed},
		"Failed":  {[]verify.Result{decided("a", verify.Failed), decided("b", verify.Passed)}, verify.Failed, ci.CaseFailed},
		"Pending": {[]verify.Result{decided("a", verify.Passed), decided("b", verify.Pending)}, verify.Pending, ci.CaseFailed},
		"Unknown": {[]verify.Result{decided("a", verify.Undecided)}, verify.Undecided, ci.CaseErrored},
	} {
		r := VerifyReport{Results: c.results}
		if got := r.Decision(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if got := outcomeOf(r.Decision()); got != c.outcome {
			t.Errorf("%s: outcome %d in JUnit, want %d", name, got, c.outcome)
		}
	}
}

// cause is one that affects components of one namespace.
func cause(d verify.Decision, code trace.Code, object, message string, components ...string) verify.Cause {
	c := verify.Cause{Reason: verify.Reason{Decision: d, Failure: trace.Failure{Rung: trace.RungRelease, Finding: trace.Finding{Code: code, Message: message}}}}
	if object != "" {
		c.Object = facts.Ref{Kind: "Component", Namespace: "shop", Name: object}
	}
	for _, name := range components {
		c.Subjects = append(c.Subjects, verify.Affected{Subject: facts.Subject{Namespace: "shop", Component: name}})
	}
	return c
}

// TestTable: each cause is printed once with the components that it affects, and each command once. Of more than three of one kind, the others are one line each.
func TestTable(t *testing.T) {
	t.Parallel()
	r := VerifyReport{Begun: printerstest.Ended.Add(-2500 * time.Millisecond), Ended: printerstest.Ended, Results: []verify.Result{decided("a", verify.Failed), decided("b", verify.Failed)}}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		r.Causes = append(r.Causes, cause(verify.Failed, "ReleaseNotPinned", name, "no release of "+name, name))
	}
	r.Causes = append(r.Causes, cause(verify.Pending, "ReleaseNotPinned", "", "it waits\nfor b", "a", "b", "c", "d"))
	r.Causes[0].Hint, r.Causes[0].Since = "pin one", printerstest.Ended.Add(-time.Hour)
	block := func(name, since, hint string) string {
		return "\nFailed: release   ReleaseNotPinned\n  Component shop/" + name + since + ":\n    no release of " + name + "\n" + hint + "  Affects " + name + ".\n"
	}
	want := "COMPONENT  RESULT\na          failed\nb          failed\n" + block("a", ", since 60m", "  Pin one.\n") + "  Next: kubectl choreo explain ReleaseNotPinned\n" + block("b", "", "") + block("c", "", "") +
		"\nFailed: release   ReleaseNotPinned, 2 more:\n  d: no release of d\n  e: no release of e\n" +
		"\nPending: release   ReleaseNotPinned\n    it waits\n    for b\n  Affects 4 components: a, b, c, d.\n" +
		"\n2 of 2 components failed, after 2.5s.\n"
	if diff := cmp.Diff(want, string(printerstest.Printed(t, r, "table"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestTableOfOneComponent: the affected environments stand beside the rung, and the answers of the endpoints below.
func TestTableOfOneComponent(t *testing.T) {
	t.Parallel()
	one := cause(verify.Failed, "ReleaseNotPinned", "a", "no release", "a")
	one.Subjects[0].Environments = []string{"dev", "prod\x1b"}
	result := decided("a", verify.Failed)
	result.Probes = []verify.Probe{
		{Environment: "dev", URL: "http://a.example", OK: true, Status: 200, Seconds: 0.0123},
		{Environment: "prod", URL: "http://b.example", Error: "no\nanswer", Status: 500, Through: "a-1"},
	}
	r := VerifyReport{Begun: printerstest.Ended, Ended: printerstest.Ended, Results: []verify.Result{result}, Causes: []verify.Cause{one}}
	var out strings.Builder
	if err := r.Print(&out, "", Options{Color: true}); err != nil {
		t.Fatal(err)
	}
	want := "COMPONENT  RESULT\na          failed\n\n\x1b[1;31mFailed: release (dev, prod\\x1b)\x1b[0m   ReleaseNotPinned\n  Component shop/a:\n    no release\n  Next: kubectl choreo explain ReleaseNotPinned\n" +
		"\na endpoints:\nENVIRONMENT  URL               ANSWER\ndev          http://a.example  200 in 12 ms\nprod         http://b.example  no answer, through pod a-1\n\n\x1b[1;31ma failed\x1b[0m, after 0.0s.\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
