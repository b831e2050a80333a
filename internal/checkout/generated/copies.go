package generated

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// Copy is one copy operation of an ArtifactGenerator (source-watcher v2.3 api/v1beta1/artifactgenerator_types.go).
type Copy struct {
	Index     int
	Alias, To string
	Pattern   string // of the files of the source
	Optional  bool
}

// Copies returns the copy operations of one of spec.artifacts.
func Copies(artifact map[string]any) []Copy {
	var all []Copy
	for i, c := range kinds.Items(&unstructured.Unstructured{Object: artifact}, "copy") {
		alias, pattern, _ := strings.Cut(strings.TrimPrefix(kinds.String(c, "from"), "@"), "/")
		_, to, _ := strings.Cut(kinds.String(c, "to"), "/")
		optional, _ := c["optional"].(bool)
		all = append(all, Copy{Index: i, Alias: alias, Pattern: tree.Clean(pattern), To: tree.Clean(to), Optional: optional})
	}
	return all
}

// FolderOf returns the folder of a pattern for all files below it.
func FolderOf(pattern string) (base string, deep bool) {
	if pattern == "**" {
		return ".", true
	}
	return strings.CutSuffix(pattern, "/**")
}
