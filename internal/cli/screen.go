package cli

import (
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// redraw is how often the times on the screen move on.
const redraw = 200 * time.Millisecond

// picture is what is drawn on a terminal of that look and height, at that time.
type picture func(look printers.Options, height int, now time.Time) string

// stage is how pictures are drawn.
type stage struct {
	look printers.Options
	page bool                      // on a page of its own, which is closed in the end; else in place, where the last picture stays
	keys map[string]func()         // what a key does
	time func(time.Time) time.Time // the cluster's time for one of this machine's; nil: the same
}

func (s stage) at(t time.Time) time.Time {
	if s.time == nil {
		return t
	}
	return s.time(t)
}

// screen draws pictures over each other. Where it can, it reads the keyboard, so that nothing that is typed spoils them.
type screen struct {
	program  *tea.Program
	done     chan struct{}
	keyboard bool
}

func newScreen(w World, out io.Writer, on stage) *screen {
	s := &screen{done: make(chan struct{})}
	options := []tea.ProgramOption{tea.WithOutput(out), tea.WithInput(nil), tea.WithoutSignalHandler()}
	if _, isTerminal := size(w.In); isTerminal && w.Interrupt != nil {
		options[1], s.keyboard = tea.WithInput(w.In), true
	}
	s.program = tea.NewProgram(drawing{stage: on, interrupt: w.Interrupt}, options...)
	go func() {
		defer close(s.done)
		_, _ = s.program.Run() // what cannot be drawn is told at the end all the same
	}()
	return s
}

func (s *screen) show(p picture) { s.program.Send(p) }

// end gives the terminal back as it was.
func (s *screen) end() {
	s.program.Quit()
	<-s.done
}

// drawing is the state of the screen.
type drawing struct {
	stage
	interrupt func()

	picture picture // nil before the first
	height  int
	now     time.Time
}

type moved time.Time

func tock() tea.Cmd { return tea.Tick(redraw, func(t time.Time) tea.Msg { return moved(t) }) }

func (d drawing) Init() tea.Cmd { return tock() }

func (d drawing) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch m := message.(type) {
	case picture:
		d.picture, d.now = m, d.at(time.Now())
	case moved:
		d.now = d.at(time.Time(m))
		return d, tock()
	case tea.KeyPressMsg:
		d.press(m.String())
	case tea.WindowSizeMsg:
		d.look.Width, d.height = m.Width, m.Height
	}
	return d, nil
}

func (d drawing) press(key string) {
	if key == "ctrl+c" {
		d.interrupt()
	}
	if do := d.keys[key]; do != nil {
		do()
	}
}

func (d drawing) View() tea.View {
	frame := ""
	if d.picture != nil {
		frame = d.picture(d.look, d.height, d.now)
	}
	if frame != "" && !d.page {
		frame += "\n"
	}
	view := tea.NewView(frame)
	view.AltScreen = d.page
	return view
}
