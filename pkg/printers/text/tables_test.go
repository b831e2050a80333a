package text

import (
	"io"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestTablesEndWithTheirText: blanks at the end of a line would be broken into lines of their own by a narrow terminal.
func TestTablesEndWithTheirText(t *testing.T) {
	t.Parallel()
	var times strings.Builder
	if err := steps.WriteTimes((style.Options{}), &times, printerstest.Now, []steps.Timed{{}}); err != nil {
		t.Fatal(err)
	}
	wide := printerstest.Written(t, func(w io.Writer) error { return WriteWide(w, printerstest.FailedPull(), style.Options{}) })
	for name, text := range map[string]string{"wide": wide, "times": times.String()} {
		for line := range strings.Lines(text) {
			if line = strings.TrimSuffix(line, "\n"); line != strings.TrimRight(line, " ") {
				t.Errorf("%s: %q ends with blanks", name, line)
			}
		}
	}
}
