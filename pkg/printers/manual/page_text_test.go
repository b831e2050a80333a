package manual

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestSpans: code of several words keeps its backticks and is one span; code of one word loses them.
func TestSpans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"two  words": {"two", "words"}, "set `spec.a` now": {"set", "spec.a", "now"}, "see `a b`, then": {"see", "`a b`,", "then"}, "one ` alone": {"one", "", "alone"}, "": nil,
	} {
		if got := spans(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestCommandsInText: a command has a line of its own, without the punctuation behind it. Other code stays in the text.
func TestCommandsInText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Run `kubectl get pods`, then wait.":   {"  Run", "    kubectl get pods", "  then wait."},
		"`flux get all`":                       {"    flux get all"},
		"Set `spec.suspend: false` and commit": {"  Set `spec.suspend: false` and commit"},
	} {
		p := &page{options: style.Options{}}
		p.text(2, text)
		if diff := cmp.Diff(want, p.lines); diff != "" {
			t.Errorf("%q (-want +got)\n%s", text, diff)
		}
	}
}
