package printers

import (
	"cmp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

const (
	// mostRows is how many rows the table of an overview has; it then shows what is in trouble.
	mostRows = 30
	// rowsOfACause is how many of these are of one kind of cause, so that each of the first kinds has some.
	rowsOfACause = 5
)

// statusRow is a component in one environment. The row of a component that is in none, or is in trouble above all of them, has the
// Environment "-".
type statusRow struct {
	one  verify.Result
	cell verify.Cell
}

// hiddenComponents counts the components without a row.
type hiddenComponents struct{ trouble, warned, healthy int }

// listed are the rows of the table: all where they are not more than most or the command line names the components, else those in trouble.
func (r StatusReport) listed(most int) ([]statusRow, hiddenComponents) {
	sorted := r.TroubleFirst()
	var all []statusRow
	for _, one := range sorted {
		all = append(all, rowsOf(one, func(verify.Cell) bool { return true })...)
		if len(all) > most && !r.Named {
			return r.inTrouble(sorted, most)
		}
	}
	return all, hiddenComponents{}
}

// inTrouble are the first rows in trouble of each kind of cause.
func (r StatusReport) inTrouble(sorted []verify.Result, most int) ([]statusRow, hiddenComponents) {
	var rows []statusRow
	var hidden hiddenComponents
	ofCause := map[rowCause]int{}
	for _, one := range sorted {
		if isUnremarkable(one) {
			hidden.healthy++
			continue
		}
		key := causeOf(one)
		own := rowsOf(one, isNotable)
		own = own[:min(len(own), max(rowsOfACause-ofCause[key], 0), max(most-len(rows), 0))]
		ofCause[key] += len(own)
		switch {
		case len(own) > 0:
		case one.Decision == verify.Passed:
			hidden.warned++
		default:
			hidden.trouble++
		}
		rows = append(rows, own...)
	}
	return rows, hidden
}

// rowCause is equal for components in trouble for the same kind of reason.
type rowCause struct {
	rung trace.RungID
	code trace.Code
}

func causeOf(one verify.Result) rowCause {
	if r, ok := one.Cause(); ok {
		return rowCause{r.Rung, r.Code}
	}
	return rowCause{}
}

// isNotable reports whether a component is worth a row in an environment.
func isNotable(c verify.Cell) bool {
	settled := c.Verdict == trace.VerdictHealthy || c.Verdict == trace.VerdictSuspended
	return !settled || c.Current == trace.Behind || !c.IsEmpty()
}

// rowsOf are the rows of a component in the environments to which it is bound and that are wanted.
func rowsOf(one verify.Result, wanted func(verify.Cell) bool) []statusRow {
	var rows []statusRow
	for _, c := range one.Cells {
		if c.Bound && wanted(c) {
			rows = append(rows, statusRow{one, c})
		}
	}
	if len(rows) > 0 {
		return rows
	}
	t := one.Trace
	whole := verify.Cell{Environment: "-", Verdict: t.Verdict, Current: t.Current, Remarks: one.Shared}
	if t.Failing != nil {
		whole.Since = t.Failing.Since
	}
	return []statusRow{{one, whole}}
}

// cause is the code of what keeps the component from being healthy here: in this environment, or above all of them; else its first
// warning.
func (row statusRow) cause() trace.Code {
	for _, environment := range []string{row.cell.Environment, ""} {
		if r, ok := row.one.ReasonIn(environment); ok {
			return r.Code
		}
	}
	return cmp.Or(row.cell.Failing, first(row.cell.Warnings), first(row.one.Shared.Warnings))
}

func first(codes []trace.Code) trace.Code {
	return slices.Concat(codes, []trace.Code{""})[0]
}
