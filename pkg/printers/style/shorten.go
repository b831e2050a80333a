package style

import (
	"regexp"
	"strings"
)

// maxValue is how many bytes of a value people read within a message. An API server prints the whole field that it rejects, and that of
// a Job's template has thousands.
const maxValue = 160

// maxOpen is how many values without an end are checked: a hostile text may begin any number of them.
const maxOpen = 20

// beginOfValue matches the first bytes of an object or a list of objects in JSON. What else is in brackets may be the cause.
var beginOfValue = regexp.MustCompile(`\[?\{"`)

// Shorten writes {…} or […] for each long object in a message. Only documents of data have the whole message.
func Shorten(message string) string {
	var out strings.Builder
	for open := 0; open < maxOpen; {
		at := beginOfValue.FindStringIndex(message)
		if at == nil {
			break
		}
		begin := at[0]
		end := endOfValue(message[begin:])
		if end == 1 {
			open++
		}
		out.WriteString(message[:begin])
		if end > maxValue {
			out.WriteString(message[begin:begin+1] + "…" + message[begin+end-1:begin+end])
		} else {
			out.WriteString(message[begin : begin+end])
		}
		message = message[begin+end:]
	}
	out.WriteString(message)
	return out.String()
}

// endOfValue returns the length of the value at the beginning of a text; 1 if it does not end.
func endOfValue(text string) int {
	depth, isQuoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case isQuoted && c == '\\':
			i++
		case c == '"':
			isQuoted = !isQuoted
		case isQuoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 1
}
