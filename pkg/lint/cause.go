package lint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var (
	nameFirst   = regexp.MustCompile(`^([A-Z][A-Za-z]*) [a-z0-9$][^\s,:]*`)
	lineNumber  = regexp.MustCompile(`(\.[a-z]+)(:\d+)+\b`)
	lineWord    = regexp.MustCompile(`\bline \d+`)
	indexOfList = regexp.MustCompile(`\[\d+\]`)
	countOfMore = regexp.MustCompile(`; the same holds for \d+ more|, with \d+ more,|\b\d+ references\b`)
)

// CauseOf returns a key for the cause of a finding. Findings of one code with the same sentence about different objects of a kind
// have the same cause: the name that is missing, the field that does not exist, the variable without a value. For a file that nothing
// applies it is the folder. Each secret is a cause of its own, because each must be changed.
func CauseOf(f Finding) string {
	sentence := sentenceOf(f)
	switch {
	case f.Code == trace.CodeKustomizationPostBuildFailed:
		sentence = f.Message
		if len(f.Names) > 0 { // the message begins with the object, and the fault is the variable
			sentence = strings.TrimPrefix(f.Message, f.Names[0]+": ")
		}
		sentence = f.Object.String() + sentence
	case f.Code == trace.CodePlaintextSecret:
		sentence = fmt.Sprintf("%s:%d", f.File, f.Line) + sentence
	case f.Code == trace.CodeSuppressionUnused:
		sentence = f.File
	case f.File != "":
		sentence = strings.ReplaceAll(sentence, f.File, path.Dir(f.File))
	}
	sum := sha256.Sum256([]byte(sentence))
	return string(f.Code) + "-" + hex.EncodeToString(sum[:4])
}

// sentenceOf is the message of a finding without what differs from object to object, and without line numbers, which change with
// every edit of a file.
func sentenceOf(f Finding) string {
	sentence := f.Message
	if rest, found := strings.CutPrefix(sentence, f.Object.String()); found && f.Object.Name != "" {
		sentence = f.Object.Kind + rest
	}
	sentence = nameFirst.ReplaceAllString(sentence, "$1")
	return Timeless(sentence)
}

// Timeless is a message without line numbers, indexes and counts.
func Timeless(message string) string {
	message = lineWord.ReplaceAllString(lineNumber.ReplaceAllString(message, "$1"), "line")
	message = indexOfList.ReplaceAllString(message, "[]")
	return countOfMore.ReplaceAllString(message, "")
}
