// Package viewer shows a watched trace on a terminal, and what its keys do. The Model is a value without a terminal: a key makes the
// next Model and a Command. A Screen draws the Model and carries out the Commands.
package viewer

import (
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/problem"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Update is the newest trace, with what it is based on.
type Update struct {
	Trace    *trace.Trace
	Snapshot *facts.Snapshot
	Changes  []change.Change
	// Of is the trace of one environment alone.
	Of func(environment string) *trace.Trace
}

// pane is what fills the screen.
type pane uint8

const (
	tracePane pane = iota
	helpPane
	logPane
	eventPane
	endpointPane
	reconcilePane
	paneCount
)

// Model is what is shown.
type Model struct {
	Options  printers.Options
	Begun    time.Time
	Until    string // the condition that ends the watch; "" is none
	Keyboard bool   // keys can be read

	height int
	update Update // without a Trace before the first one

	environment string       // the selected one; "" is all
	shown       *trace.Trace // of the selected environment

	pane    pane
	lines   []string       // of the pane, but of the trace
	from    [paneCount]int // the first line that is shown
	whole   bool           // the trace is scrolled, so it is not shortened
	asking  bool           // whether to reconcile
	message string

	reconciling bool
	output      []string // of reconcile
}

// Updated is the Model of a newer trace.
func (m Model) Updated(u Update) Model {
	m.update = u
	return m.selected(m.environment)
}

// Resized is the Model of a terminal of that size.
func (m Model) Resized(width, height int) Model {
	m.Options.Width, m.height = width, height
	return m.refreshed()
}

// At is the Model at another time.
func (m Model) At(now time.Time) Model {
	m.Options.Now = now
	return m
}

// Reported is the Model after a line of reconcile.
func (m Model) Reported(line string) Model {
	m.output = append(slices.Clone(m.output), line)
	if m = m.refreshed(); m.pane == reconcilePane {
		m.from[m.pane] = m.lastFrom()
	}
	return m
}

// Reconciled is the Model after reconcile has ended with a result.
func (m Model) Reconciled(result string) Model {
	m.reconciling, m.message = false, "reconcile: "+result
	return m
}

// Notified is the Model with a message in its last line, until the next key.
func (m Model) Notified(message string) Model {
	m.message = message
	return m
}

// NotOpened is the Model after a URL could not be opened: it shows the URLs whole, to be copied.
func (m Model) NotOpened(reason string) Model { return m.opened(endpointPane).Notified(reason) }

// selected is the Model of one environment, or of all where it does not exist.
func (m Model) selected(environment string) Model {
	if !slices.Contains(m.update.environments(), environment) {
		environment = ""
	}
	m.environment, m.shown = environment, m.update.Trace
	if environment != "" && len(m.update.Trace.Environments) > 1 {
		m.shown = m.update.Of(environment)
	}
	return m.refreshed()
}

func (u Update) environments() []string {
	var names []string
	if u.Trace != nil {
		for _, e := range u.Trace.Environments {
			names = append(names, e.Name)
		}
	}
	return names
}

// opened is the Model that shows a pane from its top.
func (m Model) opened(p pane) Model {
	m.pane, m.from[p] = p, 0
	return m.refreshed()
}

// refreshed is the Model with the newest lines of its pane.
func (m Model) refreshed() Model {
	m.lines = m.Options.Break(m.content())
	return m
}

func (m Model) content() []string {
	if m.shown == nil && m.pane != helpPane {
		return nil
	}
	switch m.pane {
	case tracePane, paneCount:
	case helpPane:
		return helpLines()
	case logPane:
		return problem.LogLines(m.Options, m.shown, m.update.Snapshot)
	case eventPane:
		return problem.EventLines(m.Options, m.shown, m.update.Snapshot)
	case endpointPane:
		return numbered(text.WebEndpoints(m.shown))
	case reconcilePane:
		return wrapped(m.Options, m.output)
	}
	return nil
}
