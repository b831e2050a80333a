package escape

import (
	"testing"
)

// TestEscape: what is one line stays as it is, of several the others are indented, and none commands anything.
func TestEscape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"open case.yaml: no such file":                   "open case.yaml: no such file",
		"there is no a\nthere is no b":                   "there is no a\n  there is no b",
		"unknown command\n\nDid you mean this?\n\ttrace": "unknown command\n  Did you mean this?\n  trace",
		"over\rwritten \x1b[2J\x00":                      `over written \x1b[2J\x00`,
		"::error::a\n  ::error::b\n##[error]c":           `\x3a:error::a` + "\n  " + `\x3a:error::b` + "\n  " + `\x23#[error]c`,
		"":                                               "",
	} {
		if got := Message(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
