package manifest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const plainHead = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"

// comparePlain expects the same documents as from the reader of YAML. It returns whether the text is plain.
func comparePlain(t *testing.T, text []byte) bool {
	t.Helper()
	got, ok := NewParser().plain("a.yaml", text)
	if !ok {
		return false
	}
	want, err := NewParser().read("a.yaml", text)
	if diff := cmp.Diff(want, File{Documents: got}, cmpopts.IgnoreUnexported(Document{})); err != nil || diff != "" {
		t.Errorf("%q: %v (-want +got)\n%s", text, err, diff)
	}
	return true
}

// TestPlain: what is plain is read as the reader of YAML does; for the rest it decides.
func TestPlain(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]bool{
		"":                          true,
		"data:\n  a: b\n  c: d e\n": true,
		"data:\n  a: b":             true,
		"data: {}\nlist: []\n":      true,
		"# x\n\ndata: # y\n  # z\n  a: b # c\n   # d\n  e: f#g\n":                                                              true,
		"data:\n  a: 1\n  b: 01\n  c: 1.50\n  d: 0x1f\n  e: 1e3\n  f: 2001-01-01\n  g: 1_000\n  h: 10m\n  i: 1.2.3\n  j: .5\n": true,
		"data:\n  a: true\n  b: yes\n  c: null\n  d: ~\n":                                                                      false,
		"data:\n  a: true\n  b: yes\n  c: null\n  d: Null\n  e: No\n  f: TRUE\n":                                               true,
		"data:\n  a:\n  b:\n":     true,
		"data:\n  a: \"b: #c\"\n": false, // the comment in quotes
		"data:\n  a: \"b: c\"\n  d: 'e'\n  f: \"\"\n  g: ''\n  h: \"1\"\n": true,
		"data:\n  a: \"b\\n\"\n":      false,
		"data:\n  a: 'it''s'\n":       false,
		"data:\n  a: 'b' c\n":         false,
		"data:\n  a: '\n":             false,
		"data:\n  a: b: c\n":          false,
		"data:\n  a: b:\n":            false,
		"data:\n  a: b:c\n":           true,
		"data:\n  a: b\n    c\n":      false,
		"data:\n  a: b\n    c: d\n":   false,
		"data:\n    a: b\n  c: d\n":   false,
		"data:\n  a: b\n c: d\n":      false,
		"data:\n  a: |\n    b\n":      false,
		"data:\n  a: &x b\n  c: *x\n": false,
		"data:\n  a: !!str 1\n":       false,
		"data:\n  a: b\n  a: c\n":     false,
		"data:\n  <<: {a: b}\n":       false,
		"data:\n  ? a\n":              false,
		"data:\n  a:b\n":              false,
		"data:\n\ta: b\n":             false,
		"data:\n  a: b\r\n":           false,
		"data:\n  a: \u00e9\n":        false,
		"data:\n  a:\n  - b\n  - c: d\n    e: f\n  -  g: h\n     i: j\n  k: l\n": true,
		"data:\n  a:\n    - b\n    - \"c\"\n    - 1\nspec: x\n":                  true,
		"data:\n  a:\n    - b\n   - c\n":                                         false,
		"data:\n  a:\n  - b\n    c\n":                                            false,
		"data:\n  a:\n  -\n    b: c\n":                                           false,
		"data:\n  a:\n  - - b\n":                                                 false,
		"data:\n  a:\n  - b:\n    - c\n    d:\n      e: f\n  - b: {}\n":          true,
		"data:\n  a:\n  - b: c\n   d: e\n":                                       false,
		"data:\n  a: -1\n":                                                       false,
		"data:\n  a: --- b\n":                                                    false,
		"---\n---\n" + plainHead + "---\n":                                       true,
		"--- # x\n":                                                              false,
		"---\nnull\n":                                                            false,
		"---\na: b\n":                                                            false, // no object
		"items: []\n":                                                            false,
		"...\n":                                                                  false,
		"- a\n":                                                                  false,
	} {
		if got := comparePlain(t, []byte(plainHead+rest)); got != want {
			t.Errorf("%q: plain is %t", rest, got)
		}
	}
	for _, text := range []string{"", "\n", "# a\n", "a", "kind: A\napiVersion: v1\n", "%YAML 1.2\n---\n" + plainHead, " " + strings.ReplaceAll(plainHead, "\n", "\n "), "[]", "{}"} {
		if comparePlain(t, []byte(text)) {
			t.Errorf("%q is plain", text)
		}
	}
}

// TestPlainFiles compares all YAML files of the repository, and those of the folder in PLAIN_FILES, if it is set.
func TestPlainFiles(t *testing.T) {
	t.Parallel()
	plain, all := 0, 0
	for _, root := range []string{filepath.Join("..", ".."), os.Getenv("PLAIN_FILES")} {
		if root == "" {
			continue
		}
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || filepath.Ext(name) != ".yaml" && filepath.Ext(name) != ".yml" {
				return err
			}
			text, err := os.ReadFile(filepath.Clean(name))
			if all++; comparePlain(t, text) {
				plain++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if t.Logf("%d of %d files are plain", plain, all); plain < 50 {
		t.Error("too few")
	}
}

func FuzzPlain(f *testing.F) {
	f.Add([]byte(plainHead + "data:\n  a:\n  - b: c # d\n    e: \"f\"\n  - g\n---\n" + plainHead))
	f.Add([]byte("apiVersion: v1\nkind: A\nmetadata: {name: a}\n"))
	f.Fuzz(func(t *testing.T, text []byte) { comparePlain(t, text) })
}
