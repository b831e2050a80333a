package viewer

import "github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"

// room is how many lines of a pane the window has room for.
func (m Model) room() int {
	if m.height <= 0 {
		return m.count()
	}
	if m.pane == tracePane {
		return text.Live{Changes: m.update.changes(m.environment)}.Room(m.height)
	}
	return max(m.height-frame, 1)
}

// count is how many lines a pane has.
func (m Model) count() int {
	switch {
	case m.pane != tracePane:
		return len(m.lines)
	case m.shown == nil:
		return 0
	}
	return len(text.LadderLines(m.Options, m.shown))
}

// lastFrom is the first line of the last page.
func (m Model) lastFrom() int { return max(m.count()-m.room(), 0) }

// isShortened reports whether lines of the trace are left out.
func (m Model) isShortened() bool { return m.pane == tracePane && !m.whole && m.lastFrom() > 0 }

// scroll moves by some lines. The first key that scrolls a shortened trace shows all of it from its top.
func scroll(by func(Model) int) func(Model) (Model, Command) {
	return func(m Model) (Model, Command) {
		if m.isShortened() {
			m.whole, m.from[tracePane] = true, 0
			return m, Command{}
		}
		last := m.lastFrom()
		m.from[m.pane] = max(min(min(m.from[m.pane], last)+by(m), last), 0)
		return m, Command{}
	}
}

func (m Model) scrollToEnd() (Model, Command) {
	if m.isShortened() {
		m.whole = true
	}
	m.from[m.pane] = m.lastFrom()
	return m, Command{}
}
