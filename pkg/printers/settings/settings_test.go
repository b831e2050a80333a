package settings_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/settings"
)

// TestWrite: blanks at the end of a line would be broken into lines of their own by a narrow terminal.
func TestWrite(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := settings.Write(&out, []settings.Setting{{Name: "color", Value: "auto", From: "default"}, {Name: "environment", Value: "all", From: "a file"}}); err != nil {
		t.Fatal(err)
	}
	want := "NAME         VALUE  FROM\ncolor        auto   default\nenvironment  all    a file\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestHostile: a name in the settings may have come with a clone.
func TestHostile(t *testing.T) {
	t.Parallel()
	const nasty = "v1\x1b[2J\rv2"
	var out strings.Builder
	if err := settings.Write(&out, []settings.Setting{{Name: nasty, Value: nasty, From: nasty}}); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.ContainsAny(text, "\x1b\r") || strings.Count(text, "v1") != 3 {
		t.Errorf("%q", text)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestBrokenPipe(t *testing.T) {
	t.Parallel()
	if err := settings.Write(brokenPipe{}, nil); err == nil || !strings.Contains(err.Error(), "broken pipe") {
		t.Errorf("error %v", err)
	}
}
