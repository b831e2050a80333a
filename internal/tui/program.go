package tui

import (
	"cmp"
	"fmt"
	"io"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"
)

// Program is a bubbletea program that restores the terminal also after a panic of its model, and then ends with an error. Bubbletea's own
// recovery closes the terminal while another goroutine still reads keys from it (Program.shutdown with kill, tea.go, v2.0.9), so the model's
// panics do not reach it.
type Program struct {
	*tea.Program
	model *guarded
	err   io.Writer
}

// NewProgram writes the stack of a panic to err, after the terminal is restored.
func NewProgram(m tea.Model, err io.Writer, options ...tea.ProgramOption) Program {
	g := &guarded{Model: m}
	p := Program{Program: tea.NewProgram(g, options...), model: g, err: err}
	g.quit = p.Quit
	return p
}

// Run shows the program until it quits, and returns the model as it was then.
func (p Program) Run() (tea.Model, error) {
	_, err := p.Program.Run()
	if p.model.panicked != nil {
		_, _ = fmt.Fprintf(p.err, "%s\n%s\n", p.model.panicked, p.model.stack)
	}
	return p.model.Model, cmp.Or(p.model.panicked, err)
}

// guarded is a model until it panics, and then an empty one that quits. All of it runs in the goroutine of bubbletea's event loop.
type guarded struct {
	tea.Model
	quit     func()
	panicked error
	stack    []byte
}

func (g *guarded) Update(message tea.Msg) (model tea.Model, command tea.Cmd) {
	defer g.recover()
	model = g // also where the next line panics
	if g.panicked == nil {
		g.Model, command = g.Model.Update(message)
	}
	return model, command
}

func (g *guarded) View() (view tea.View) {
	defer g.recover()
	if g.panicked == nil {
		view = g.Model.View()
	}
	return view
}

// recover is deferred. The event loop, which calls it, cannot wait until the message to quit is read.
func (g *guarded) recover() {
	if r := recover(); r != nil {
		g.panicked, g.stack = fmt.Errorf("panic: %q", fmt.Sprint(r)), debug.Stack()
		go g.quit()
	}
}
