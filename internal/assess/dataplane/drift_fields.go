package dataplane

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
)

// SpecDrift lists the paths below spec at which the live object lacks or contradicts what was rendered.
func SpecDrift(declared, live *unstructured.Unstructured) []string {
	want, typed := asStored(declared)
	have, _ := asStored(live)
	return comparison{typed: typed}.diff("spec", declared.Object["spec"], want["spec"], have["spec"])
}

// comparison holds values that were rendered, as they were and as they are stored, against values on the plane. What was not
// rendered is not compared: the API server and admission add fields and entries everywhere.
type comparison struct {
	typed bool // the kind is one of the API server's own
}

func (c comparison) diff(path string, rendered, want, have any) []string {
	switch rendered := rendered.(type) {
	case map[string]any:
		stored, _ := want.(map[string]any)
		fields, _ := have.(map[string]any)
		var differ []string
		for key, value := range rendered {
			differ = append(differ, c.diffField(path+"."+key, value, stored, fields, key)...)
		}
		slices.Sort(differ)
		return differ
	case []any:
		stored, _ := want.([]any)
		items, _ := have.([]any)
		if len(stored) != len(rendered) {
			stored = rendered
		}
		return c.diffList(path, rendered, stored, items)
	}
	if c.sameValue(path, want, have) {
		return nil
	}
	return []string{path}
}

// diffField compares one field. Of a field that is not stored, only false is known to mean false: 0 and nothing may
// stand for a default.
func (c comparison) diffField(path string, rendered any, stored, fields map[string]any, key string) []string {
	want, kept := stored[key]
	have, there := fields[key]
	switch {
	case !kept && rendered == false && have == true:
		return []string{path}
	case !kept, !there && c.isOmitted(want), !c.typed && want == "":
		return nil
	}
	return c.diff(path, rendered, want, have)
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

// diffList finds each entry by its merge key, and in a list that has none in the order in which they were rendered.
func (c comparison) diffList(path string, rendered, want, have []any) []string {
	field := path[strings.LastIndex(path, ".")+1:]
	if field == "command" || field == "args" {
		if reflect.DeepEqual(want, have) {
			return nil
		}
		return []string{path}
	}
	var differ []string
	for i, value := range want {
		key := mergeKey(field, value)
		if key == "" {
			at := slices.IndexFunc(have, func(other any) bool { return len(c.diff(path, rendered[i], value, other)) == 0 })
			if at < 0 {
				return append(differ, path)
			}
			have = have[at+1:]
			continue
		}
		differ = append(differ, c.diffEntry(fmt.Sprintf("%s[%s]", path, key), rendered[i], value, sameKey(have, field, key))...)
	}
	return differ
}

// diffEntry compares with each entry that has the key: an environment variable may stand twice, and the last counts.
func (c comparison) diffEntry(path string, rendered, want any, have []any) []string {
	differ := []string{path}
	for _, other := range have {
		if differ = c.diff(path, rendered, want, other); len(differ) == 0 {
			return nil
		}
	}
	return differ
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

// sameValue: the same image, number, quantity or duration may be written in several forms.
func (c comparison) sameValue(path string, want, have any) bool {
	if reflect.DeepEqual(want, have) {
		return true
	}
	a, textA := want.(string)
	b, textB := have.(string)
	if textA && textB && strings.HasSuffix(path, ".image") {
		return pods.MatchImage(a, b) != pods.ImageDiffers
	}
	return !c.typed && (sameQuantity(want, have) || textA && textB && sameDuration(a, b))
}

func sameQuantity(want, have any) bool {
	a, errA := resource.ParseQuantity(fmt.Sprint(want))
	b, errB := resource.ParseQuantity(fmt.Sprint(have))
	return errA == nil && errB == nil && a.Cmp(b) == 0
}

func sameDuration(want, have string) bool {
	a, errA := time.ParseDuration(want)
	b, errB := time.ParseDuration(have)
	return errA == nil && errB == nil && a == b
}
