package graph

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

func TestPicture(t *testing.T) {
	t.Parallel()
	p := pictureOf(printerstest.FailedPull())
	if p.caused != "e0_pod" || p.cause == nil || p.cause.lines[0] != "✗ fix first: ImagePullBackOff" {
		t.Errorf("the cause is %+v, at %q", p.cause, p.caused)
	}
	if len(p.trunk) != 2 || len(p.branches) != 2 || p.branches[1][0].lines[0] != "‖ production: not bound" {
		t.Errorf("%+v", p)
	}
	if got := p.trunk[1].lines[0]; got != "? delivery: unknown" {
		t.Errorf("a state without its word: %q", got)
	}
	want := [][2]string{{"root", "source"}, {"source", "delivery"}, {"delivery", "e0"}, {"e0", "e0_pod"}, {"delivery", "e1"}, {"e1", "e1_binding"}}
	for i, l := range p.links() {
		if l != want[i] {
			t.Errorf("link %d is %v, want %v", i, l, want[i])
		}
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		most int
		want string
	}{
		"Short":       {"a b", 2, "a b"},
		"Wraps":       {strings.Repeat("word ", 10), 3, "word word word word word word word word|word word"},
		"LongWord":    {"https://example.com/a/very/long/path/that/goes/on", 3, "https://example.com/a/very/long/path/|that/goes/on"},
		"NoSeparator": {strings.Repeat("x", 50), 3, strings.Repeat("x", 40) + "|" + strings.Repeat("x", 10)},
		"Cut":         {strings.Repeat("word ", 30), 1, "word word word word word word word wor …"},
		"Wide":        {strings.Repeat("日", 30), 3, strings.Repeat("日", 20) + "|" + strings.Repeat("日", 10)},
		"Empty":       {" ", 3, ""},
	} {
		if got := strings.Join(fitLines([]string{c.text}, c.most), "|"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
