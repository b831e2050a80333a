package strictyaml

import (
	"strings"
	"testing"
)

type document struct {
	A int `yaml:"a"`
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a: 1\n":            "",
		"":                  "",
		"a: 1\nb: 2\n":      `line 2: unknown field "b"`,
		"b: 2\nc: 2\n":      `line 1: unknown field "b"; line 2: unknown field "c"`,
		"a: [1]\n":          "line 1: a list cannot stand here",
		"a: hunter2\n":      "line 1: a text cannot stand here",
		"a: 1\na: 2\n":      "already defined",
		"a: 1\n---\na: 2\n": "more than one document",
	} {
		var into document
		found, err := Decode([]byte(text), &into)
		if want == "" && (err != nil || found != (text != "")) || want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("%q: %t, %v, want %q", text, found, err, want)
		}
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	text := []byte("# comment\na: [x]\nb:\n- x\n\n- y\n")
	if a, b, none := Line(text, "a", 0), Line(text, "b", 1), Line(text, "b", 2); a != 2 || b != 6 || none != 1 {
		t.Errorf("lines %d, %d, %d, want 2, 6, 1", a, b, none)
	}
}
