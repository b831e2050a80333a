package style

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text  string
		width int
		want  []string
	}{
		"Fits":          {"a b", 3, []string{"a b"}},
		"Breaks":        {"aa bb cc", 5, []string{"aa bb", "cc"}},
		"LongWordWhole": {"a https://example.com/x b", 5, []string{"a", "https://example.com/x", "b"}},
		"WideRunes":     {"日本 日本", 5, []string{"日本", "日本"}},
		"Unlimited":     {"a b c", 0, []string{"a b c"}},
		"Empty":         {"", 5, []string{""}},
	} {
		if diff := cmp.Diff(c.want, Wrap(c.text, c.width)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestBreak: no line is wider than the screen, none of the text is lost, and colours have no width.
func TestBreak(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []string
		width int
		want  []string
	}{
		"Fits":      {[]string{"abcd", ""}, 4, []string{"abcd", ""}},
		"Breaks":    {[]string{"abcdefghi"}, 4, []string{"abcd", "efgh", "i"}},
		"Wide":      {[]string{"日本語"}, 5, []string{"日本", "語"}},
		"TooNarrow": {[]string{"日本"}, 1, []string{"日", "本"}},
		"Colours":   {[]string{"\x1b[32mabcd\x1b[0m"}, 4, []string{"\x1b[32mabcd\x1b[0m"}},
		"Unlimited": {[]string{"abcdefghi"}, 0, []string{"abcdefghi"}},
	} {
		if diff := cmp.Diff(c.want, Options{Width: c.width}.Break(c.lines)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
