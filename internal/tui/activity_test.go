package tui

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// TestActivityInAPipe: a log is no place for a line that is drawn over.
func TestActivityInAPipe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		end := ShowActivity(t.Context(), iostreams.IOStreams{Err: &out, Getenv: func(string) string { return "" }}, "Checking")
		wait, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		<-wait.Done()
		end()
		if out.Len() > 0 {
			t.Errorf("it printed %q", out.String())
		}
	})
}
