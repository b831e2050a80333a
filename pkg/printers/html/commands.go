package html

import (
	"cmp"
	"strings"
	"unicode/utf8"
)

// htmlCommands are commands of one role, each in a block of its own.
type htmlCommands struct {
	Heading string
	Lines   []string
}

// commandsHeading is the line before commands. role is who can run them, "" for an application developer.
func commandsHeading(i int, role string) string {
	switch {
	case i > 0:
		role = cmp.Or(role, "as application developer:")
		return strings.ToUpper(role[:1]) + role[1:]
	case role == "":
		return "Next:"
	}
	return "Next, " + role
}

// htmlWord is a word of a command.
type htmlWord struct {
	Text    string
	IsWhole bool // it is not broken at the end of a line
}

// maxWhole is how many characters fit on the narrowest screen.
const maxWhole = 24

// words splits a command at its spaces. Browsers break lines behind every hyphen, which would leave "-" at the end of one line and "-wait"
// at the start of the next.
func words(command string) []htmlWord {
	var all []htmlWord
	for word := range strings.SplitSeq(command, " ") {
		all = append(all, htmlWord{word, strings.Contains(word, "-") && utf8.RuneCountInString(word) <= maxWhole})
	}
	return all
}
