package facts

import (
	"maps"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// annotationManagers keeps a summary of managedFields: the manager of each field of the spec. It exists only if there are
// several managers.
const annotationManagers = "kubectl-choreo.dev/spec-managers"

// annotationManagerTimes keeps when each manager of the spec last set a field, in the form of RFC 3339; also that of the only one.
const annotationManagerTimes = "kubectl-choreo.dev/spec-manager-times"

// maxManagedFields limits the number of fields that are named for one manager.
const maxManagedFields = 12

// SpecManagers returns, for an object whose spec has more than one field manager, the paths that each set, such as
// "spec.releaseName". It is empty if one manager set the whole spec.
func SpecManagers(u *unstructured.Unstructured) map[string][]string {
	found := map[string][]string{}
	if u == nil {
		return found
	}
	set, _, _ := unstructured.NestedString(u.Object, "metadata", "annotations", annotationManagers)
	for line := range strings.SplitSeq(set, ";") {
		if manager, fields, ok := strings.Cut(line, "="); ok {
			found[manager] = strings.Split(fields, ",")
		}
	}
	return found
}

// SpecSetAt returns when a manager last set a field of the spec; zero if that is unknown.
func SpecSetAt(u *unstructured.Unstructured, manager string) time.Time {
	if u == nil {
		return time.Time{}
	}
	set, _, _ := unstructured.NestedString(u.Object, "metadata", "annotations", annotationManagerTimes)
	for line := range strings.SplitSeq(set, ";") {
		if name, at, ok := strings.Cut(line, "="); ok && name == manager {
			t, _ := time.Parse(time.RFC3339, at)
			return t
		}
	}
	return time.Time{}
}

// SpecSetBy returns the manager that last set a field of the spec, and when; zero if that is unknown.
func SpecSetBy(u *unstructured.Unstructured) (manager string, at time.Time) {
	if u == nil {
		return "", time.Time{}
	}
	set, _, _ := unstructured.NestedString(u.Object, "metadata", "annotations", annotationManagerTimes)
	for line := range strings.SplitSeq(set, ";") {
		name, text, _ := strings.Cut(line, "=")
		if t, err := time.Parse(time.RFC3339, text); err == nil && t.After(at) {
			manager, at = name, t
		}
	}
	return manager, at
}

// SetsSpec reports whether manager, among several, set that field.
func SetsSpec(u *unstructured.Unstructured, field, manager string) bool {
	return slices.Contains(SpecManagers(u)[manager], field)
}

// annotationFieldManagers keeps the names of all field managers, if KeepFieldManagers was called.
const annotationFieldManagers = "kubectl-choreo.dev/field-managers"

// KeepFieldManagers records the managers of any field of u, which Clean would drop. It records nothing for an object without
// managedFields.
func KeepFieldManagers(u *unstructured.Unstructured) {
	var names []string
	for _, entry := range u.GetManagedFields() {
		if entry.Manager != "" && !slices.Contains(names, entry.Manager) {
			names = append(names, entry.Manager)
		}
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	annotations := u.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[annotationFieldManagers] = strings.Join(names, ",")
	u.SetAnnotations(annotations)
}

// FieldManagers returns the managers of any field of u, and whether they are known.
func FieldManagers(u *unstructured.Unstructured) (names []string, known bool) {
	if u == nil {
		return nil, false
	}
	all := u.GetAnnotations()[annotationFieldManagers]
	return strings.Split(all, ","), all != ""
}

// keepManagers writes the annotation before managedFields are dropped.
func keepManagers(u *unstructured.Unstructured) {
	owned, times := map[string][]string{}, map[string]string{}
	entries, _, _ := unstructured.NestedFieldNoCopy(u.Object, "metadata", "managedFields")
	list, _ := entries.([]any)
	for _, entry := range list {
		e, _ := entry.(map[string]any)
		manager, _ := e["manager"].(string)
		fields, _ := e["fieldsV1"].(map[string]any)
		spec, _ := fields["f:spec"].(map[string]any)
		if sub, _ := e["subresource"].(string); setsSpec(sub) {
			owned[manager] = append(owned[manager], leaves("spec", spec)...)
			if at, _ := e["time"].(string); len(spec) > 0 {
				times[manager] = max(times[manager], at) // in UTC and of one length
			}
		}
	}
	maps.DeleteFunc(owned, func(_ string, fields []string) bool { return len(fields) == 0 })
	var lines, timeLines []string
	for _, manager := range slices.Sorted(maps.Keys(owned)) {
		fields := owned[manager]
		slices.Sort(fields)
		fields = slices.Compact(fields)
		lines = append(lines, manager+"="+strings.Join(fields[:min(len(fields), maxManagedFields)], ","))
		if _, err := time.Parse(time.RFC3339, times[manager]); err == nil {
			timeLines = append(timeLines, manager+"="+times[manager])
		}
	}
	if len(lines) > 1 {
		annotate(u, annotationManagers, lines)
	}
	annotate(u, annotationManagerTimes, timeLines)
}

func annotate(u *unstructured.Unstructured, key string, lines []string) {
	if len(lines) == 0 {
		return
	}
	annotations := u.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[key] = strings.Join(lines, ";")
	u.SetAnnotations(annotations)
}

// setsSpec reports whether a subresource sets the spec: the subresource scale sets spec.replicas.
func setsSpec(subresource string) bool { return subresource == "" || subresource == "scale" }

// leaves lists the paths below one field. List entries have keys instead of field names, so the list counts as a leaf.
func leaves(path string, fields map[string]any) []string {
	var found []string
	for key, below := range fields {
		name, isField := strings.CutPrefix(key, "f:")
		if !isField {
			continue // ".", or an entry of a list
		}
		inner, _ := below.(map[string]any)
		if deeper := leaves(path+"."+name, inner); len(deeper) > 0 {
			found = append(found, deeper...)
		} else {
			found = append(found, path+"."+name)
		}
	}
	return found
}
