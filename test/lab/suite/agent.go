package suite

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
)

// InAnswer returns what of a failure an answer of the tool diagnose lacks: an agent has nothing else.
func (w Want) InAnswer(text string, isError bool, namespace string) error {
	if isError {
		return errors.New("it is an error")
	}
	if size := answer.Tokens(text); size > answer.MostDiagnosis {
		return fmt.Errorf("%d tokens, at most %d", size, answer.MostDiagnosis)
	}
	place := w.Rung
	if w.Environment != "" {
		place += " (" + w.Environment + ")"
	}
	if words := fmt.Sprintf("\nFailed at: %s. Code: %s", place, w.Code); !hasWords(text, words) {
		return fmt.Errorf("no %q", words)
	}
	_, rest, _ := strings.Cut(text, "\nObject:\n"+answer.Mark)
	object, _, _ := strings.Cut(rest, "\n")
	if !w.names(object, namespace) {
		return fmt.Errorf("object %q, want %s %s", object, w.Kind, InTenant(w.Object, namespace))
	}
	if _, steps, _ := strings.Cut(text, "\nNext commands, for the user to run:\n"); !strings.Contains("\n"+steps, "\n  ") {
		return errors.New("no next command")
	}
	return nil
}

// hasWords reports whether a text has words that are not the beginning of a longer one.
func hasWords(text, words string) bool {
	_, rest, found := strings.Cut(text, words)
	return found && (rest == "" || rest[0] == ',' || rest[0] == '\n')
}

// names reports whether words are the object to blame, such as "Pod dp/cart-1".
func (w Want) names(words, namespace string) bool {
	words, _, _ = strings.Cut(words, ", on data plane ")
	kind, name, _ := strings.Cut(words, " ")
	return kind == w.Kind && (w.Object == "*" || w.Object == "" || strings.HasSuffix("/"+name, "/"+InTenant(w.Object, namespace)))
}
