package escape

import (
	"bytes"
	"fmt"
	"strings"
)

// Values replaces what could change a terminal's picture by its escape. YAML has none for such characters outside of
// quoted text, so here, unlike in JSON, a reader does not get the original back.
func Values(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			v[key] = Values(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = Values(inner)
		}
	case string:
		lines := strings.Split(v, "\n")
		for i, line := range lines {
			lines[i] = WorkflowCommand(Runes(line))
		}
		return strings.Join(lines, "\n")
	}
	return value
}

// JSON writes the characters that turn or hide text, or command a runner, as JSON escapes. They only occur within strings.
func JSON(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte(runnerPrefix), []byte(`\u0023#[`))
	if !bytes.ContainsFunc(text, isInvisible) {
		return text
	}
	var out bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r > 0xffff && isInvisible(r):
			high, low := surrogates(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		case r != '\n' && isInvisible(r):
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	return out.Bytes()
}
