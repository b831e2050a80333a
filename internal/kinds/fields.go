package kinds

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Text reads a string field; "" if it is absent or not a string, or u is nil.
func Text(u *unstructured.Unstructured, path ...string) string {
	if u == nil {
		return ""
	}
	s, _, _ := unstructured.NestedString(u.Object, path...)
	return s
}

// Number reads an integer field, and reports whether it exists.
func Number(u *unstructured.Unstructured, path ...string) (int64, bool) {
	if u == nil {
		return 0, false
	}
	n, found, err := unstructured.NestedInt64(u.Object, path...)
	return n, found && err == nil
}

// Bool reads a boolean field; false if it is absent.
func Bool(u *unstructured.Unstructured, path ...string) bool {
	if u == nil {
		return false
	}
	b, _, _ := unstructured.NestedBool(u.Object, path...)
	return b
}

// Items reads a list of objects without copying. It skips entries that are not objects.
func Items(u *unstructured.Unstructured, path ...string) []map[string]any {
	if u == nil {
		return nil
	}
	field, _, _ := unstructured.NestedFieldNoCopy(u.Object, path...)
	entries, _ := field.([]any)
	items := make([]map[string]any, 0, len(entries))
	for _, entry := range entries {
		if item, ok := entry.(map[string]any); ok {
			items = append(items, item)
		}
	}
	return items
}

// Fields reads an object field without copying; nil if it is absent.
func Fields(item map[string]any, path ...string) map[string]any {
	field, _, _ := unstructured.NestedFieldNoCopy(item, path...)
	fields, _ := field.(map[string]any)
	return fields
}

// String reads a string entry of an item; "" if it is absent.
func String(item map[string]any, path ...string) string {
	s, _, _ := unstructured.NestedString(item, path...)
	return s
}

// Label reads a label; "" if it is absent. Unlike GetLabels it does not copy the map.
func Label(u *unstructured.Unstructured, key string) string {
	return Text(u, "metadata", "labels", key)
}

// Annotation reads an annotation; "" if it is absent. Unlike GetAnnotations it does not copy the map.
func Annotation(u *unstructured.Unstructured, key string) string {
	return Text(u, "metadata", "annotations", key)
}

// Time reads an RFC 3339 field; the zero time if it is absent or malformed.
func Time(u *unstructured.Unstructured, path ...string) time.Time {
	t, err := time.Parse(time.RFC3339, Text(u, path...))
	if err != nil {
		return time.Time{}
	}
	return t
}
