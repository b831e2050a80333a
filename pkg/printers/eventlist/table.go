package eventlist

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// Table writes events as rows. Its columns keep their widths, so that rows can follow later.
type Table struct {
	options style.Options
	widths  []int // of the columns before the message
	narrow  bool  // object and message have lines of their own
}

// narrowest is the least width of a message beside the other columns.
const narrowest = 40

// messageIndent is that of an object and a message on lines of their own.
const messageIndent = 4

func header() []string { return []string{"LAST SEEN", "TYPE", "REASON", "RUNG", "OBJECT", "MESSAGE"} }

// NewTable returns a table whose columns fit the events. With more to come, a column is never narrower than usual.
func NewTable(o style.Options, events []Event, more bool) Table {
	t := Table{options: o}
	rows := [][]string{header()}
	for _, e := range events {
		rows = append(rows, t.cells(e))
	}
	if more {
		rows = append(rows, []string{"20m (x100 over 20m)", "Warning", "ReconciliationSucceeded", "environment (development)", "", ""})
	}
	t.widths = make([]int, len(header())-1)
	used := 0
	for i := range t.widths {
		for _, row := range rows {
			t.widths[i] = max(t.widths[i], style.Cells(row[i]))
		}
		used += t.widths[i] + len(gap)
	}
	if t.narrow = o.Width > 0 && o.Width-used < narrowest; t.narrow {
		t.widths = t.widths[:len(t.widths)-1]
	}
	return t
}

const gap = "  "

// At is the same table at another time.
func (t Table) At(now time.Time) Table {
	t.options.Now = now
	return t
}

// cells are those of a row, escaped.
func (t Table) cells(e Event) []string {
	return []string{t.seen(e), escape.Line(e.Type), escape.Line(e.Reason), style.Place(e.Rung, e.Environment), escape.Line(objectName(e)), escape.Line(e.Message)}
}

// seen is the age of the event, as kubectl events prints it.
func (t Table) seen(e Event) string {
	if e.LastSeen.IsZero() {
		return "unknown"
	}
	last := t.options.Age(e.LastSeen)
	if last == "" {
		last = "unknown"
	}
	if e.Count > 1 && !e.FirstSeen.IsZero() {
		return fmt.Sprintf("%s (x%d over %s)", last, e.Count, t.options.Age(e.FirstSeen))
	}
	return last
}

// objectName is that of kubectl events: the kind and the name.
func objectName(e Event) string { return strings.ToLower(e.Object.Kind) + "/" + e.Object.Name }

// Write writes rows, with the header before them.
func (t Table) Write(w io.Writer, events []Event, withHeader bool) error {
	var out strings.Builder
	if withHeader && len(events) > 0 {
		t.writeRow(&out, header(), "")
	}
	for _, e := range events {
		color := ""
		if e.Type == "Warning" {
			color = "33"
		}
		t.writeRow(&out, t.cells(e), color)
	}
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// writeRow colours the type of an event. A message that is wider than the terminal is wrapped behind its column, or on lines of its own.
func (t Table) writeRow(out *strings.Builder, cells []string, color string) {
	row, behind := "", 0
	for i, width := range t.widths {
		cell := style.Pad(cells[i], width)
		if i == 1 {
			cell = t.options.Paint(color, cell)
		}
		row += cell + gap
		behind += width + len(gap)
	}
	message := cells[len(cells)-1]
	if t.narrow {
		out.WriteString(strings.TrimRight(row, " ") + "\n")
		if row, behind = strings.Repeat(" ", messageIndent), messageIndent; cells[0] == header()[0] {
			return
		}
		message = cells[len(cells)-2] + ": " + message
	}
	room := 0
	if t.options.Width > 0 {
		room = t.options.Width - behind
	}
	for _, part := range style.Wrap(message, room) {
		out.WriteString(strings.TrimRight(row+part, " ") + "\n")
		row = strings.Repeat(" ", behind)
	}
}
