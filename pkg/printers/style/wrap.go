package style

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Cells is the width of text on a terminal. Wide runes take two cells, combining marks none.
func Cells(s string) int { return displaywidth.String(s) }

// Wrap breaks text at spaces into lines of at most width cells. A word that is longer stays whole, because a URL or
// a command that is broken cannot be copied. A width of 0 or less never breaks.
func Wrap(s string, width int) []string {
	if width <= 0 || Cells(s) <= width {
		return []string{s}
	}
	return Fill(strings.Fields(s), width)
}

// Fill puts words on lines of at most width cells; a word may hold spaces.
func Fill(words []string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range words {
		w := Cells(word)
		switch {
		case line == "":
			line, used = word, w
		case width <= 0 || used+1+w <= width:
			line, used = line+" "+word, used+1+w
		default:
			lines = append(lines, line)
			line, used = word, w
		}
	}
	return append(lines, line)
}

// Pad fills text up to width cells.
func Pad(s string, width int) string {
	if missing := width - Cells(s); missing > 0 {
		return s + strings.Repeat(" ", missing)
	}
	return s
}

// Break cuts lines at the right edge of a full screen, which, unlike a shell, does not show what is behind it. Colours take no cells.
func (o Options) Break(lines []string) []string {
	if o.Width <= 0 {
		return lines
	}
	var broken []string
	for _, line := range lines {
		broken = append(broken, breakLine(line, o.Width)...)
	}
	return broken
}

func breakLine(line string, width int) []string {
	var lines []string
	from, at, used := 0, 0, 0
	for parts := (displaywidth.Options{ControlSequences: true}).StringGraphemes(line); parts.Next(); at += len(parts.Value()) {
		if cells := parts.Width(); used+cells <= width || at == from {
			used += cells
			continue
		}
		lines = append(lines, line[from:at])
		from, used = at, parts.Width()
	}
	return append(lines, line[from:])
}
