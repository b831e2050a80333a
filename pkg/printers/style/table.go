package style

import (
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// gap is between two columns.
const gap = "  "

// plainTable has columns and no lines, as kubectl's tables do.
func plainTable(w io.Writer) *tablewriter.Table {
	return tablewriter.NewTable(w,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithPadding(tw.Padding{Right: gap, Overwrite: true}),
		tablewriter.WithHeaderAlignment(tw.AlignLeft), tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithRowAutoWrap(tw.WrapNone),
	)
}

// Table is a heading and rows of as many cells.
type Table struct {
	Header []string
	Rows   [][]string
}

// Width is that of its lines, as plainTable writes them.
func (t Table) Width() int {
	columns := make([]int, len(t.Header))
	for _, row := range append([][]string{t.Header}, t.Rows...) {
		for i, cell := range row {
			columns[i] = max(columns[i], Cells(cell))
		}
	}
	width := -len(gap)
	for _, c := range columns {
		width += c + len(gap)
	}
	return width
}

// Lines are those of the table, without the blanks at their ends: a narrow terminal would break them into lines of their own.
func (t Table) Lines() ([]string, error) {
	var out strings.Builder
	table := plainTable(&out)
	table.Header(t.Header)
	if err := table.Bulk(t.Rows); err != nil {
		return nil, fmt.Errorf("write table: %w", err)
	}
	if err := table.Render(); err != nil {
		return nil, fmt.Errorf("write table: %w", err)
	}
	var lines []string
	for line := range strings.Lines(out.String()) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	return lines, nil
}
