package tui

import (
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// redraw is how often the times on the screen move on.
const redraw = 200 * time.Millisecond

// Picture is what is drawn on a terminal of that look and height, at that time.
type Picture func(look printers.Options, height int, now time.Time) string

// Stage is how pictures are drawn.
type Stage struct {
	Look  printers.Options
	Erase bool                      // the last picture is erased in the end
	Time  func(time.Time) time.Time // the cluster's time for one of this machine's; nil: the same
	Quit  func()                    // ends what is shown, for the key q; nil: the key does nothing
}

func (s Stage) at(t time.Time) time.Time {
	if s.Time == nil {
		return t
	}
	return s.Time(t)
}

// Screen draws pictures over each other, in place. Where it can, it reads the keyboard, so that nothing that is typed spoils them.
type Screen struct {
	program Program
	done    chan struct{}
	erase   bool
}

// HasKeyboard reports whether keys can be read.
func HasKeyboard(w iostreams.IOStreams) bool {
	_, isTerminal := size(w.In)
	return isTerminal && w.Interrupt != nil
}

// ProgramOptions make bubbletea draw on out, and read the keyboard where there is one. Signals are for the program's main function.
func ProgramOptions(w iostreams.IOStreams, out io.Writer) []tea.ProgramOption {
	options := []tea.ProgramOption{tea.WithOutput(out), tea.WithInput(nil), tea.WithoutSignalHandler()}
	if HasKeyboard(w) {
		options[1] = tea.WithInput(w.In)
	}
	return options
}

// NewScreen begins to draw on a terminal, until End.
func NewScreen(w iostreams.IOStreams, out io.Writer, on Stage) *Screen {
	s := &Screen{done: make(chan struct{}), erase: on.Erase}
	s.program = NewProgram(drawing{Stage: on, interrupt: w.Interrupt}, w.Err, ProgramOptions(w, out)...)
	go func() {
		defer close(s.done)
		_, _ = s.program.Run() // what cannot be drawn is printed at the end all the same
	}()
	w.Terminal.OnRestore(s.End)
	return s
}

// Show draws a picture over the one before.
func (s *Screen) Show(p Picture) { s.program.Send(p) }

// End gives the terminal back as it was.
func (s *Screen) End() {
	if s.erase {
		s.program.Send(Picture(func(printers.Options, int, time.Time) string { return "" }))
	}
	s.program.Quit()
	<-s.done
}

// drawing is the state of the screen.
type drawing struct {
	Stage
	interrupt func()

	picture Picture // nil before the first
	height  int
	now     time.Time
}

type moved time.Time

func tock() tea.Cmd { return tea.Tick(redraw, func(t time.Time) tea.Msg { return moved(t) }) }

func (d drawing) Init() tea.Cmd { return tock() }

func (d drawing) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch m := message.(type) {
	case Picture:
		d.picture, d.now = m, d.at(time.Now())
	case moved:
		d.now = d.at(time.Time(m))
		return d, tock()
	case tea.KeyPressMsg:
		switch key := m.String(); {
		case key == "ctrl+c":
			d.interrupt()
		case key == "q" && d.Quit != nil:
			d.Quit()
		}
	case tea.WindowSizeMsg:
		d.Look.Width, d.height = m.Width, m.Height
	}
	return d, nil
}

func (d drawing) View() tea.View {
	frame := ""
	if d.picture != nil {
		frame = d.picture(d.Look, d.height, d.now)
	}
	if frame != "" {
		frame += "\n"
	}
	return tea.NewView(frame)
}
