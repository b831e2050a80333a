package files

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLinesOf checks that a YAML value has priority over text and that comments are ignored.
func TestLinesOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, value string
		want        []int
	}{
		"Value":            {"# base\nresources:\n- base\n- base-2\n- base\n", "base", []int{3, 5}},
		"Key":              {"base: x\n", "base", []int{1}},
		"SecondDocument":   {"a: b\n---\nresources: [base]\n", "base", []int{3}},
		"WithinAText":      {"# not base\npatch: |\n  name: base\n", "base", []int{3}},
		"IndentedComment":  {"a:\n  # base.yaml\n  b: base.yaml.gz\n", "base.yaml", []int{3}},
		"BeforeTheMistake": {"- base\n---\n- [\n", "base", []int{1}},
		"Nowhere":          {"a: b\nc: d\n", "base", []int{1}},
		"Empty":            {"a: b\nc: d\n", "", []int{1}},
	} {
		if diff := cmp.Diff(c.want, linesOf([]byte(c.text), c.value)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestLinesOfValues: a YAML value counts before a part of a text, and a comment never does. Without a match it is the first line.
func TestLinesOfValues(t *testing.T) {
	t.Parallel()
	const text = "a: apps\n# b: apps\nc:\n- apps\nd: my-apps\n"
	for name, c := range map[string]struct {
		text, value string
		want        []int
	}{
		"Values":    {text, "apps", []int{1, 4}},
		"PartOfOne": {text, "my-", []int{5}},
		"NoValue":   {text, "gone", []int{1}},
		"Empty":     {"a: x\n", "", []int{1}},
		"Comment":   {"# only\na: x\n", "only", []int{1}},
		"Second":    {"a: x\n---\nb: y\n", "y", []int{3}},
		"NoYAML":    {"a: [\nb: y\n", "y", []int{2}},
		"Key":       {"x: 1\nkey: 2\n", "key", []int{2}},
	} {
		if got := linesOf([]byte(c.text), c.value); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := ScalarLines([]byte("a: x\n"), "y"); got != nil {
		t.Errorf("%v", got)
	}
}
