package printers

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// detail is how much a cell of the matrix shows.
type detail uint8

const (
	wordOnly detail = iota // the state
	brief                  // and what fails, or the release
	full                   // and the release, the age, and what differs from the next environment
)

// matrix is component by environment, with as much detail as the terminal has room for.
func (r VerifyReport) matrix(o Options) style.Table {
	for _, d := range []detail{full, brief} {
		if t := r.matrixOf(o, d); o.Width <= 0 || t.Width() <= o.Width {
			return t
		}
	}
	return r.matrixOf(o, wordOnly)
}

func (r VerifyReport) matrixOf(o Options, d detail) style.Table {
	environments := verify.Environments(r.Results)
	t := style.Table{Header: r.heading("RESULT")}
	for _, e := range environments {
		t.Header = append(t.Header, strings.ToUpper(escape.Line(e)))
	}
	for _, one := range r.worstFirst() {
		row := r.names(one, strings.ToLower(one.Decision.String()))
		for _, e := range environments {
			row = append(row, cell(o, one, e, d))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// worstFirst are the results as people want to read them: what has passed last.
func (r VerifyReport) worstFirst() []verify.Result {
	sorted := slices.Clone(r.Results)
	slices.SortStableFunc(sorted, func(a, b verify.Result) int {
		switch {
		case a.Decision == b.Decision:
			return 0
		case a.Decision.Worse(b.Decision) == a.Decision:
			return -1
		}
		return 1
	})
	return sorted
}

// heading has the namespace where there are several.
func (r VerifyReport) heading(more ...string) []string {
	if r.severalNamespaces() {
		return append([]string{"NAMESPACE", "COMPONENT"}, more...)
	}
	return append([]string{"COMPONENT"}, more...)
}

func (r VerifyReport) names(one verify.Result, more ...string) []string {
	s := one.Trace.Subject
	if r.severalNamespaces() {
		return append([]string{escape.Line(s.Namespace), escape.Line(s.Component)}, more...)
	}
	return append([]string{escape.Line(s.Component)}, more...)
}

func (r VerifyReport) severalNamespaces() bool {
	return slices.ContainsFunc(r.Results, func(one verify.Result) bool {
		return one.Trace.Subject.Namespace != r.Results[0].Trace.Subject.Namespace
	})
}

// cell is the state of a component in an environment.
func cell(o Options, one verify.Result, environment string, d detail) string {
	at := slices.IndexFunc(one.Cells, func(c verify.Cell) bool { return c.Environment == environment })
	if at < 0 || !one.Cells[at].Bound {
		return "-"
	}
	c := one.Cells[at]
	release := shortRelease(c.Release, one.Trace.Subject.Component)
	words := []string{cellState(o, c)}
	switch {
	case d == full:
		words = append(words, escape.Line(string(c.Failing)), release, o.Age(c.Since))
	case d == brief && c.Failing != "":
		words = append(words, escape.Line(string(c.Failing)))
	case d == brief:
		words = append(words, release)
	}
	text := strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
	if c.Current == trace.Behind {
		text += ", behind"
	}
	if order := orderWords(c); order != "" && d == full {
		text += ", " + order
	}
	return text
}

func cellState(o Options, c verify.Cell) string {
	plain := o
	plain.Color = false // a table measures its cells
	return strings.TrimSpace(plain.RungState(trace.Rung{State: c.Verdict.State(), Reported: c.Reported}))
}

// shortRelease leaves the component out of the name of its release, where it begins with it.
func shortRelease(release, component string) string {
	short := strings.TrimPrefix(release, component+"-")
	if short == "" {
		short = release
	}
	return escape.Line(short)
}

func orderWords(c verify.Cell) string {
	switch c.Order {
	case verify.Ahead:
		return "ahead of " + escape.Line(c.Next)
	case verify.Older:
		return "older than " + escape.Line(c.Next)
	case verify.Same, verify.OrderUnknown:
	}
	return ""
}

// list is a line for each component and environment, with commit and image.
func (r VerifyReport) list(o Options) style.Table {
	t := style.Table{Header: r.heading("ENVIRONMENT", "RESULT", "STATE", "CURRENT", "RELEASE", "COMMIT", "IMAGE", "AGE", "NEXT")}
	for _, one := range r.worstFirst() {
		for _, c := range one.Cells {
			if !c.Bound {
				continue
			}
			t.Rows = append(t.Rows, r.names(one,
				escape.Line(c.Environment), strings.ToLower(one.Decision.String()), cellState(o, c), style.CurrencyWord(c.Current), cmp.Or(escape.Line(c.Release), "-"),
				cmp.Or(style.Revision(c.Commit, true), "-"), cmp.Or(escape.Line(c.Image), "-"), cmp.Or(o.Age(c.Since), "-"), cmp.Or(orderWords(c), "-")))
		}
	}
	return t
}
