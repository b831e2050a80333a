package tui

import (
	"bytes"
	"io"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// brokenView is a model that cannot be drawn.
type brokenView struct{ tea.Model }

func (brokenView) Init() tea.Cmd  { return nil }
func (brokenView) View() tea.View { panic("a \x1b[2Jdefect") }

// TestAPanicWhileDrawing ends the program, although no message follows that the model would have to answer.
func TestAPanicWhileDrawing(t *testing.T) {
	t.Parallel()
	var stack bytes.Buffer
	_, err := NewProgram(brokenView{}, &stack, tea.WithOutput(io.Discard), tea.WithInput(nil), tea.WithoutSignalHandler()).Run()
	if want := `panic: "a \x1b[2Jdefect"`; err == nil || err.Error() != want {
		t.Errorf("it ended with %v, want %s", err, want)
	}
	if !strings.Contains(stack.String(), "tui.brokenView.View") || strings.Contains(stack.String(), "\x1b") {
		t.Errorf("the stack is\n%q", &stack)
	}
}
