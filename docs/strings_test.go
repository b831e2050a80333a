package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// programFolders have the strings that a user reads.
func programFolders() []string {
	return append(judgingFolders(), "../internal/cli", "../internal/tui", "../internal/watch", "../internal/reconcile", "../internal/settle", "../internal/gitrev",
		"../internal/kube", "../internal/probe", "../pkg/printers", "../pkg/verify", "../pkg/lint", "../internal/lint", "../pkg/inspect")
}

// judgingFolders have the summaries, messages and hints of findings.
func judgingFolders() []string {
	return []string{"../internal/assess", "../internal/engine", "../pkg/assess"}
}

// stringWords are the private words, and those that stand in strings alone.
func stringWords() map[string]string {
	words := privateWords()
	for word, better := range map[string]string{
		`whom|came to|comes to|come to`:                                   "affects, results in",
		`ran out|run out`:                                                 "timed out",
		`on (?:its|their) way`:                                            "progressing",
		`nothing says|says that|said that|on the word of`:                 "reports, as reported by",
		`asked|asks for|was asked`:                                        "triggered, requested",
		`does not know`:                                                   "cannot find, does not serve",
		`less than nothing|more than nothing`:                             "negative, greater than 0",
		`must be given|cannot stand here|leave .* out`:                    "required, unsupported, use without",
		`knows nothing|knows no`:                                          "does not find",
		`could not look|(?:not )?looked at|looks? (?:at|every)|next look`: "read, check, fetch",
		`hears?|heard`:                                                    "gets, reports",
		`bears?`:                                                          "has",
		`in order`:                                                        "ready",
		`tr(?:y|ies) again|tried again`:                                   "retries, retried",
		`takes? .{0,20}back|taken back|sets? it back`:                     "reverts",
		`made (?:just )?anew|makes it anew|makes? namespace`:              "recreates, creates",
		`the plane|of plane|on plane`:                                     "the data plane, data plane X",
		`present (?:revision|generation|certificate)`:                     "current",
		`calls this kind`:                                                 "reports",
		`leads in a circle`:                                               "has a cycle",
		`undoes`:                                                          "overwrites",
		`has come since`:                                                  "exists now",
		`is away|is back since`:                                           "is down, has reconnected",
		`nothing says|says anything|says nothing|says so`:                 "is unknown, reports",
		`does not end|has not ended|ended or was`:                         "does not finish, is stuck, expired",
		`goes? on|gone on`:                                                "continues",
		`pins (?:it|one|none)`:                                            "names it in spec.releaseName",
		`used up`:                                                         "exceeded",
		`seen from`:                                                       "path",
		`no right to|right that`:                                          "permission",
	} {
		words[word] = better
	}
	return words
}

// allowedStrings have a word of the list in another sense.
func allowedStrings() map[string]string {
	return map[string]string{}
}

// TestStringsOfTheProgram: what the program prints uses the words of the field, as the documents do.
func TestStringsOfTheProgram(t *testing.T) {
	t.Parallel()
	used, patterns := map[string]bool{}, map[*regexp.Regexp]string{}
	for words, better := range stringWords() {
		patterns[regexp.MustCompile(`(?i)\b(?:`+words+`)\b`)] = better
	}
	for _, folder := range programFolders() {
		for _, s := range stringsBelow(t, folder) {
			if _, allowed := allowedStrings()[s.text]; allowed {
				used[s.text] = true
				continue
			}
			for words, better := range patterns {
				if found := words.FindString(s.text); found != "" {
					t.Errorf("%s: %q: %q is not a word of the field; rather: %s", s.place, s.text, found, better)
				}
			}
		}
	}
	for text, reason := range allowedStrings() {
		if !used[text] {
			t.Errorf("no string %q is left, which was allowed because %s", text, reason)
		}
	}
}

// question is one in a text; a regular expression has its question marks behind brackets and letters, and nothing but a text goes on.
var question = regexp.MustCompile(`[a-z]\?(?: |$)`)

// TestHintsAreNoQuestions: a hint says what to check. A reader under pressure does not know whether a question is one to him.
func TestHintsAreNoQuestions(t *testing.T) {
	t.Parallel()
	for _, folder := range judgingFolders() {
		for _, s := range stringsBelow(t, folder) {
			if question.MatchString(s.text) {
				t.Errorf("%s: %q is a question; write what to check", s.place, s.text)
			}
		}
	}
}

type literal struct{ place, text string }

// stringsBelow are the string literals of the program's files in a folder that have more than one word. Imports and struct tags are no text.
func stringsBelow(t *testing.T, folder string) []literal {
	t.Helper()
	var all []literal
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if strings.HasSuffix(filepath.Dir(path), "test") { // a package for tests
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parse %s: %w", path, err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.Field:
				if n.Tag != nil {
					n.Tag.Value = "``"
				}
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil && strings.Contains(text, " ") {
					all = append(all, literal{files.Position(n.Pos()).String(), text})
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatalf("read the strings of %s: %v", folder, err)
	}
	return all
}
