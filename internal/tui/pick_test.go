package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

func pressed(word string) tea.KeyPressMsg {
	codes := map[string]tea.KeyPressMsg{
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape},
		"backspace": {Code: tea.KeyBackspace}, "ctrl+c": {Code: 'c', Mod: tea.ModCtrl},
	}
	if key, ok := codes[word]; ok {
		return key
	}
	return tea.KeyPressMsg{Code: rune(word[0]), Text: word}
}

// TestPicking: keys move and filter, Enter chooses, Esc and Ctrl-C leave; then nothing of the list stays on the screen.
func TestPicking(t *testing.T) {
	t.Parallel()
	names := []string{"greeter-client", "greeter-service", "session-store"}
	for keys, want := range map[string]int{
		"enter": 0, "down enter": 1, "down down down down enter": 2, "up enter": 0, "down up enter": 0,
		"s t o enter": 2, "S E R V enter": 1, "s t o backspace backspace backspace enter": 0, "x enter backspace down enter": 1,
		"esc": -1, "down ctrl+c": -1, "x enter esc": -1,
	} {
		var model tea.Model = newPicking(printers.Options{}, "Component of namespace default", names)
		for key := range strings.FieldsSeq(keys) {
			model, _ = model.Update(pressed(key))
		}
		p := model.(picking)
		if p.picked != want || !p.ended || p.View().Content != "" || p.interrupted != strings.Contains(keys, "ctrl+c") {
			t.Errorf("%s: picked %d, want %d: %+v, view %q", keys, p.picked, want, p, p.View().Content)
		}
	}
}

// TestPickingFits: the list fits the window, shows the name that is selected, and escapes all names.
func TestPickingFits(t *testing.T) {
	t.Parallel()
	names := make([]string, 100)
	for i := range names {
		names[i] = strings.Repeat("long", 30) + "\x1b[2J"
	}
	names[60] = "chosen"
	var model tea.Model = newPicking(printers.Options{ASCII: true}, "Component", names)
	model, _ = model.Update(tea.WindowSizeMsg{Width: 40, Height: 10})
	for range 60 {
		model, _ = model.Update(pressed("down"))
	}
	view := model.(picking).View().Content
	lines := strings.Split(strings.TrimSuffix(view, "\n"), "\n")
	if len(lines) > 10 || !strings.Contains(view, "> chosen") || strings.Contains(view, "\x1b[2J") {
		t.Errorf("%d lines:\n%q", len(lines), view)
	}
	for _, line := range lines {
		if len(line) > 40 {
			t.Errorf("%d cells: %q", len(line), line)
		}
	}
}
