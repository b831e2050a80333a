package yamlnode_test

import (
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/internal/yamlnode"
)

// TestEntry: an alias has the fields of its anchor, in the lines of the anchor.
func TestEntry(t *testing.T) {
	t.Parallel()
	var document yaml.Node
	if err := yaml.Unmarshal([]byte("a: &a\n  b: 1\nc: *a\nd: [1]\n"), &document); err != nil {
		t.Fatal(err)
	}
	root := document.Content[0]
	for path, want := range map[[2]string]int{{"a", "b"}: 2, {"c", "b"}: 2, {"c", "x"}: 0, {"d", "b"}: 0, {"x", "b"}: 0} {
		line := 0
		if key, _ := yamlnode.Entry(yamlnode.Child(root, path[0]), path[1]); key != nil {
			line = key.Line
		}
		if line != want {
			t.Errorf("%v: line %d, want %d", path, line, want)
		}
	}
}
