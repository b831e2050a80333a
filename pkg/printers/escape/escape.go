package escape

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// isInvisible reports whether a character can move the cursor, turn the direction of text or hide in it: controls, line
// separators, and format characters. The two joiners stay: Persian and Indic scripts and emoji need them.
func isInvisible(r rune) bool {
	switch {
	case r < unicode.MaxASCII: // most of them
		return r < ' '
	case r == '\u200c', r == '\u200d':
		return false
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
}

func surrogates(r rune) (high, low rune) { return utf16.EncodeRune(r) }

// Line makes one line of text from a cluster harmless: what could command a terminal is shown as an escape.
// White space of any kind becomes one space.
func Line(s string) string {
	return Runes(strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " "))
}

// Runes shows what could command a terminal as an escape, and keeps spaces as they are.
func Runes(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&out, `\x%02x`, s[i])
		case r < 0x100 && isInvisible(r):
			fmt.Fprintf(&out, `\x%02x`, r)
		case isInvisible(r):
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
		i += size
	}
	return strings.ReplaceAll(out.String(), runnerPrefix, `\x23#[`)
}

// WorkflowCommand keeps a line from being a command to GitHub's runner, which looks for them at the beginning of all lines that a step
// prints (actions/runner src/Runner.Common/ActionCommand.cs).
func WorkflowCommand(line string) string {
	if rest := strings.TrimLeftFunc(line, unicode.IsSpace); strings.HasPrefix(rest, "::") {
		return line[:len(line)-len(rest)] + `\x3a` + rest[1:]
	}
	return line
}

// runnerPrefix begins a command of their older form, anywhere in a line.
const runnerPrefix = "##["

// Lines escapes text of several lines, which stay lines.
func Lines(s string) []string {
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(s), "\n") {
		if escaped := Line(line); escaped != "" {
			lines = append(lines, escaped)
		}
	}
	return lines
}

// Message makes what is said on the way harmless, such as an error, which may carry the words of an API server or of a file. Its
// lines stay lines; all but the first are indented, so that none of them looks like one of ours.
func Message(text string) string {
	lines := Lines(text)
	for i := range lines {
		lines[i] = WorkflowCommand(lines[i])
	}
	return strings.Join(lines, "\n  ")
}

// Preformatted escapes text whose lines and indents matter: a log, or YAML.
func Preformatted(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = WorkflowCommand(Runes(strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\t", "    ")))
	}
	return strings.Join(lines, "\n")
}

// credentials are the text before the host of a URL: a user, a password, a token.
var credentials = regexp.MustCompile(`(://)[^/?#\s'"]*@`)

// Writer escapes the entries of a log, each written at once, and masks the credentials in their URLs, which client-go does not. Their lines
// and indents stay.
type Writer struct{ Out io.Writer }

func (w Writer) Write(entry []byte) (int, error) {
	if _, err := io.WriteString(w.Out, Preformatted(credentials.ReplaceAllString(string(entry), "$1<masked>@"))+"\n"); err != nil {
		return 0, fmt.Errorf("write: %w", err)
	}
	return len(entry), nil
}
