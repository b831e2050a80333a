package index

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Entry is one of env or files of a container.
type Entry struct {
	Object *manifest.Object
	Path   string // such as spec.container.env[0]
	Key    string
	Fields map[string]any
}

// Entries are those of the Workloads, and of what bindings put over them. What a release has copied is checked where it
// was copied from.
func (ix *Index) Entries() []Entry {
	var found []Entry
	for _, o := range ix.ByKind["Workload"] {
		found = append(found, containerEntries(o, "spec", "container")...)
	}
	for _, o := range ix.ByKind["ReleaseBinding"] {
		found = append(found, containerEntries(o, "spec", "workloadOverrides", "container")...)
	}
	return found
}

func containerEntries(o *manifest.Object, steps ...string) []Entry {
	prefix := ""
	for _, s := range steps {
		prefix += s + "."
	}
	var found []Entry
	for _, list := range []string{"env", "files"} {
		for i, item := range kinds.Items(o.Body, append(steps[:len(steps):len(steps)], list)...) {
			found = append(found, Entry{o, fmt.Sprintf("%s%s[%d]", prefix, list, i), kinds.String(item, "key"), item})
		}
	}
	return found
}
