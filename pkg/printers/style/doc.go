// Package style is how values read wherever they are printed: the mark, word and colour of a state, names of objects, revisions, ages,
// tables, and lines of the width of a terminal.
package style
