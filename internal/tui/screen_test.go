package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
)

// TestDrawing: pictures follow the window's size and the time. Ctrl-C interrupts; no other key does anything.
func TestDrawing(t *testing.T) {
	t.Parallel()
	interrupts := 0
	d := drawing{interrupt: func() { interrupts++ }}
	if got := d.View(); got.Content != "" || got.AltScreen {
		t.Errorf("before the first picture: %+v", got)
	}
	at := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)
	var model tea.Model = d
	for _, message := range []tea.Msg{
		Picture(func(o printers.Options, height int, now time.Time) string {
			return fmt.Sprintf("%dx%d %s", o.Width, height, now.Format(time.TimeOnly))
		}),
		tea.WindowSizeMsg{Width: 40, Height: 12},
		moved(at),
		tea.KeyPressMsg{Code: 'x', Text: "x"},
		tea.KeyPressMsg{Code: 'q', Text: "q"},
		tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl},
	} {
		model, _ = model.Update(message)
	}
	if got := model.(drawing).View().Content; got != "40x12 04:00:00\n" || interrupts != 1 {
		t.Errorf("drawn %q, interrupted %d times", got, interrupts)
	}
	inPlace, _ := drawing{}.Update(Picture(stepsPicture([]steps.Step{{State: "Done"}})))
	if got := inPlace.(drawing).View(); got.AltScreen || !strings.HasSuffix(got.Content, "\n") {
		t.Errorf("steps are drawn as %+v", got)
	}
}
