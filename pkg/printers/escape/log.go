package escape

import "regexp"

// colours are the sequences that select the colour and the weight of text (ECMA-48, SGR).
var colours = regexp.MustCompile(`\x1b\[[0-9;:]*m`)

// Log escapes a line of a log for a terminal. Colours are removed: as escapes they would hide the text, and as colours they could.
func Log(line string) string { return Preformatted(colours.ReplaceAllString(line, "")) }
