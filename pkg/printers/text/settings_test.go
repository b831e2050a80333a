package text

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestTablesEndWithTheirText: blanks at the end of a line would be broken into lines of their own by a narrow terminal.
func TestTablesEndWithTheirText(t *testing.T) {
	t.Parallel()
	var settings, times strings.Builder
	if err := WriteSettings(&settings, []Setting{{"color", "auto", "default"}, {"environment", "all", "a file"}}); err != nil {
		t.Fatal(err)
	}
	if err := steps.WriteTimes((style.Options{}), &times, printerstest.Now, []steps.Timed{{}}); err != nil {
		t.Fatal(err)
	}
	wide := printerstest.Written(t, func(w io.Writer) error { return WriteWide(w, printerstest.FailedPull(), style.Options{}) })
	for name, text := range map[string]string{"wide": wide, "settings": settings.String(), "times": times.String()} {
		for line := range strings.Lines(text) {
			if line = strings.TrimSuffix(line, "\n"); line != strings.TrimRight(line, " ") {
				t.Errorf("%s: %q ends with blanks", name, line)
			}
		}
	}
	want := "NAME         VALUE  FROM\ncolor        auto   default\nenvironment  all    a file\n"
	if diff := cmp.Diff(want, settings.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSettingsCommandNothing: a name in the settings may have come with a clone.
func TestSettingsCommandNothing(t *testing.T) {
	t.Parallel()
	const nasty = "v1\x1b[2J\rv2"
	var out strings.Builder
	if err := WriteSettings(&out, []Setting{{nasty, nasty, nasty}}); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.ContainsAny(text, "\x1b\r") || strings.Count(text, "v1") != 3 {
		t.Errorf("%q", text)
	}
}
