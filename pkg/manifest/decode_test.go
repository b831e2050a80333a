package manifest

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// compareDecoders decodes each document with both decoders. It returns the number of documents that the fast one decoded.
func compareDecoders(t *testing.T, text []byte) (plain int) {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var root yaml.Node
		if decoder.Decode(&root) != nil {
			return plain
		}
		if len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
			continue
		}
		got, ok := NewParser().decodePlain(root.Content[0], 0)
		if !ok {
			continue
		}
		plain++
		want, err := decodeAll(root.Content[0])
		if err != nil {
			t.Errorf("the fast decoder has accepted what the other one rejects: %v\n%s", err, text)
		} else if diff := cmp.Diff(any(want), got); diff != "" {
			t.Errorf("(-want +got)\n%s\n%s", diff, text)
		}
	}
}

// TestDecodePlain compares values of every form, and names those that are left to decodeAll.
func TestDecodePlain(t *testing.T) {
	t.Parallel()
	for text, isPlain := range map[string]bool{
		"a: {b: c, d: [e, 'f', \"g\\n\", {h: i}]}": true, "a: {}\nb: []\nc:\nd: ~\ne: null\nf: Null": true, "a: |\n  text\n  more\nb: >-\n  one\n  line": true,
		"a: 0\nb: -0\nc: 12\nd: -7\ne: 9223372036854775807\nf: 9223372036854775808\ng: 99999999999999999999": true,
		"a: 0x1f\nb: 0o17\nc: 017\nd: 0b11\ne: 1_000\nf: +5\ng: 08":                                          true, "a: 1.0\nb: 0.5\nc: 1e3\nd: 1e21\ne: -2.50\nf: .5\ng: 1.": true,
		"a: true\nb: True\nc: FALSE\nd: yes\ne: on\nf: y\ng: 'true'\nh: tRUE": true, "a: 2001-01-01\nb: 2001-12-14t21:59:43.10-05:00": true,
		"1: a\ntrue: b\n~: c\n2001-01-01: d\n1.5: e\n'': f": true, "a: &anchor {b: c}": true, "a: \"\\u00e9\\x41\\0\"": true, "'<': a\nb: <": true, "a: ! 12": true,
		"a: .inf": false, "a: .nan": false, "a: &a {b: c}\nd: *a": false, "a: {<<: {b: c}}": false, "a: {'<<': b}": false, "a: !!str 12": false, "a: !custom {b: c}": false,
		"a: 1\na: 2": false, "1: a\n'1': b": false, "? [a]\n: b": false, "a: !!binary aGVsbG8=": false, "!!str a: b": false,
		"a: " + strings.Repeat("[", 2*maxNested) + strings.Repeat("]", 2*maxNested): false,
	} {
		if got := compareDecoders(t, []byte(text)) == 1; got != isPlain {
			t.Errorf("%q: plain is %t, want %t", text, got, isPlain)
		}
	}
}

// TestDecodePlainOfRepositories compares the objects of all files in testdata, of which nearly all are plain.
func TestDecodePlainOfRepositories(t *testing.T) {
	t.Parallel()
	plain := 0
	err := filepath.WalkDir(filepath.Join("..", "..", "testdata", "lint"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(filepath.Clean(name))
		plain += compareDecoders(t, text)
		return err
	})
	if err != nil || plain < 50 {
		t.Errorf("%d plain objects, %v", plain, err)
	}
}

// TestWords: a Parser shares short texts only, and a limited number of them.
func TestWords(t *testing.T) {
	t.Parallel()
	p := NewParser()
	short, long := strings.Repeat("x", maxWord), strings.Repeat("y", maxWord+1)
	for _, text := range []string{"a", "a", short, long, ""} {
		if got := p.word(text); got != text {
			t.Errorf("%q is %v", text, got)
		}
	}
	if diff := cmp.Diff(map[string]any{"a": "a", "": "", short: short}, p.words); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for i := range maxWords + 10 {
		p.word(strconv.Itoa(i))
	}
	if got := p.word("new"); got != "new" || len(p.words)+len(p.former) > 2*maxWords || len(p.former) != maxWords {
		t.Errorf("%v, %d and %d words", got, len(p.words), len(p.former))
	}
}

func FuzzDecodePlain(f *testing.F) {
	f.Add([]byte(several))
	f.Add([]byte("a: &a [*a]\n1: [0.5, 0x1, ~, .inf, 2001-01-01]\n? b\n: |\n  c\n"))
	f.Fuzz(func(t *testing.T, text []byte) { compareDecoders(t, text) })
}

// TestParseCost expects few allocations for each field of an ordinary object: 11, nearly all by the reader of YAML. To decode the
// object a second time would double them.
func TestParseCost(t *testing.T) {
	const fields = 50
	text := []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n" + strings.Repeat("  key-%: value\n", fields))
	for i := range fields {
		text = bytes.Replace(text, []byte("%"), []byte(strings.Repeat("x", i+1)), 1)
	}
	parser := NewParser()
	perField := testing.AllocsPerRun(20, func() {
		if file, err := parser.Parse("a.yaml", text); err != nil || len(file.Documents) != 1 {
			t.Fatal(err)
		}
	}) / fields
	if perField > 15 {
		t.Errorf("%.1f allocations for each field, want at most 15", perField)
	}
}
