package suppress

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// checkPattern refuses patterns that select nothing.
func checkPattern(pattern string) error {
	if clean := path.Clean(pattern); pattern == "" || path.IsAbs(pattern) || clean == ".." || strings.HasPrefix(clean, "../") {
		return fmt.Errorf("%q is not a path in this repository", pattern)
	}
	return nil
}

// matches reports whether a pattern selects a file: the file itself, or a folder that contains it. A * represents any text without a
// slash, ** for any text, and ? for one character.
func matches(pattern, file string) bool {
	clean := path.Clean(pattern)
	if clean == "." {
		return true
	}
	var expression strings.Builder
	for rest := clean; rest != ""; {
		switch {
		case strings.HasPrefix(rest, "**/"):
			expression.WriteString("(.*/)?")
			rest = rest[3:]
		case strings.HasPrefix(rest, "**"):
			expression.WriteString(".*")
			rest = rest[2:]
		case rest[0] == '*':
			expression.WriteString("[^/]*")
			rest = rest[1:]
		case rest[0] == '?':
			expression.WriteString("[^/]")
			rest = rest[1:]
		default:
			expression.WriteString(regexp.QuoteMeta(rest[:1]))
			rest = rest[1:]
		}
	}
	return regexp.MustCompile("^" + expression.String() + "(/.*)?$").MatchString(file)
}
