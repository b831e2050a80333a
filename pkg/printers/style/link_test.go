package style

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLinkTo: only a web address becomes a link, and only on a terminal that has links.
func TestLinkTo(t *testing.T) {
	t.Parallel()
	on := Options{Links: true}
	if got, want := on.LinkTo("at ab12 now", "ab12", "https://example.com/c/ab12"), "at \x1b]8;;https://example.com/c/ab12\x1b\\ab12\x1b]8;;\x1b\\ now"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, address := range []string{
		"", "example.com", "javascript:alert(1)", "file:///etc/passwd", "ssh://git@example.com/a", "https://user:pass@example.com/", "https://",
		"https://example.com/\x1b]8;;\x1b\\", "https://example.com/a b", "https://example.com/\x07", "https://exämple.com/", "https://example.com/\u202e",
	} {
		if got := on.LinkTo("line", "line", address); got != "line" {
			t.Errorf("%q became a link: %q", address, got)
		}
	}
	if got := (Options{}).LinkTo("line", "line", "https://example.com/"); got != "line" {
		t.Errorf("without links: %q", got)
	}
}

func TestWebAddresses(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		"http://a.example:19080/x, 1 internal": {"http://a.example:19080/x"}, "none declared": nil, "see (https://b.example).": nil,
		"http://a.example; https://b.example/": {"http://a.example", "https://b.example/"}, "javascript:x ftp://a": nil,
	} {
		if diff := cmp.Diff(want, WebAddresses(line)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", line, diff)
		}
	}
}

// TestElide: a terminal gets both ends of a long message, and the number of characters between them; a pipe gets all.
func TestElide(t *testing.T) {
	t.Parallel()
	short, long := strings.Repeat("word ", 80), "begin "+strings.Repeat("middle ", 400)+"end"
	terminal := Options{Marks: true}
	if got := terminal.Elide(short); got != short {
		t.Errorf("short: %q", got)
	}
	got := terminal.Elide(long)
	if !strings.HasPrefix(got, "begin middle") || !strings.HasSuffix(got, "middle end") || !strings.Contains(got, "characters left out, -o json prints all") || len(got) > 500 {
		t.Errorf("long: %d characters: %q", len(got), got)
	}
	if got := terminal.Elide(strings.Repeat("日", 1000)); !strings.HasPrefix(got, "日") || len([]rune(got)) > 500 {
		t.Errorf("wide: %q", got)
	}
	if got := (Options{}).Elide(long); got != long {
		t.Errorf("pipe: %q", got)
	}
}
