package facts

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Encoded is an object as the API server sent it: as maps it takes some ten times the memory, and of a fleet's objects most
// are looked at once. The zero value is no object.
type Encoded struct {
	Ref  Ref
	JSON string
}

// Encode copies an object of a list. item is the JSON of the object; what a list of a built-in kind leaves out of its items
// is set. managedFields, which are half of many objects, stay only where more than one manager set the spec: that is all that
// Clean wants of them.
func Encode(ref Ref, apiVersion, item string) Encoded {
	before, after := withoutManagers(item)
	begin := ""
	if !gjson.Get(item, "kind").Exists() {
		begin, before = fmt.Sprintf(`{"apiVersion":%q,"kind":%q,`, apiVersion, ref.Kind), strings.TrimPrefix(before, "{")
	}
	return Encoded{Ref: ref, JSON: strings.Join([]string{begin, before, after}, "")}
}

// withoutManagers is what stands before and after the managedFields.
func withoutManagers(item string) (before, after string) {
	fields := gjson.Get(item, "metadata.managedFields")
	if !fields.IsArray() || len(specManagers(fields)) > 1 {
		return item, ""
	}
	return item[:fields.Index+len("[")], item[fields.Index+len(fields.Raw)-len("]"):]
}

func specManagers(fields gjson.Result) []string {
	var managers []string
	for _, entry := range fields.Array() {
		name := entry.Get("manager").String()
		if setsSpec(entry.Get("subresource").String()) && entry.Get("fieldsV1.f:spec").Exists() && !slices.Contains(managers, name) {
			managers = append(managers, name)
		}
	}
	return managers
}

// Text reads a string field; "" when it is absent or not a string.
func (e Encoded) Text(path ...string) string {
	names := make([]string, 0, len(path))
	for _, name := range path {
		names = append(names, gjson.Escape(name))
	}
	if r := gjson.Get(e.JSON, strings.Join(names, ".")); r.Type == gjson.String {
		return r.Str
	}
	return ""
}

// Labels are those of the object.
func (e Encoded) Labels() map[string]string {
	found := map[string]string{}
	gjson.Get(e.JSON, "metadata.labels").ForEach(func(key, value gjson.Result) bool {
		found[key.Str] = value.Str
		return true
	})
	return found
}

// Object is the object, taken apart and clean. One that is no JSON is Unreachable.
func (e Encoded) Object() Object {
	if text := strings.ToValidUTF8(e.JSON, "\uFFFD"); gjson.Valid(text) {
		if fields, ok := decode(gjson.Parse(text), 0).(map[string]any); ok {
			body := &unstructured.Unstructured{Object: fields}
			Clean(body)
			return Object{Ref: e.Ref, Outcome: Found, Body: body}
		}
	}
	return Object{Ref: e.Ref, Outcome: Unreachable, Reason: "the answer cannot be read: it is no JSON object"}
}
