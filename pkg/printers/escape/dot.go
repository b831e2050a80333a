package escape

import "strings"

// DOT makes text harmless within the quotes of a label: a quote would end it, a backslash represents something of the
// graph, and an ampersand begins a character reference (Graphviz, escString and character encodings).
func DOT(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;").Replace(s)
}
