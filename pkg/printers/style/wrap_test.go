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
