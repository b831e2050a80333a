package printers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// columns are how much the table of an overview shows.
type columns uint8

const (
	wideColumns columns = iota // with project, commit, and the whole names of releases and images
	everything
	tagsOnly // of images
	withoutRelease
	withoutImage
	withoutAge // and without drift
	withoutCause
)

// narrowest is the table with as many columns as the terminal has room for.
func narrowest(shown []statusRow, o Options) style.Table {
	for c := everything; c < withoutCause; c++ {
		if t := rowTable(shown, o, c); o.Width <= 0 || t.Width() <= o.Width {
			return t
		}
	}
	return rowTable(shown, o, withoutCause)
}

// column is a heading, and what a row has there.
type column struct {
	heading string
	text    func(statusRow) string
}

func rowTable(shown []statusRow, o Options, c columns) style.Table {
	all := columnsOf(shown, o, c)
	t := style.Table{}
	for _, one := range all {
		t.Header = append(t.Header, one.heading)
	}
	for _, row := range shown {
		var cells []string
		for _, one := range all {
			cells = append(cells, one.text(row))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func columnsOf(shown []statusRow, o Options, c columns) []column {
	some := func(has func(statusRow) bool) bool { return slices.ContainsFunc(shown, has) }
	subject := func(row statusRow) (string, string, string) {
		s := row.one.Trace.Subject
		return s.Namespace, s.Project, s.Component
	}
	all := []struct {
		column
		shown bool
	}{
		{column{"", func(row statusRow) string {
			return cmp.Or(map[bool]string{true: row.look().ASCII}[o.ASCII], row.look().Mark)
		}}, o.Marks},
		{column{"NAMESPACE", func(row statusRow) string { n, _, _ := subject(row); return escape.Line(n) }}, c == wideColumns || severalNamespaces(shown)},
		{column{"PROJECT", func(row statusRow) string { _, p, _ := subject(row); return orDash(p) }}, c == wideColumns},
		{column{"COMPONENT", func(row statusRow) string { _, _, n := subject(row); return escape.Line(n) }}, true},
		{column{"ENVIRONMENT", func(row statusRow) string { return escape.Line(row.cell.Environment) }}, true},
		{column{"STATE", statusRow.state}, true},
		{column{"RELEASE", func(row statusRow) string { return row.release(c) }}, c < withoutRelease},
		{column{"COMMIT", func(row statusRow) string { return cmp.Or(style.Revision(row.cell.Commit, true), "-") }}, c == wideColumns},
		{column{"IMAGE", func(row statusRow) string { return row.image(c) }}, c < withoutImage},
		{column{"AGE", func(row statusRow) string { return cmp.Or(o.Age(row.cell.Since), "-") }}, c < withoutAge},
		{column{"DRIFT", func(row statusRow) string { return row.drift(o) }}, c == wideColumns || c < withoutAge && some(func(row statusRow) bool { return row.cell.Drift > 0 })},
		{column{"CAUSE", func(row statusRow) string { return orDash(string(row.cause())) }}, c == wideColumns || c < withoutCause && some(func(row statusRow) bool { return row.cause() != "" })},
	}
	var columns []column
	for _, one := range all {
		if one.shown {
			columns = append(columns, one.column)
		}
	}
	return columns
}

func severalNamespaces(rows []statusRow) bool {
	return slices.ContainsFunc(rows, func(row statusRow) bool {
		return row.one.Trace.Subject.Namespace != rows[0].one.Trace.Subject.Namespace
	})
}

func orDash(text string) string { return cmp.Or(escape.Line(text), "-") }

func (row statusRow) release(c columns) string {
	if c == wideColumns {
		return orDash(row.cell.Release)
	}
	return cmp.Or(shortRelease(row.cell.Release, row.one.Trace.Subject.Component), "-")
}

// image is the image that runs: with its registry, without, or only what follows its name.
func (row statusRow) image(c columns) string {
	name := trace.ImageName(row.cell.Image)
	switch {
	case c == wideColumns:
		name = row.cell.Image
	case c >= tagsOnly:
		name = name[max(strings.IndexAny(name, ":@"), 0):]
	}
	return orDash(name)
}

// drift is how much differs, and since when, as far as that is known.
func (row statusRow) drift(o Options) string {
	switch age := o.Age(row.cell.DriftSince); {
	case row.cell.Drift == 0:
		return "-"
	case age == "":
		return fmt.Sprint(row.cell.Drift)
	default:
		return fmt.Sprintf("%d, %s", row.cell.Drift, age)
	}
}
