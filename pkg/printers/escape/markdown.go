package escape

import (
	"fmt"
	"strings"
)

// Markdown makes text harmless: a character that could begin markup, or end the cell of a table, is written as a character
// reference, so that every renderer shows it and none obeys it. That of a URL keeps it from becoming a link, and @ from
// a mention.
func Markdown(s string) string {
	s = Line(s)
	var out strings.Builder
	for i, r := range s {
		if isMarkup(s, i, r) {
			fmt.Fprintf(&out, "&#%d;", r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// isMarkup reports whether the character at i of s could be more than text where it is.
func isMarkup(s string, i int, r rune) bool {
	switch r {
	case ':':
		return i == 0 || strings.HasPrefix(s[i+1:], "//")
	case '.':
		return strings.Trim(s[:i], "0123456789") == "" || strings.EqualFold(s[max(0, i-3):i], "www")
	case '-':
		return i == 0
	}
	return strings.ContainsRune("\\`*_{}[]<>#+|~!&@$=", r)
}
