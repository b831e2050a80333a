package viewer

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"
)

// Action is what a Screen does for a key.
type Action uint8

const (
	// None is the zero value: only the Model changes.
	None Action = iota
	// Quit ends the watch, with the exit code of the last trace.
	Quit
	// Interrupt ends the program, like Ctrl-C in a shell.
	Interrupt
	// Copy puts Text on the clipboard of the terminal.
	Copy
	// Open opens Text, a URL, in a browser.
	Open
	// Reconcile starts a reconcile of the component.
	Reconcile
)

// Command is what a key does outside of the Model.
type Command struct {
	Action Action
	Text   string
}

// binding is what one or more keys do.
type binding struct {
	keys  []string // as bubbletea names them
	names string   // as the help names them
	help  string
	press func(Model) (Model, Command)
}

func bindings() []binding {
	return []binding{
		{[]string{"j", "down"}, "j, Down", "scroll down", scroll(func(Model) int { return 1 })},
		{[]string{"k", "up"}, "k, Up", "scroll up", scroll(func(Model) int { return -1 })},
		{[]string{"space", "pgdown", "ctrl+f"}, "Space, PgDn", "scroll down one page", scroll(Model.room)},
		{[]string{"b", "pgup", "ctrl+b"}, "b, PgUp", "scroll up one page", scroll(func(m Model) int { return -m.room() })},
		{[]string{"g", "home"}, "g, Home", "go to the first line", scroll(func(m Model) int { return -m.count() })},
		{[]string{"G", "end"}, "G, End", "go to the last line", Model.scrollToEnd},
		{[]string{"f"}, "f", "show the next environment alone; after the last one, show all", nextEnvironment(1)},
		{[]string{"F"}, "F", "show the previous environment alone", nextEnvironment(-1)},
		{[]string{"l"}, "l", "show the last lines of the containers that crashed", show(logPane)},
		{[]string{"e"}, "e", "show the Warning events of the rung that fails", show(eventPane)},
		{[]string{"y"}, "y", "copy the next command to the clipboard", Model.copyCommand},
		{[]string{"o"}, "o", "open the URL of an endpoint in the browser", Model.openEndpoint},
		{[]string{"r"}, "r", "reconcile the component; asks first", Model.confirm},
		{[]string{"?", "h"}, "?", "show this help", show(helpPane)},
		{[]string{"esc"}, "Esc", "go back; from the trace, quit", Model.back},
		{[]string{"q"}, "q", "close this page; from the trace, quit", Model.quit},
		{[]string{"ctrl+c"}, "Ctrl-C", "quit with exit code 130", interrupt},
	}
}

func helpLines() []string {
	var lines []string
	for _, b := range bindings() {
		lines = append(lines, "  "+style.Pad(b.names, len("Space, PgDn"))+"  "+b.help)
	}
	return append(lines, "", "  A trace that is longer than the window is shortened until you scroll.")
}

// Press is the Model after a key, and what else the key does.
func (m Model) Press(key string) (Model, Command) {
	m.message = ""
	if m.asking && key != "ctrl+c" {
		return m.answered(key)
	}
	if m.pane == endpointPane && len(key) == 1 && key[0] >= '1' && key[0] <= '9' {
		return m.openNumbered(int(key[0] - '1'))
	}
	for _, b := range bindings() {
		if slices.Contains(b.keys, key) {
			return b.press(m)
		}
	}
	return m, Command{}
}

func interrupt(m Model) (Model, Command) { return m, Command{Action: Interrupt} }

func (m Model) quit() (Model, Command) {
	if m.pane == tracePane {
		return m, Command{Action: Quit}
	}
	m.pane = tracePane
	return m, Command{}
}

// back undoes what was opened last.
func (m Model) back() (Model, Command) {
	switch {
	case m.pane != tracePane:
		m.pane = tracePane
	case m.whole:
		m.whole = false
	case m.environment != "":
		return m.selected(""), Command{}
	default:
		return m, Command{Action: Quit}
	}
	return m, Command{}
}

// show opens a pane, or closes it where it is open.
func show(p pane) func(Model) (Model, Command) {
	return func(m Model) (Model, Command) {
		if m.pane == p {
			return m.quit()
		}
		return m.opened(p), Command{}
	}
}

// nextEnvironment selects the environment after the selected one; all of them come before the first.
func nextEnvironment(step int) func(Model) (Model, Command) {
	return func(m Model) (Model, Command) {
		names := append([]string{""}, m.update.environments()...)
		if len(names) <= 2 {
			return m.Notified("there are no other environments"), Command{}
		}
		at := slices.Index(names, m.environment) + step
		m.whole = false
		return m.selected(names[(at+len(names))%len(names)]), Command{}
	}
}

func (m Model) copyCommand() (Model, Command) {
	if m.shown == nil {
		return m, Command{}
	}
	command := text.NextCommand(m.Options, m.shown)
	if command == "" {
		return m.Notified("there is no next command"), Command{}
	}
	return m.Notified("sent to the terminal's clipboard: " + command), Command{Copy, command}
}

func (m Model) openEndpoint() (Model, Command) {
	if m.shown == nil {
		return m, Command{}
	}
	switch len(text.WebEndpoints(m.shown)) {
	case 0:
		return m.Notified("no endpoint has a URL"), Command{}
	case 1:
		return m.openNumbered(0)
	}
	return m.opened(endpointPane), Command{}
}

func (m Model) openNumbered(index int) (Model, Command) {
	all := text.WebEndpoints(m.shown)
	if index >= len(all) {
		return m.Notified(fmt.Sprintf("there is no endpoint %d", index+1)), Command{}
	}
	return m, Command{Open, all[index]}
}

// confirm prompts whether to reconcile, unless that is under way.
func (m Model) confirm() (Model, Command) {
	if m.shown == nil {
		return m, Command{}
	}
	if m.reconciling {
		return m.opened(reconcilePane), Command{}
	}
	m.asking = true
	return m.Notified("Reconcile " + printers.Escape(m.shown.Subject.Component) + "? [y/N] (sets annotations on the objects that deliver it)"), Command{}
}

func (m Model) answered(key string) (Model, Command) {
	m.asking = false
	if key != "y" && key != "Y" {
		return m.Notified("not reconciled"), Command{}
	}
	m.reconciling, m.output = true, nil
	return m.opened(reconcilePane), Command{Action: Reconcile}
}
