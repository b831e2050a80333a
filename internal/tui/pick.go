package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// ErrNotPicked means that the user left a list without a choice.
var ErrNotPicked = errors.New("nothing selected")

// CanPick reports whether a list can be shown and answered: the input and the standard error are terminals, and the terminal can
// draw.
func CanPick(w iostreams.IOStreams) bool {
	_, asks := size(w.Err)
	_, answers := size(w.In)
	return asks && answers && w.Interrupt != nil && w.Getenv("TERM") != "dumb" && !w.LogsRequests()
}

// Pick shows names on the standard error, so that the output stays clean, and returns the index of the one that the user chooses.
func Pick(ctx context.Context, w iostreams.IOStreams, title string, names []string) (int, error) {
	look := Terminal(iostreams.IOStreams{Args: w.Args, Out: w.Err, Getenv: w.Getenv}, "auto")
	program := NewProgram(newPicking(look, title, names), w.Err, tea.WithInput(w.In), tea.WithOutput(w.Err), tea.WithoutSignalHandler())
	defer context.AfterFunc(ctx, program.Quit)()
	ended := make(chan struct{})
	w.Terminal.OnRestore(func() {
		program.Quit()
		<-ended
	})
	model, err := program.Run()
	close(ended)
	end, ok := model.(picking)
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case err != nil:
		return 0, fmt.Errorf("cannot show the list: %w", err)
	case ok && end.interrupted:
		w.Interrupt()
		return 0, ErrNotPicked
	case !ok || end.picked < 0:
		return 0, ErrNotPicked
	}
	return end.picked, nil
}

// picking is a list under way.
type picking struct {
	look  printers.Options
	title string
	names []string

	typed       string
	matching    []int // indexes of names
	at, height  int
	picked      int // -1: none
	interrupted bool
	ended       bool
}

func newPicking(look printers.Options, title string, names []string) picking {
	p := picking{look: look, title: title, names: names, picked: -1}
	return p.filtered("")
}

// filtered keeps the names that contain what was typed.
func (p picking) filtered(typed string) picking {
	p.typed, p.matching, p.at = typed, nil, 0
	for i, name := range p.names {
		if strings.Contains(strings.ToLower(name), strings.ToLower(typed)) {
			p.matching = append(p.matching, i)
		}
	}
	return p
}

func (p picking) Init() tea.Cmd { return nil }

func (p picking) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch m := message.(type) {
	case tea.WindowSizeMsg:
		p.look.Width, p.height = m.Width, m.Height
	case tea.KeyPressMsg:
		return p.press(m)
	}
	return p, nil
}

func (p picking) press(key tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	last := len(p.matching) - 1
	switch key.String() {
	case "ctrl+c":
		p.ended, p.interrupted = true, true
		return p, tea.Quit
	case "esc":
		p.ended = true
		return p, tea.Quit
	case "enter":
		if last < 0 {
			return p, nil
		}
		p.ended, p.picked = true, p.matching[p.at]
		return p, tea.Quit
	case "up", "ctrl+p":
		p.at = max(p.at-1, 0)
	case "down", "ctrl+n":
		p.at = max(min(p.at+1, last), 0)
	case "backspace":
		if p.typed != "" {
			runes := []rune(p.typed)
			p = p.filtered(string(runes[:len(runes)-1]))
		}
	default:
		if key.Text != "" {
			p = p.filtered(p.typed + key.Text)
		}
	}
	return p, nil
}

// maxShown is how many names are shown at once.
const maxShown = 15

// View is empty at the end: the list is erased.
func (p picking) View() tea.View {
	if p.ended {
		return tea.NewView("")
	}
	shown := maxShown
	if p.height > 0 {
		shown = max(min(shown, p.height-4), 1)
	}
	from := max(min(p.at-shown/2, len(p.matching)-shown), 0)
	lines := []string{p.look.Paint("1", p.title) + ": " + printers.Escape(p.typed)}
	for i, index := range p.matching[from:min(from+shown, len(p.matching))] {
		line := "  " + p.look.Truncate(printers.Escape(p.names[index]), 2)
		if from+i == p.at {
			line = p.look.Paint("1;36", "> "+p.look.Truncate(printers.Escape(p.names[index]), 2))
		}
		lines = append(lines, line)
	}
	help := fmt.Sprintf("%d of %d; type to filter, up and down to move, Enter to select, Esc to cancel", len(p.matching), len(p.names))
	return tea.NewView(strings.Join(slices.Concat(lines, []string{p.look.Paint("2", p.look.Truncate(help, 0))}), "\n") + "\n")
}
