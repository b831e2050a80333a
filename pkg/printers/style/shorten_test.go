package style

import (
	"strings"
	"testing"
)

// TestShortenHostileText: a text in which no value ends takes no quadratic time.
func TestShortenHostileText(t *testing.T) {
	t.Parallel()
	message := strings.Repeat(`{"`, 1<<20)
	if got := Shorten(message); got != message {
		t.Errorf("%d bytes, want %d", len(got), len(message))
	}
}

// TestShorten: only a long value that ends is left out, and nothing of the text around it.
func TestShorten(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxValue)
	for name, c := range map[string]struct{ message, want string }{
		"Text":           {"field is immutable", "field is immutable"},
		"Short":          {`Invalid value: {"a":[1,2]}: field is immutable`, `Invalid value: {"a":[1,2]}: field is immutable`},
		"Long":           {`Invalid value: {"a":"` + long + `"}: field is immutable`, `Invalid value: {…}: field is immutable`},
		"List":           {`x [{"a":"` + long + `"},{"b":1}] y`, `x […] y`},
		"Two":            {`{"a":"` + long + `"} and {"b":1} and [{"c":"` + long + `"}]`, `{…} and {"b":1} and […]`},
		"Nested":         {`{"a":{"b":["` + long + `"]}}: z`, `{…}: z`},
		"BracesInText":   {`{"a":"}","b":"\"}` + long + `"}: z`, `{…}: z`},
		"WithoutEnd":     {`{"a":"` + long, `{"a":"` + long},
		"LongInNoEnd":    {`{"a":1, {"b":"` + long + `"}`, `{"a":1, {…}`},
		"Exactly":        {`{"a":"` + long[8:] + `"}`, `{"a":"` + long[8:] + `"}`},
		"OneMore":        {`{"a":"` + long[7:] + `"}`, "{…}"},
		"Names":          {"allowed: [{ClusterWorkflow " + long + "}]", "allowed: [{ClusterWorkflow " + long + "}]"},
		"Causes":         {`is invalid: [spec.a: Invalid value: {"a":"` + long + `"}: is bad, spec.b: ` + long + `]`, `is invalid: [spec.a: Invalid value: {…}: is bad, spec.b: ` + long + `]`},
		"ClosesOnly":     {"} ] " + long, "} ] " + long},
		"Empty":          {"", ""},
		"OtherCharacter": {`{"ü":"` + long + `"}ß`, "{…}ß"},
	} {
		if got := Shorten(c.message); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
