package style

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	t.Parallel()
	table := Table{Header: []string{"NAME", "AGE"}, Rows: [][]string{{"日本日本", "3d"}, {"a", ""}}}
	got, err := table.Lines()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"NAME      AGE", "日本日本  3d", "a"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if table.Width() != Cells(want[0]) {
		t.Errorf("width %d, want %d", table.Width(), Cells(want[0]))
	}
}

func TestPad(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{{"ab", 4, "ab  "}, {"ab", 2, "ab"}, {"abc", 2, "abc"}, {"日", 4, "日  "}, {"", 1, " "}} {
		if got := Pad(c.text, c.width); got != c.want {
			t.Errorf("%q to %d: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		words []string
		width int
		want  []string
	}{
		"WordsWithSpaces": {[]string{"a b", "c", "d e"}, 5, []string{"a b c", "d e"}},
		"Exact":           {[]string{"aa", "bb", "c"}, 5, []string{"aa bb", "c"}},
		"Unlimited":       {[]string{"aa", "bb"}, 0, []string{"aa bb"}},
		"None":            {nil, 5, []string{""}},
	} {
		if diff := cmp.Diff(c.want, Fill(c.words, c.width)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
