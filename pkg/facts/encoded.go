package facts

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Encoded is an object as the API server sent it. Decoded into maps it takes about ten times the memory, and most objects of a
// fleet are read only once. The zero value is no object.
type Encoded struct {
	Ref  Ref
	JSON string
}

// Encode copies an object of a list. item is the JSON of the object; Encode sets the fields that lists of built-in kinds omit
// from their items. managedFields, which are half of many objects, remain only if several managers set the spec: Clean needs
// them only then.
func Encode(ref Ref, apiVersion, item string) Encoded {
	before, after := withoutManagers(item)
	begin := ""
	if !gjson.Get(item, "kind").Exists() {
		begin, before = fmt.Sprintf(`{"apiVersion":%q,"kind":%q,`, apiVersion, ref.Kind), strings.TrimPrefix(before, "{")
	}
	return Encoded{Ref: ref, JSON: strings.Join([]string{begin, before, after}, "")}
}

// withoutManagers returns the text before and after the managedFields.
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

// Text reads a string field; "" if it is absent or not a string.
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

// Labels returns the labels of the object.
func (e Encoded) Labels() map[string]string {
	found := map[string]string{}
	gjson.Get(e.JSON, "metadata.labels").ForEach(func(key, value gjson.Result) bool {
		found[key.Str] = value.Str
		return true
	})
	return found
}

// Object decodes and cleans the object. Invalid JSON gives the outcome Unreachable.
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
