package result

import (
	"fmt"
	"strings"
)

// Lower is a kind as commands name it.
func Lower(kind string) string { return strings.ToLower(kind) }

// Count is a number with its noun, in the plural where it is not one.
func Count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func format(format string, args ...any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}
