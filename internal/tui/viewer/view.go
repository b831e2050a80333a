package viewer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"
)

// frame is how many lines of a pane are its title, its last line and the blanks between.
const frame = 4

// Draw is the whole screen.
func (m Model) Draw() string {
	switch {
	case m.pane != tracePane:
		return m.drawPane()
	case m.shown == nil:
		return ""
	}
	return text.DrawLive(m.Options, text.Live{
		Trace: m.shown, Changes: m.update.changes(m.environment), Begun: m.Begun, Whole: m.whole, From: m.from[tracePane], Notes: m.notes(), Message: m.message,
	}, m.height)
}

// changes are those of an environment, and of what all environments share; all if environment is "".
func (u Update) changes(environment string) []change.Change {
	if environment == "" {
		return u.Changes
	}
	return slices.DeleteFunc(slices.Clone(u.Changes), func(c change.Change) bool {
		return c.Environment != "" && c.Environment != environment
	})
}

func (m Model) notes() []string {
	var notes []string
	if m.environment != "" {
		notes = append(notes, "only "+printers.Escape(m.environment))
	}
	if m.isShortened() {
		notes = append(notes, "shortened")
	}
	if m.whole {
		notes = append(notes, m.position())
	}
	if m.reconciling {
		notes = append(notes, "reconciling")
	}
	if m.Until != "" {
		notes = append(notes, "ends when "+m.Until)
	}
	if !m.Keyboard {
		return append(notes, "Ctrl-C quits")
	}
	return append(notes, "? help, q quit")
}

// position reports which lines are shown.
func (m Model) position() string {
	from, count := min(m.from[m.pane], m.lastFrom()), m.count()
	return fmt.Sprintf("lines %d-%d of %d", min(from+1, count), min(from+m.room(), count), count)
}

func (m Model) title() string {
	switch m.pane {
	case helpPane:
		return "Keys"
	case logPane:
		return "Logs"
	case eventPane:
		return "Warning events"
	case endpointPane:
		return "Press a number to open an endpoint"
	case reconcilePane:
		return "Reconcile " + printers.Escape(m.update.Trace.Subject.Component)
	case tracePane, paneCount:
	}
	return ""
}

func (m Model) drawPane() string {
	from := min(m.from[m.pane], m.lastFrom())
	lines := []string{m.Options.Paint("1", m.Options.Truncate(m.title(), 0)), ""}
	for _, line := range m.lines[from:min(from+m.room(), len(m.lines))] {
		lines = append(lines, m.Options.ToASCII(line))
	}
	status := "Esc back"
	if m.lastFrom() > 0 {
		status = m.position() + "; " + status
	}
	if m.pane == reconcilePane && m.reconciling {
		status = "reconciling; " + status
	}
	return strings.Join(append(lines, "", text.StatusLine(m.Options, status, m.message)), "\n")
}

// wrapped are lines of another command, broken to the width of the terminal.
func wrapped(o printers.Options, lines []string) []string {
	var all []string
	for _, line := range lines {
		text := strings.TrimLeft(line, " ")
		indent := line[:len(line)-len(text)]
		for _, part := range style.Wrap(text, o.TextWidth(len(indent))) {
			all = append(all, indent+part)
		}
	}
	return all
}

func numbered(lines []string) []string {
	var all []string
	for i, line := range lines {
		all = append(all, fmt.Sprintf("  %d  %s", i+1, line))
	}
	return all
}
