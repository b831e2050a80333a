package postbuild

import (
	"reflect"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// SameValues reports whether the objects that variables come from, by cluster, have the same content.
func SameValues(a, b map[string]map[facts.Ref]manifest.Object) bool {
	data := func(all map[string]map[facts.Ref]manifest.Object) map[string]map[facts.Ref]any {
		found := map[string]map[facts.Ref]any{}
		for cluster, objects := range all {
			found[cluster] = map[facts.Ref]any{}
			for ref, o := range objects {
				found[cluster][ref] = o.Body.Object
			}
		}
		return found
	}
	return reflect.DeepEqual(data(a), data(b))
}
