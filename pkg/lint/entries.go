package lint

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// entry is one of env or files of a container.
type entry struct {
	object *manifest.Object
	path   string // such as spec.container.env[0]
	key    string
	fields map[string]any
}

// entries are those of the Workloads, and of what bindings put over them. What a release has copied is looked at where it
// was copied from.
func (w *index) entries() []entry {
	var found []entry
	for _, o := range w.byKind["Workload"] {
		found = append(found, containerEntries(o, "spec", "container")...)
	}
	for _, o := range w.byKind["ReleaseBinding"] {
		found = append(found, containerEntries(o, "spec", "workloadOverrides", "container")...)
	}
	return found
}

func containerEntries(o *manifest.Object, steps ...string) []entry {
	prefix := ""
	for _, s := range steps {
		prefix += s + "."
	}
	var found []entry
	for _, list := range []string{"env", "files"} {
		for i, item := range kinds.Items(o.Body, append(steps[:len(steps):len(steps)], list)...) {
			found = append(found, entry{o, fmt.Sprintf("%s%s[%d]", prefix, list, i), kinds.String(item, "key"), item})
		}
	}
	return found
}
