package viewer

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// TestAPanicEndsTheWatch: a screen that can draw no longer restores the terminal, and is no watch without a screen.
func TestAPanicEndsTheWatch(t *testing.T) {
	t.Parallel()
	quit := make(chan struct{})
	var stack bytes.Buffer
	s := Start(t.Context(), iostreams.IOStreams{Err: &stack}, io.Discard, Model{}, Actions{
		Quit: func() { close(quit) }, Time: func(time.Time) time.Time { panic("a defect") },
	})
	s.Show(Update{})
	<-quit
	if err := s.End(); err == nil || !strings.Contains(err.Error(), "cannot show the trace: ") {
		t.Errorf("it ended with %v", err)
	}
	for _, want := range []string{"a defect", "viewer.(*screen).Update"} {
		if !strings.Contains(stack.String(), want) {
			t.Errorf("%q is missing from the stack:\n%s", want, &stack)
		}
	}
}

// TestTheContextEndsTheScreen, even if nothing calls End.
func TestTheContextEndsTheScreen(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := Start(ctx, iostreams.IOStreams{}, io.Discard, Model{}, Actions{Time: func(now time.Time) time.Time { return now }})
	cancel()
	<-s.ended
	if err := s.End(); err != nil {
		t.Error(err)
	}
}
