package files

import (
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
