package cli

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// redraw is how often the times on the screen move on.
const redraw = 200 * time.Millisecond

// screen draws the steps in place. Where it can, it reads the keyboard, so that nothing that is typed spoils the picture.
type screen struct {
	program *tea.Program
	done    chan struct{}
}

func newScreen(w World, look printers.Options) *screen {
	options := []tea.ProgramOption{tea.WithOutput(w.Err), tea.WithInput(nil), tea.WithoutSignalHandler()}
	if _, isTerminal := size(w.In); isTerminal && w.Interrupt != nil {
		options[1] = tea.WithInput(w.In)
	}
	s := &screen{program: tea.NewProgram(drawing{look: look, interrupt: w.Interrupt}, options...), done: make(chan struct{})}
	go func() {
		defer close(s.done)
		_, _ = s.program.Run() // what cannot be drawn is told at the end all the same
	}()
	return s
}

func (s *screen) show(steps []printers.Step) { s.program.Send(steps) }

// end leaves the last picture on the terminal.
func (s *screen) end() {
	s.program.Quit()
	<-s.done
}

// drawing is the state of the screen.
type drawing struct {
	look      printers.Options
	interrupt func()

	steps []printers.Step
	now   time.Time
}

type moved time.Time

func tock() tea.Cmd { return tea.Tick(redraw, func(t time.Time) tea.Msg { return moved(t) }) }

func (d drawing) Init() tea.Cmd { return tock() }

func (d drawing) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch m := message.(type) {
	case []printers.Step:
		d.steps, d.now = m, time.Now()
	case moved:
		d.now = time.Time(m)
		return d, tock()
	case tea.KeyPressMsg:
		if m.String() == "ctrl+c" {
			d.interrupt()
		}
	case tea.WindowSizeMsg:
		d.look.Width = m.Width
	}
	return d, nil
}

func (d drawing) View() tea.View {
	frame := d.look.Frame(d.steps, d.now)
	if frame != "" {
		frame += "\n"
	}
	return tea.NewView(frame)
}
