package reasons

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// SetFields returns the fields of a spec to which a patch or a variable gives another value than the file. live is the object in the cluster;
// nil for none.
func (f *Finder) SetFields(o manifest.Object, live *unstructured.Unstructured) []facts.SetField {
	if o.Document == nil {
		return nil
	}
	var all []facts.SetField
	for _, field := range drift.Between("spec", o.Document.Body.Object["spec"], o.Body.Object["spec"]) {
		for _, path := range leaves(field.Path, field.Declared) {
			r, found := f.Set(o, path)
			if !found {
				continue
			}
			set := facts.SetField{Object: o.Ref, Path: path, By: r.Text, File: r.Place.File, Line: r.Place.Line}
			set.Stored = live != nil && reflect.DeepEqual(drift.At(live.Object, path), drift.At(o.Body.Object, path))
			all = append(all, set)
		}
	}
	return all
}

// leaves are the paths of the scalars of a value.
func leaves(path string, value any) []string {
	var all []string
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, leaves(path+"."+key, v[key])...)
		}
	case []any:
		for i, item := range v {
			all = append(all, leaves(fmt.Sprintf("%s[%d]", path, i), item)...)
		}
	default:
		return []string{path}
	}
	return all
}
