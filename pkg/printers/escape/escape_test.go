package escape

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMessage: what is one line stays as it is, of several the others are indented, and none commands anything.
func TestMessage(t *testing.T) {
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

// TestLineAndRunes: both show what could command a terminal; only a line folds white space.
func TestLineAndRunes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, line, runes string }{
		"Plain":          {"a b", "a b", "a b"},
		"WhiteSpace":     {"  a\t\r\n b\u00a0c ", "a b c", `  a\x09\x0d\x0a b` + "\u00a0c "},
		"NextLine":       {"a\u0085b", "a b", `a\x85b`},
		"Separators":     {"a\u2028b\u2029c", "a b c", `a\u2028b\u2029c`},
		"Escape":         {"\x1b[31m", `\x1b[31m`, `\x1b[31m`},
		"Delete":         {"a\x7f", `a\x7f`, `a\x7f`},
		"SoftHyphen":     {"a\u00adb", `a\xadb`, `a\xadb`},
		"TurnsText":      {"\u202eabc\u2066", `\u202eabc\u2066`, `\u202eabc\u2066`},
		"ByteOrderMark":  {"\ufeffa", `\ufeffa`, `\ufeffa`},
		"PrivateUse":     {"\ue000", `\ue000`, `\ue000`},
		"Tag":            {"\U000e0041", `\ue0041`, `\ue0041`},
		"InvalidUTF8":    {"a\xffb", `a\xffb`, `a\xffb`},
		"Replacement":    {"a\ufffdb", "a\ufffdb", "a\ufffdb"},
		"Joiners":        {"می\u200cروم 👩\u200d💻", "می\u200cروم 👩\u200d💻", "می\u200cروم 👩\u200d💻"},
		"OlderCommand":   {"a ##[group]b", `a \x23#[group]b`, `a \x23#[group]b`},
		"NearlyACommand": {"#[a] ## [b]", "#[a] ## [b]", "#[a] ## [b]"},
	} {
		if diff := cmp.Diff([]string{c.line, c.runes}, []string{Line(c.text), Runes(c.text)}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"\n a \n\n\tb\x1b\n \n": {"a", `b\x1b`},
		"one":                   {"one"},
		" \n ":                  nil,
	} {
		if diff := cmp.Diff(want, Lines(text)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", text, diff)
		}
	}
}

func TestWorkflowCommand(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"::error::x":    `\x3a:error::x`,
		" \t::error::x": " \t" + `\x3a:error::x`,
		"a ::error::x":  "a ::error::x",
		": a":           ": a",
		"":              "",
	} {
		if got := WorkflowCommand(line); got != want {
			t.Errorf("%q became %q, want %q", line, got, want)
		}
	}
}

func TestPreformatted(t *testing.T) {
	t.Parallel()
	text := "a:\r\n\tb: 1\n  - c\x1b[2J\n\n::set-output::x\n##[error]y\n\n"
	want := "a:\n    b: 1\n  - c" + `\x1b[2J` + "\n\n" + `\x3a:set-output::x` + "\n" + `\x23#[error]y`
	if diff := cmp.Diff(want, Preformatted(text)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGitHub(t *testing.T) {
	t.Parallel()
	const text = "50%, a:b\r\nc"
	if got, want := GitHubData(text), "50%25, a:b%0D%0Ac"; got != want {
		t.Errorf("data %q, want %q", got, want)
	}
	if got, want := GitHubProperty(text), "50%25%2C a%3Ab%0D%0Ac"; got != want {
		t.Errorf("property %q, want %q", got, want)
	}
}
