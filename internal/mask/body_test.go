package mask

import (
	"strings"
	"testing"
)

// TestUnusableBodies: only what JSON can hold is copied, to a limited depth.
func TestUnusableBodies(t *testing.T) {
	t.Parallel()
	nested := func(levels int) map[string]any {
		body := map[string]any{}
		for range levels {
			body = map[string]any{"a": body}
		}
		return body
	}
	for name, c := range map[string]struct {
		body map[string]any
		want string // in the error; "" for none
	}{
		"JSON":        {map[string]any{"text": "a", "whole": int64(1), "part": 1.5, "yes": true, "nothing": nil, "list": []any{"b"}}, ""},
		"Deep":        {nested(MaxDepth), ""},
		"TooDeep":     {nested(MaxDepth + 1), "nested deeper than 100"},
		"DeepList":    {map[string]any{"a": []any{nested(MaxDepth)}}, "nested deeper than 100"},
		"GoInteger":   {map[string]any{"count": 1}, "count is of Go type int"},
		"GoTypedList": {map[string]any{"names": []string{"a"}}, "names is of Go type []string"},
	} {
		_, err := New(false, false).Body(c.body)
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestNumbers: a number is masked if every value is, or if its own name ends like that of a credential.
func TestNumbers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at   place
		want bool
	}{
		"AllValues":       {place{key: "replicas", rule: rule{helmValue, allValues}}, true},
		"Password":        {place{key: "password", rule: rule{credentialField, exceptReferences}}, true},
		"Lifetime":        {place{key: "maxAge", rule: rule{credentialField, exceptReferences}}, false},
		"ByPattern":       {place{key: "password"}, false},
		"EntryValues":     {place{key: "password", rule: rule{environmentValue, entryValues}}, false},
		"TextsWithBase64": {place{key: "password", rule: rule{secretData, base64Texts}}, false},
	} {
		if got := hidesNumber(c.at); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
