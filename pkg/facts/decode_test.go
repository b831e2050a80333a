package facts

import (
	"reflect"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/util/json"
)

// sameAsKubernetes compares decode with the decoder of apimachinery.
func sameAsKubernetes(t *testing.T, name, text string) {
	t.Helper()
	var want any
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(name, err)
	}
	if got := decode(gjson.Parse(text), 0); !reflect.DeepEqual(want, got) {
		t.Errorf("%s: got %v, want %v", name, got, want)
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"Object":      ` {"a" : {"b.c" : [ ] , "d" : { } } , "e" : null } `,
		"Lists":       `[[], [[1], "x", {"a": [true, false, null]}]]`,
		"Whole":       `[0, -0, 7, -7, 9223372036854775807, -9223372036854775808]`,
		"Broken":      `[0.5, -0.0, 1.0, 1e3, 1E-3, 9223372036854775808, 123456789012345678901234567890]`,
		"Escaped":     `{"a\"b\\\n": "\u00e9\t\/ \ud83d\ude00 \ud800 x", "": ""}`,
		"Twice":       `{"a": {"b": 1}, "a": {"c": 2}}`,
		"Deep":        strings.Repeat(`{"a":[1,`, 200) + `1.5` + strings.Repeat(`,"x"]}`, 200),
		"AtTheLimit":  strings.Repeat("[", maxDepth) + "{}" + strings.Repeat("]", maxDepth),
		"BeyondLimit": strings.Repeat("[", maxDepth+1) + "7" + strings.Repeat("]", maxDepth+1),
		"Text":        `"alone"`,
	} {
		sameAsKubernetes(t, name, text)
	}
}

// TestEncodedTextIsText expects a replacement character for invalid UTF-8.
func TestEncodedTextIsText(t *testing.T) {
	t.Parallel()
	o := Encoded{JSON: "{\"kind\":\"Pod\",\"spec\":{\"a\":\"x\xff\"}}"}.Object()
	if got := o.Body.Object["spec"].(map[string]any)["a"]; got != "x\uFFFD" {
		t.Errorf("got %q", got)
	}
}
