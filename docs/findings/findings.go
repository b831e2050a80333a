// Package findings holds the page of every finding code: its meaning, its causes and its fix. The same files are read in the
// repository and shown by the explain command.
package findings

import (
	"embed"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// A code ends in a small letter, README does not.
//
//go:embed *[a-z].md
var pages embed.FS

// AnyRung takes the place of a rung, for codes that every rung may have.
const AnyRung = "any"

// Entry is a code in a list.
type Entry struct {
	Code string
	Rung string // an id of the ladder, or AnyRung
	Text string // the first sentence of its page
}

// Rungs are the values that an Entry's Rung may have, in the order of lists.
func Rungs() []string {
	all := []string{AnyRung}
	for _, id := range trace.Rungs() {
		all = append(all, string(id))
	}
	return all
}

// Renamed are the codes that had another name before, by that name.
func Renamed() map[string]string {
	return map[string]string{"KustomizationStuck": string(trace.CodeDeliveryStuck)}
}

// Page is the text of a code's page, in Markdown.
func Page(code string) (string, bool) {
	text, err := pages.ReadFile(code + ".md")
	return string(text), err == nil
}

// Codes are all codes that have a page, by name.
func Codes() []string {
	files, err := pages.ReadDir(".")
	if err != nil {
		return nil // the embedded folder cannot be missing
	}
	codes := make([]string, 0, len(files))
	for _, f := range files {
		codes = append(codes, strings.TrimSuffix(f.Name(), ".md"))
	}
	return codes
}

// Lookup is what lists say of a code; false where it has no page.
func Lookup(code string) (Entry, bool) {
	_, ok := Page(code)
	return entry(code), ok
}

// Entries are all codes down the ladder, those of one rung by name.
func Entries() []Entry {
	var entries []Entry
	for _, code := range Codes() {
		entries = append(entries, entry(code))
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return slices.Index(Rungs(), a.Rung) - slices.Index(Rungs(), b.Rung) })
	return entries
}

// entry reads the head of a page: after the title a sentence, then "Rung: `id`.".
func entry(code string) Entry {
	page, _ := Page(code)
	_, body, _ := strings.Cut(page, "\n\n")
	head, _, _ := strings.Cut(body, "\n\n")
	text, rung, _ := strings.Cut(strings.Join(strings.Fields(head), " "), " Rung: `")
	rung, _, _ = strings.Cut(rung, "`")
	return Entry{Code: code, Rung: rung, Text: text}
}
