package viewer

import (
	"context"
	"fmt"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
)

// redraw is how often the times on the screen move on.
const redraw = 200 * time.Millisecond

// Actions carry out the Commands of keys.
type Actions struct {
	Quit      func()
	Interrupt func()
	Open      func(url string) error
	// Reconcile reports its lines, and returns its result.
	Reconcile func(report func(line string)) string
	// Time is the cluster's time for one of this machine's.
	Time func(time.Time) time.Time
}

// Screen shows a Model on a page of its own (the alternate screen of the terminal) and reads keys.
type Screen struct {
	program tui.Program
	ended   chan struct{}
	err     error
	detach  func() bool
}

// Start shows the Model until End, or until ctx ends.
func Start(ctx context.Context, w iostreams.IOStreams, out io.Writer, m Model, do Actions) *Screen {
	s := &Screen{ended: make(chan struct{})}
	model := &screen{Model: m, do: do, send: func(message tea.Msg) { s.program.Send(message) }}
	s.program = tui.NewProgram(model, w.Err, tui.ProgramOptions(w, out)...)
	go func() {
		defer close(s.ended)
		if _, err := s.program.Run(); err != nil {
			s.err = fmt.Errorf("cannot show the trace: %w", err)
			do.Quit() // nothing shows that it still runs
		}
	}()
	// Whatever else takes longer to end, the terminal is restored at once.
	s.detach = context.AfterFunc(ctx, s.program.Quit)
	w.Terminal.OnRestore(func() { _ = s.End() })
	return s
}

// Show shows the newest trace.
func (s *Screen) Show(u Update) { s.program.Send(u) }

// End restores the terminal.
func (s *Screen) End() error {
	s.detach()
	s.program.Quit()
	<-s.ended
	return s.err
}

// screen is the Model as bubbletea sees it.
type screen struct {
	Model
	do   Actions
	send func(tea.Msg)
}

type (
	moved      time.Time
	reported   string
	reconciled string
	notified   string
	notOpened  string
)

func tick() tea.Cmd { return tea.Tick(redraw, func(t time.Time) tea.Msg { return moved(t) }) }

func (s *screen) Init() tea.Cmd { return tick() }

func (s *screen) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch m := message.(type) {
	case Update:
		s.Model = s.At(s.do.Time(time.Now())).Updated(m)
	case moved:
		s.Model = s.At(s.do.Time(time.Time(m)))
		return s, tick()
	case tea.WindowSizeMsg:
		s.Model = s.Resized(m.Width, m.Height)
	case tea.KeyPressMsg:
		next, command := s.Press(m.String())
		s.Model = next
		return s, s.carryOut(command)
	case reported:
		s.Model = s.Reported(string(m))
	case reconciled:
		s.Model = s.Reconciled(string(m))
	case notified:
		s.Model = s.Notified(string(m))
	case notOpened:
		s.Model = s.NotOpened(string(m))
	}
	return s, nil
}

func (s *screen) carryOut(c Command) tea.Cmd {
	switch c.Action {
	case None:
	case Quit:
		s.do.Quit()
	case Interrupt:
		s.do.Interrupt()
	case Copy:
		return tea.SetClipboard(c.Text) // OSC 52
	case Open:
		return func() tea.Msg {
			if err := s.do.Open(c.Text); err != nil {
				return notOpened(err.Error())
			}
			return notified("opened " + c.Text)
		}
	case Reconcile:
		return func() tea.Msg {
			return reconciled(s.do.Reconcile(func(line string) { s.send(reported(line)) }))
		}
	}
	return nil
}

func (s *screen) View() tea.View {
	view := tea.NewView(s.Draw())
	view.AltScreen = true
	return view
}
