package printers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTablesEndWithTheirText: blanks at the end of a line would be broken into lines of their own by a narrow terminal.
func TestTablesEndWithTheirText(t *testing.T) {
	t.Parallel()
	var settings, times strings.Builder
	if err := Settings(&settings, []Setting{{"color", "auto", "default"}, {"environment", "all", "a file"}}); err != nil {
		t.Fatal(err)
	}
	if err := (Options{}).Times(&times, now, []Timed{{}}); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"wide": print(t, "wide", Options{}, failedPull()), "settings": settings.String(), "times": times.String()} {
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

// TestHeadOfANarrowTree: what does not fit beside it comes below.
func TestHeadOfANarrowTree(t *testing.T) {
	t.Parallel()
	tr := failedPull()
	tr.Subject.Namespace = "a-namespace-with-a-long-name"
	head := strings.Split(print(t, "tree", Options{Marks: true, Width: 80}, tr), "\n")[:3]
	want := []string{"greeter   project demo, namespace a-namespace-with-a-long-name", "  wanted main@7040926 (source)", ""}
	if diff := cmp.Diff(want, head); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
