package nextsteps

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
)

func withFlag(line, format, value string) string {
	return strings.TrimSpace(line + " " + command.Format(format, value))
}

// withoutNamespace leaves the namespace out of a command about one object of the cluster.
func withoutNamespace(words []string) []string {
	if !slices.Contains(words, "NAME") {
		return words
	}
	return withoutFlag(words, "-n", "OBJECT_NAMESPACE")
}

func withoutFlag(words []string, flag, value string) []string {
	i := slices.Index(words, value)
	if i < 1 || words[i-1] != flag {
		return words
	}
	return slices.Concat(words[:i-1], words[i+1:])
}
