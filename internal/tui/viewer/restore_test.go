//go:build linux

package viewer

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui/tuitest"
)

// TestAPanicRestoresTheTerminal: the page is closed and keys are echoed again.
func TestAPanicRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	terminal := tuitest.Open(t, 80, 24)
	quit := make(chan struct{})
	broken := make(chan struct{})
	s := Start(t.Context(), terminal.Streams(func() {}, nil), terminal.Program, Model{Keyboard: true}, Actions{
		Quit: func() { close(quit) },
		Time: func(now time.Time) time.Time {
			select {
			case <-broken:
				panic("a defect")
			default:
				return now
			}
		},
	})
	s.Show(Update{Trace: printerstest.FailedPull()})
	terminal.Await(t, "? help, q quit")
	close(broken)
	<-quit
	if err := s.End(); err == nil || !strings.Contains(err.Error(), "cannot show the trace: ") {
		t.Errorf("it ended with %v", err)
	}
	terminal.CheckRestored(t)
}
