package snapshotfile

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// FuzzRead expects, for any file, an error or a Snapshot that is unchanged after it is written and read again.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"testdata/masked.yaml", "testdata/whole.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(header + "...\n"))
	f.Add([]byte(header + "---\n" + pod + "object: {a: [1, 1.0, x, null, true, !!binary aGk=, 0x1F, \"\\u0085\\0\"], ? {} : b}\n...\n"))
	f.Add([]byte(header + "---\n" + pod + "object:\n  a: |+2\n    b\n\n  c: >\n   d\n...\n"))
	f.Add([]byte(header + "---\nquery: {plane: control, kind: Pod}\noutcome: Found\nitems: [a/b/c, d, {kind: Node}]\n...\n"))
	f.Add([]byte(header + "---\nlog: {pod: {kind: Pod, name: a}, container: b}\noutcome: Found\nlines: ['', \"\\t\", null]\n...\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Read(strings.NewReader(string(data)), "fuzz")
		if err != nil {
			return
		}
		again := read(t, write(t, s, WriteOptions{IncludeValues: true, Logs: true}))
		if diff := cmp.Diff(all(s), all(again)); diff != "" && !strings.Contains(string(data), "Secret") {
			t.Errorf("Read(Write(s)): -want, +got:\n%s", diff)
		}
		masked := write(t, s, WriteOptions{Logs: true})
		if diff := cmp.Diff(masked, write(t, read(t, masked), WriteOptions{Logs: true})); len(s.Masked) == 0 && diff != "" {
			t.Errorf("Write(Read(masked)): -want, +got:\n%s", diff)
		}
		for _, o := range s.Objects() {
			if o.Body != nil {
				o.Body.DeepCopy()
			}
		}
	})
}

// FuzzWrite expects every text back, as a key and as a value. A masked file is written again unchanged.
func FuzzWrite(f *testing.F) {
	f.Add("key", "a\n b: |\n")
	f.Add("token", "password: x\nhttps://a:b@c?token=d bearer abcdef12")
	f.Add("<<", `{"env":[{"name":"a","value":"b"}],"secret":{"data":1.0}}`)
	f.Add("\u2028", "-----BEGIN PRIVATE KEY-----\n.value: Invalid value: \"a\"")
	f.Fuzz(func(t *testing.T, key, text string) {
		key, text = strings.ToValidUTF8(key, "?"), strings.ToValidUTF8(text, "?")
		s := facts.New(facts.Subject{Component: "a"}, takenAt)
		s.Put(facts.Object{
			Ref: facts.Ref{Plane: facts.Control, Kind: "Thing", Name: "a"}, Outcome: facts.Found, Reason: text,
			Body: &unstructured.Unstructured{Object: map[string]any{"a": map[string]any{key: text}, "b": []any{text, key}}},
		})
		s.PutLog(facts.Log{Query: facts.LogQuery{Pod: facts.Ref{Plane: facts.Control, Kind: "Pod", Name: "a"}, Container: "c"}, Outcome: facts.Found, Lines: strings.Split(text, "\n")})
		got := read(t, write(t, s, WriteOptions{IncludeValues: true, Logs: true}))
		if diff := cmp.Diff(all(s), all(got)); diff != "" {
			t.Errorf("Read(Write(s)): -want, +got:\n%s", diff)
		}
		masked := write(t, s, WriteOptions{Logs: true})
		if diff := cmp.Diff(masked, write(t, read(t, masked), WriteOptions{Logs: true})); diff != "" && strings.Contains(masked, "masked:") {
			t.Errorf("Write(Read(masked)): -want, +got:\n%s", diff)
		}
	})
}
