package printers

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// TestIsNotable: only what is healthy or undeployed, and current, without drift or warnings, needs no row of its own.
func TestIsNotable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cell verify.Cell
		want bool
	}{
		"Healthy":     {verify.Cell{Verdict: trace.VerdictHealthy, Current: trace.Current}, false},
		"Suspended":   {verify.Cell{Verdict: trace.VerdictSuspended, Current: trace.Current}, false},
		"Unclear":     {verify.Cell{Verdict: trace.VerdictHealthy, Current: trace.CurrencyUnknown}, false},
		"Behind":      {verify.Cell{Verdict: trace.VerdictHealthy, Current: trace.Behind}, true},
		"Failed":      {verify.Cell{Verdict: trace.VerdictFailed, Current: trace.Current}, true},
		"Progressing": {verify.Cell{Verdict: trace.VerdictProgressing, Current: trace.Current}, true},
		"Unknown":     {verify.Cell{Verdict: trace.VerdictUnknown, Current: trace.Current}, true},
		"Drift":       {verify.Cell{Verdict: trace.VerdictHealthy, Current: trace.Current, Remarks: verify.Remarks{Drift: 1}}, true},
		"Warning":     {verify.Cell{Verdict: trace.VerdictHealthy, Current: trace.Current, Remarks: verify.Remarks{Warnings: []trace.Code{"X"}}}, true},
	} {
		if got := isNotable(c.cell); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestRowsOfAComponent: a component has a row for each environment that it is bound to and that is wanted; otherwise it has one for all of it.
func TestRowsOfAComponent(t *testing.T) {
	t.Parallel()
	one := placed("pay", verify.Failed, trace.VerdictFailed)
	one.Trace.Failing = &trace.Failure{Finding: trace.Finding{Since: printerstest.Ended}}
	one.Shared = verify.Remarks{Drift: 3}
	one.Cells = append(one.Cells, verify.Cell{Environment: "staging", Bound: true}, verify.Cell{Environment: "production"})
	places := func(wanted func(verify.Cell) bool) (names []string, rows []statusRow) {
		rows = rowsOf(one, wanted)
		for _, row := range rows {
			names = append(names, row.cell.Environment)
		}
		return names, rows
	}
	for name, c := range map[string]struct {
		wanted func(verify.Cell) bool
		want   []string
	}{
		"All":     {func(verify.Cell) bool { return true }, []string{"development", "staging"}},
		"Some":    {func(c verify.Cell) bool { return c.Environment == "staging" }, []string{"staging"}},
		"NotSent": {func(c verify.Cell) bool { return c.Environment == "production" }, []string{"-"}},
	} {
		if got, _ := places(c.wanted); !cmp.Equal(c.want, got) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	_, whole := places(func(verify.Cell) bool { return false })
	if c := whole[0].cell; c.Verdict != trace.VerdictFailed || c.Drift != 3 || !c.Since.Equal(printerstest.Ended) {
		t.Errorf("the row of all of it is %+v", c)
	}
}

// TestCauseOfARow: the reason in the environment counts first, then the one above all environments, then what fails, then a warning.
func TestCauseOfARow(t *testing.T) {
	t.Parallel()
	reason := func(environment string, code trace.Code) verify.Reason {
		return verify.Reason{Failure: trace.Failure{Environment: environment, Finding: trace.Finding{Code: code}}}
	}
	of := func(reasons []verify.Reason, c verify.Cell, shared ...trace.Code) statusRow {
		c.Environment = "dev"
		return statusRow{verify.Result{Judgement: verify.Judgement{Reasons: reasons}, Shared: verify.Remarks{Warnings: shared}}, c}
	}
	warned := verify.Cell{Remarks: verify.Remarks{Warnings: []trace.Code{"Warned", "Second"}}}
	for want, row := range map[trace.Code]statusRow{
		"Here":   of([]verify.Reason{reason("", "Above"), reason("dev", "Here")}, verify.Cell{Failing: "Fails"}),
		"Above":  of([]verify.Reason{reason("prod", "There"), reason("", "Above")}, verify.Cell{Failing: "Fails"}),
		"Fails":  of([]verify.Reason{reason("prod", "There")}, verify.Cell{Failing: "Fails", Remarks: warned.Remarks}),
		"Warned": of(nil, warned, "Shared"),
		"Shared": of(nil, verify.Cell{}, "Shared"),
		"":       of(nil, verify.Cell{}),
	} {
		if got := row.cause(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestHiddenComponents: each kind of cause has five rows at most, and the table its limit; what has no row is counted by what it is.
func TestHiddenComponents(t *testing.T) {
	t.Parallel()
	var all []verify.Result
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		all = append(all, failing(name, "development", trace.CodeOOMKilled, name))
	}
	warned := placed("w", verify.Passed, trace.VerdictHealthy)
	warned.Cells[0].Warnings = []trace.Code{"X"}
	all = append(all, failing("z", "development", trace.CodeCrashLoopBackOff, "z"), warned, placed("h", verify.Passed, trace.VerdictHealthy))
	r := overviewOf(all...)
	for most, want := range map[int]struct {
		rows   int
		hidden hiddenComponents
	}{
		9: {7, hiddenComponents{trouble: 2, healthy: 1}}, // five of OOMKilled, CrashLoopBackOff, and the warning
		6: {6, hiddenComponents{trouble: 2, warned: 1, healthy: 1}},
		3: {3, hiddenComponents{trouble: 5, warned: 1, healthy: 1}},
	} {
		rows, hidden := r.listed(most)
		if len(rows) != want.rows || hidden != want.hidden {
			t.Errorf("%d: %d rows and %+v, want %d and %+v", most, len(rows), hidden, want.rows, want.hidden)
		}
	}
	if rows, hidden := r.listed(10); len(rows) != 10 || hidden != (hiddenComponents{}) {
		t.Errorf("%d rows and %+v, want all", len(rows), hidden)
	}
	if got := (hiddenComponents{1, 2, 3}).words(); got != "Components not listed: 1 in trouble, 2 with warnings or drift, 3 healthy; -o wide lists all." {
		t.Error(got)
	}
	if got := (hiddenComponents{}).words(); got != "" {
		t.Error(got)
	}
}
