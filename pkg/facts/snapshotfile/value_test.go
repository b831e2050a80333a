package snapshotfile

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestValue: YAML has more types than JSON. What is read has the types that apimachinery makes of JSON.
func TestValue(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		"a": "a", "'1'": "1", "": nil, "~": nil, "null": nil, "true": true, "False": false, "'true'": "true", "yes": "yes",
		"1": int64(1), "-7": int64(-7), "0x1F": int64(31), "0o17": int64(15), "0b101": int64(5), "9223372036854775807": int64(math.MaxInt64),
		"9223372036854775808": float64(math.MaxInt64), "1.5": 1.5, "1e3": 1000.0, "2026-11-20T12:00:00Z": "2026-11-20T12:00:00Z", "2026-11-20": "2026-11-20",
		"!!binary aGk=": "hi", "!!binary /w==": "\uFFFD", "!!str 1": "1",
		"[1, a, null]": []any{int64(1), "a", nil}, "{a: {b: []}}": map[string]any{"a": map[string]any{"b": []any{}}}, "{1: a, true: b}": map[string]any{"1": "a", "true": "b"},
	} {
		x, err := parse([]byte("v: "+text), 1, standard())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got, err := x.value(x.root, 1)
		if diff := cmp.Diff(map[string]any{"v": want}, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", text, err, diff)
		}
	}
}

// TestValueRefuses what JSON does not have, with the line of the file.
func TestValueRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		".nan": `".nan" is not a number that JSON knows`, ".inf": `".inf" is not a number that JSON knows`, "-.inf": `"-.inf" is not a number that JSON knows`,
		"!!binary '*'": "not base64", "!custom x": `tag "!custom" is not read`, "!custom {a: b}": `tag "!custom" is not read`, "!custom [a]": `tag "!custom" is not read`, "!!set {a}": `tag "!!set" is not read`,
		"&a x": "anchors and aliases are not read", "{b: &a x, c: *a}": "anchors and aliases are not read", "{a: b, a: c}": `field "a" twice`,
		"{[a]: b}": "a field name must be plain text", "{&a b: c}": "a field name must be plain text", "{<<: {a: b}}": "a field name must be plain text",
		"[[[[a]]]]": "nested deeper than 4", "{a: {a: {a: {a: b}}}}": "nested deeper than 4", "!!bool maybe": `"maybe" is neither true nor false`,
	} {
		limits := standard()
		limits.depth = 4
		x, err := parse([]byte("\nv: "+text), 10, limits)
		if err == nil {
			_, err = x.value(x.root, 1)
		}
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "line 11: ") {
			t.Errorf("%s: %v, want %q in line 11", text, err, want)
		}
	}
}

// TestNodeRefuses the Go types that apimachinery does not make of JSON: they would come back as others.
func TestNodeRefuses(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]any{
		"Int": 1, "Int32": int32(1), "Float32": float32(1), "NaN": math.NaN(), "Infinity": math.Inf(1), "Time": time.Time{}, "Texts": []string{"a"}, "Struct": struct{}{},
		"InAList": []any{int64(1), 2}, "InAMap": map[string]any{"a": map[string]any{"b": 1}},
	} {
		if n, err := node(v); err == nil || n != nil || !strings.Contains(err.Error(), "JSON does not have") {
			t.Errorf("%s: %v, %v", name, n, err)
		}
	}
}

// TestTextNode: text is written so that YAML 1.1 parsers, such as that of kubectl, read it as text, and in a block if it stays as it is there.
func TestTextNode(t *testing.T) {
	t.Parallel()
	const plain, quoted, block = "", `"`, "|"
	for text, want := range map[string]string{
		"a b": plain, "a-1": plain, "yesterday": plain, "12:30:99": plain,
		"yes": quoted, "No": quoted, "ON": quoted, "y": quoted, "12:30": quoted, "-1_0:05.5": quoted,
		"a\nb": block, "a\nb\n": block, "a: b\n\nc\n": block,
		"a\tb\nc": quoted, " a\nb": quoted, "a \nb": quoted, "a\nb ": quoted, "a\n\n": quoted, "a\u2028b": quoted, "a\rb": quoted, "a\x07\nb": quoted,
	} {
		got, err := yaml.Marshal(mappingNode(0, field{"v", textNode(text)}))
		if want == plain {
			want = text + "\n"
		}
		if err != nil || !strings.HasPrefix(string(got), "v: "+want) {
			t.Errorf("%q is written as %q, want v: %s; %v", text, got, want, err)
		}
	}
	if n := textNode("a\xffb"); n.Value != "a\uFFFDb" {
		t.Errorf("invalid UTF-8 is written as %q", n.Value)
	}
}

// TestItem: an item of a list has a short form if that is unambiguous.
func TestItem(t *testing.T) {
	t.Parallel()
	q := facts.Query{Plane: "eu", Group: "apps", Kind: "Deployment", Namespace: "cell"}
	for name, c := range map[string]struct {
		item facts.Ref
		want string
		ok   bool
	}{
		"Namespaced":    {facts.Ref{Plane: "eu", Group: "apps", Kind: "Deployment", Namespace: "cell", Name: "a"}, "cell/a", true},
		"ClusterScoped": {facts.Ref{Plane: "eu", Group: "apps", Kind: "Deployment", Name: "a"}, "a", true},
		"OtherKind":     {facts.Ref{Plane: "eu", Group: "apps", Kind: "ReplicaSet", Namespace: "cell", Name: "a"}, "cell/a", false},
		"OtherPlane":    {facts.Ref{Plane: "us", Group: "apps", Kind: "Deployment", Namespace: "cell", Name: "a"}, "cell/a", false},
		"Slash":         {facts.Ref{Plane: "eu", Group: "apps", Kind: "Deployment", Name: "cell/a"}, "cell/a", false},
		"SlashBehind":   {facts.Ref{Plane: "eu", Group: "apps", Kind: "Deployment", Namespace: "cell", Name: "a/b"}, "cell/a/b", true},
		"NoName":        {facts.Ref{Plane: "eu", Group: "apps", Kind: "Deployment", Namespace: "cell"}, "cell/", false},
	} {
		if short, ok := compactItem(c.item, q); short != c.want || ok != c.ok {
			t.Errorf("%s: %q, %t; want %q, %t", name, short, ok, c.want, c.ok)
		}
	}
	if _, err := expandItem("", q); err == nil {
		t.Error("an item without a name was accepted")
	}
	if _, err := expandItem(map[string]any{"kind": "Pod", "colour": "red"}, q); err == nil {
		t.Error("an unknown field of an item was accepted")
	}
}
