package printers

import "strings"

// dotText makes text harmless within the quotes of a label: a quote would end it, a backslash stands for something of the
// graph, and an ampersand begins a character reference (Graphviz, escString and character encodings).
func dotText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;").Replace(s)
}
