package tui

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

func TestTerminal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		environment map[string]string
		color       string
		wantColor   bool
		wantASCII   bool
		wantColumns int
	}{
		"Pipe":            {nil, "auto", false, false, 0},
		"Always":          {map[string]string{"NO_COLOR": "1"}, "always", true, false, 0},
		"Never":           {nil, "never", false, false, 0},
		"Columns":         {map[string]string{"COLUMNS": "100"}, "auto", false, false, 100},
		"BadColumns":      {map[string]string{"COLUMNS": "wide"}, "auto", false, false, 0},
		"Latin":           {map[string]string{"LANG": "de_DE.ISO-8859-1"}, "auto", false, true, 0},
		"LocaleOverrides": {map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "C"}, "auto", false, true, 0},
	} {
		o := Terminal(iostreams.IOStreams{Out: &strings.Builder{}, Getenv: func(n string) string { return c.environment[n] }}, c.color)
		if o.Color != c.wantColor || o.ASCII != c.wantASCII || o.Width != c.wantColumns || o.Marks {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

// TestCanDraw: a log in a file or a pipe spoils no picture.
func TestCanDraw(t *testing.T) {
	t.Parallel()
	six := 6
	for _, verbosity := range []*int{nil, new(int), &six} {
		if w := (iostreams.IOStreams{Err: &strings.Builder{}, Verbosity: verbosity}); !CanDraw(w) || w.LogsRequests() != (verbosity == &six) {
			t.Errorf("-v %v: draws %t, logs %t", verbosity, CanDraw(w), w.LogsRequests())
		}
	}
}
