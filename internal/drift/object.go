package drift

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Object compares whole objects, except for their status and for what the API server keeps in the metadata. It returns what was declared
// with the live values in their place, and the fields that differ.
func Object(declared, live *unstructured.Unstructured) (map[string]any, []Field) {
	want, typed := asStored(declared)
	have, _ := asStored(live)
	shown, differ := map[string]any{}, []Field{}
	for _, key := range slices.Sorted(maps.Keys(declared.Object)) {
		value := declared.Object[key]
		var below []Field
		switch key {
		case "apiVersion", "kind", "status":
			continue
		case "metadata":
			if value, below = metadata(value, have[key]); value == nil {
				continue
			}
		default:
			_, there := have[key]
			if value, below = (comparison{typed: typed}).diff(key, value, want[key], have[key]); !there && len(below) > 0 {
				value = nil
			}
		}
		if differ = append(differ, below...); value != nil {
			shown[key] = value
		}
	}
	return shown, differ
}

// Declared is what Object compares of a declared object.
func Declared(declared *unstructured.Unstructured) map[string]any {
	shown, _ := Object(declared, declared)
	return shown
}

// metadata compares labels and annotations.
func metadata(declared, live any) (any, []Field) {
	all, _ := declared.(map[string]any)
	have, _ := live.(map[string]any)
	want := map[string]any{}
	for _, key := range []string{"annotations", "labels"} {
		if value, ok := all[key].(map[string]any); ok && len(value) > 0 {
			want[key] = value
		}
	}
	if len(want) == 0 {
		return nil, nil
	}
	return comparison{typed: true}.diff("metadata", want, want, have)
}

// Between lists the fields in which two declared values differ, also those that only one has. Declared is the second one.
func Between(path string, from, to any) []Field {
	a, okA := from.(map[string]any)
	b, okB := to.(map[string]any)
	if okA && okB {
		var differ []Field
		keys := maps.Clone(a)
		maps.Copy(keys, b)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			at := key
			if path != "" {
				at = path + "." + key
			}
			differ = append(differ, Between(at, a[key], b[key])...)
		}
		return differ
	}
	listA, okA := from.([]any)
	listB, okB := to.([]any)
	if okA && okB && len(listA) == len(listB) {
		var differ []Field
		for i := range listA {
			differ = append(differ, Between(fmt.Sprintf("%s[%d]", path, i), listA[i], listB[i])...)
		}
		return differ
	}
	if reflect.DeepEqual(from, to) || Empty(from) && Empty(to) {
		return nil
	}
	return []Field{{path, to, from}}
}

// Managed are the managed fields that hold one of the paths. Of a list, managedFields are kept as a whole.
func Managed(paths, managed []string) []string {
	return slices.DeleteFunc(slices.Clone(managed), func(field string) bool {
		return !slices.ContainsFunc(paths, func(path string) bool {
			rest, below := strings.CutPrefix(path, field)
			return below && (rest == "" || rest[0] == '.' || rest[0] == '[')
		})
	})
}
