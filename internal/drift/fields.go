// Package drift compares an object as it is with the object as it was declared, in the fields that were declared. It excuses what
// the API server, admission and operators write in another form: defaults, omitted zero values, quantities, injected entries.
package drift

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Field is a field in which an object differs from what was declared. A value is nil if the field is not there.
type Field struct {
	Path     string
	Declared any
	Live     any
}

// Paths are the paths of fields.
func Paths(fields []Field) []string {
	var paths []string
	for _, f := range fields {
		paths = append(paths, f.Path)
	}
	return paths
}

// Spec lists the fields below spec that the live object lacks or contradicts.
func Spec(declared, live *unstructured.Unstructured) []Field {
	if live != nil && isPart(declared.Object["spec"], live.Object["spec"]) {
		return nil // most objects, and to find out how they are stored takes more time than all else
	}
	want, typed := asStored(onlySpec(declared))
	have, _ := asStored(onlySpec(live))
	_, differ := comparison{typed: typed}.diff("spec", declared.Object["spec"], want["spec"], have["spec"])
	return differ
}

// isPart reports whether all that was declared is in the live value as it was declared.
func isPart(declared, live any) bool {
	switch declared := declared.(type) {
	case map[string]any:
		fields, ok := live.(map[string]any)
		for key, value := range declared {
			have, there := fields[key]
			if !ok || !there || !isPart(value, have) {
				return false
			}
		}
		return ok
	case []any:
		items, ok := live.([]any)
		return ok && slices.EqualFunc(declared, items, isPart)
	}
	return declared == live
}

// comparison holds values that were declared, as they were and as they are stored, against live values. What was not declared is not
// compared: the API server and admission add fields and entries everywhere.
type comparison struct {
	typed bool // the kind is one of the API server's own
}

// diff returns the fields that differ, and what was declared with the live values in their place.
func (c comparison) diff(path string, declared, want, have any) (any, []Field) {
	switch declared := declared.(type) {
	case map[string]any:
		stored, _ := want.(map[string]any)
		fields, _ := have.(map[string]any)
		return c.diffMap(path, declared, stored, fields)
	case []any:
		stored, _ := want.([]any)
		items, _ := have.([]any)
		if len(stored) != len(declared) {
			stored = declared
		}
		return c.diffList(path, declared, stored, items)
	}
	if c.sameValue(path, want, have) {
		return declared, nil
	}
	return have, []Field{{path, declared, have}}
}

func (c comparison) diffMap(path string, declared, want, have map[string]any) (any, []Field) {
	var differ []Field
	var live map[string]any // nil while nothing differs: most objects do not
	for _, key := range slices.Sorted(maps.Keys(declared)) {
		value, below := c.diffField(path+"."+key, declared[key], want, have, key)
		if len(below) == 0 {
			continue
		}
		if differ = append(differ, below...); live == nil {
			live = maps.Clone(declared)
		}
		if live[key] = value; value == nil {
			delete(live, key)
		}
	}
	if live == nil {
		return declared, nil
	}
	slices.SortStableFunc(differ, func(a, b Field) int { return strings.Compare(a.Path, b.Path) })
	return live, differ
}

// diffField compares one field. Of a field that is not stored, only false is known to mean false: 0 and nothing may
// represent a default.
func (c comparison) diffField(path string, declared any, stored, fields map[string]any, key string) (any, []Field) {
	want, kept := stored[key]
	have, there := fields[key]
	switch {
	case !kept && declared == false && have == true:
		return have, []Field{{path, declared, have}}
	case !kept, !there && c.isOmitted(want), !c.typed && want == "":
		return declared, nil
	}
	live, differ := c.diff(path, declared, want, have)
	if !there {
		live = nil
	}
	return live, differ
}

// isOmitted reports whether a value may be left out by whoever stores it. The API server has left out what it does of its own
// kinds: a false that is still there is one that it keeps.
func (c comparison) isOmitted(value any) bool {
	return Empty(value) || !c.typed && (value == false || value == int64(0) || value == float64(0))
}

// Empty values say nothing, whether they are kept or not.
func Empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// diffList finds each entry by its merge key, and in a list that has none in the order in which they were declared.
func (c comparison) diffList(path string, declared, want, have []any) (any, []Field) {
	field := path[strings.LastIndex(path, ".")+1:]
	if field == "command" || field == "args" {
		if reflect.DeepEqual(want, have) {
			return declared, nil
		}
		return have, []Field{{path, declared, have}}
	}
	var differ []Field
	live, rest := slices.Clone(declared), have
	for i, value := range want {
		key := mergeKey(field, value)
		if key == "" {
			at := slices.IndexFunc(rest, func(other any) bool {
				_, below := c.diff(path, declared[i], value, other)
				return len(below) == 0
			})
			if at < 0 {
				return c.inOrder(path, declared, want, have), append(differ, Field{path, declared, have})
			}
			rest = rest[at+1:]
			continue
		}
		var below []Field
		live[i], below = c.diffEntry(fmt.Sprintf("%s[%s]", path, key), declared[i], value, sameKey(have, field, key))
		differ = append(differ, below...)
	}
	return slices.DeleteFunc(live, func(entry any) bool { return entry == nil }), differ
}

// inOrder is a list without keys that differs, as it is: where an entry was declared at the same place, with its fields alone.
func (c comparison) inOrder(path string, declared, want, have []any) []any {
	live := slices.Clone(have)
	for i := range live[:min(len(have), len(declared))] {
		live[i], _ = c.diff(path, declared[i], want[i], have[i])
	}
	return live
}

// diffEntry compares with each entry that has the key: an environment variable may stand twice, and the last counts.
func (c comparison) diffEntry(path string, declared, want any, have []any) (any, []Field) {
	var live any
	differ := []Field{{path, declared, nil}}
	for _, other := range have {
		if live, differ = c.diff(path, declared, want, other); len(differ) == 0 {
			return declared, nil
		}
	}
	return live, differ
}

func sameKey(list []any, field, key string) []any {
	return slices.DeleteFunc(slices.Clone(list), func(entry any) bool { return mergeKey(field, entry) != key })
}

// mergeKey is what an entry of a list is known by, "" where the list has no key (Kubernetes v1.36
// staging/src/k8s.io/api/core/v1/types.go, listMapKey and patchMergeKey).
func mergeKey(field string, entry any) string {
	fields, _ := entry.(map[string]any)
	keys := []string{"name"}
	switch field {
	case "ports":
		if fields["containerPort"] != nil || fields["port"] != nil {
			return fmt.Sprint(firstOf(fields["containerPort"], fields["port"]), "/", firstOf(fields["protocol"], "TCP"))
		}
	case "volumeMounts":
		keys = []string{"mountPath"}
	case "volumeDevices":
		keys = []string{"devicePath"}
	case "hostAliases":
		keys = []string{"ip"}
	case "topologySpreadConstraints":
		keys = []string{"topologyKey", "whenUnsatisfiable"}
	case "volumeClaimTemplates":
		fields, _ = fields["metadata"].(map[string]any)
	}
	var values []string
	for _, key := range keys {
		value, _ := fields[key].(string)
		if value == "" {
			return ""
		}
		values = append(values, value)
	}
	return strings.Join(values, "/")
}

func firstOf(values ...any) any {
	for _, value := range values {
		if value != nil {
			return value
		}
	}
	return nil
}
