package tui

import (
	"bytes"
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
		time.Sleep(time.Minute)
		end()
		if out.Len() > 0 {
			t.Errorf("it printed %q", out.String())
		}
	})
}
