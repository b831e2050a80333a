// Package docs_test holds the documentation to the words of Kubernetes, Flux and OpenChoreo.
package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// privateWords are words that a user of kubectl and flux does not know in this sense, each with the word to use.
func privateWords() map[string]string {
	return map[string]string{
		`nobody|whoever|whatever`:        "name the person or thing",
		`by (?:it|them)selves|by itself`: "automatically, without action",
		`heal(?:s|ed|ing)?`:              "recover",
		`mend(?:s|ed|ing)?`:              "fix",
		`cure(?:s|d)?`:                   "fix",
		`w[ao]kes?|woken|woke`:           "trigger, re-trigger",
		`crews?`:                         "batch",
		`bells?`:                         "channel, notification",
		`for good`:                       "permanently",
		`anew`:                           "again, recreated",
		`asks? again|look(?:s|ed)? again|come(?:s)? round`: "retry, poll",
		`is not there|are not there`:                       "does not exist, is missing",
		`tells?|told`:                                      "report, print",
		`in the way`:                                       "blocker",
		`set(?:s)? right`:                                  "fix",
		`of yesterday|left behind`:                         "stale, out of date",
	}
}

// texts are the documents that people read, but for those that are generated from the program.
func texts(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "../README.md", "../CONTRIBUTING.md", "../SECURITY.md", "../CHANGELOG.md", "../ARCHITECTURE.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("find %s: %v, %v", pattern, found, err)
		}
		all = append(all, found...)
	}
	return all
}

// code is not prose: outputs, commands, the names of fields.
var code = regexp.MustCompile("(?s)```.*?```|(?m)^    .*$|`[^`]*`")

// TestWords: the documents use the words of the field. What the program prints is not looked at here.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, path := range texts(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range privateIn(string(text)) {
			t.Errorf("%s: %s", path, fault)
		}
	}
}

func privateIn(text string) []string {
	prose := code.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) })
	var faults []string
	for words, better := range privateWords() {
		pattern := regexp.MustCompile(`(?i)\b(?:` + words + `)\b`)
		for n, line := range strings.Split(prose, "\n") {
			if found := pattern.FindString(line); found != "" {
				faults = append(faults, fmt.Sprintf("line %d: %q is not a word of the field; rather: %s", n+1, found, better))
			}
		}
	}
	return faults
}

func TestPrivateWordsAreFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"Nobody is woken.": 2, "It heals by itself.": 2, "Run `kubectl choreo reconcile`.": 0, "`woken` is a field.": 0,
		"```\nnobody\n```\n": 0, "A pod recovers.": 0, "Look again\nat it.": 1,
	} {
		if got := privateIn(text); len(got) != want {
			t.Errorf("%q: %q, want %d", text, got, want)
		}
	}
}
