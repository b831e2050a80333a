package snapshotfile

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// To update the golden files after a change of the form, run go test ./pkg/facts/snapshotfile -update and review the diff.
var update = flag.Bool("update", false, "write the golden files")

func TestWriteGolden(t *testing.T) {
	cases := map[string]struct {
		reason  string
		file    string
		options WriteOptions
	}{
		"Masked": {
			reason: "By default values are masked, logs are left out, and the file says so",
			file:   "masked.yaml",
		},
		"Whole": {
			reason:  "With both options everything is there but managedFields",
			file:    "whole.yaml",
			options: WriteOptions{IncludeValues: true, Logs: true},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := write(t, sample(t), tc.options)
			path := filepath.Join("testdata", tc.file)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s\nWrite(…): -want, +got:\n%s", tc.reason, diff)
			}
			if again := write(t, read(t, got), tc.options); again != got {
				t.Errorf("Write(Read(file)) differs from file: -file, +again:\n%s", cmp.Diff(got, again))
			}
		})
	}
}

func TestWriteLeavesSnapshotAlone(t *testing.T) {
	s, want := sample(t), sample(t)
	write(t, s, WriteOptions{})
	if diff := cmp.Diff(all(want), all(s)); diff != "" {
		t.Errorf("Write changed the Snapshot: -want, +got:\n%s", diff)
	}
}

func TestRoundTrip(t *testing.T) {
	texts := []any{
		"", " ", "a", "yes", "null", "~", "1", "1.0", "0x10", "0777", "1_000", "1:30", "2026-11-21", "2026-11-21T04:00:00Z", ".nan", "-", "- a", "? a",
		"a: b", "a #b", "#a", "&a", "*a", "!a", "%a", "@a", "`a", "|", ">", "{a}", "[a]", "a,b", "'a'", `"a"`, `a\b`, "---", "...", "--- a", "<<", "=",
		"a\n", "a\nb", "a\n\nb\n", "\na", " a\nb", "a \nb", "a\n b\n", "a\n\n", "a\tb\nc", "\ta\nb", "a\r\nb", "a\rb", "---\nb", "a\n---\nb\n", "a\n...\n",
		"\u0085", "a\u2028b\nc", "\ufeffa", "\x00\x01\x1b[31m\x7f", "日本\n語", "👋\n👋", "a: |\n  b\n", strings.Repeat("long ", 200), strings.Repeat("x", 5000),
	}
	object := map[string]any{
		"apiVersion": "v1", "kind": "Thing", "texts": texts, "empty": map[string]any{}, "none": []any{}, "nil": nil, "yes": true, "no": false,
		"integers": []any{int64(0), int64(-1), int64(math.MaxInt64), int64(math.MinInt64)},
		"floats":   []any{0.5, 1.0, -2.0, 1e21, 1e-9, math.MaxFloat64, float64(1 << 60)},
		"keys":     map[string]any{"1": "a", "true": "b", "": "c", "a: b": "d", "x\ny": "e", "<<": "f", strings.Repeat("k", 300): "g", "*": "h", "null": "i"},
		"lists":    []any{[]any{[]any{}, map[string]any{"a": []any{"b"}}}},
	}
	s := facts.New(facts.Subject{Namespace: "default", Component: "thing"}, takenAt)
	s.Put(facts.Object{Ref: facts.Ref{Plane: facts.Control, Kind: "Thing", Name: "a"}, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: object}})
	got := read(t, write(t, s, WriteOptions{IncludeValues: true}))
	if diff := cmp.Diff(all(s), all(got)); diff != "" {
		t.Errorf("Read(Write(s)): -want, +got:\n%s", diff)
	}
	for _, o := range got.Objects() {
		o.Body.DeepCopy() // panics on numbers of other types than int64 and float64
	}
}

// TestEveryFieldIsWritten sets every field of the envelope, so that the test covers each new one.
func TestEveryFieldIsWritten(t *testing.T) {
	s := facts.New(facts.Subject{}, takenAt)
	fill(reflect.ValueOf(&s.Subject).Elem())
	s.Subject.Contexts, s.Subject.Planes, s.Subject.API = nil, nil, nil // of this machine's kubeconfig, which no file has
	fill(reflect.ValueOf(&s.Wanted).Elem())
	fill(reflect.ValueOf(&s.Changes).Elem())
	fill(reflect.ValueOf(&s.Past).Elem())
	var l facts.List
	fill(reflect.ValueOf(&l).Elem())
	s.PutList(l, nil)
	var log facts.Log
	fill(reflect.ValueOf(&log).Elem())
	s.PutLog(log)
	var o facts.Object
	fill(reflect.ValueOf(&o.Ref).Elem())
	o.Outcome, o.Reason = facts.Unreachable, "x"
	s.Put(o)

	got := read(t, write(t, s, WriteOptions{IncludeValues: true, Logs: true}))
	if diff := cmp.Diff(all(s), all(got)); diff != "" {
		t.Errorf("Read(Write(s)): -want, +got:\n%s", diff)
	}
}

// fill sets everything below v to something other than its zero value.
func fill(v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(takenAt))
		return
	case facts.Outcome:
		v.Set(reflect.ValueOf(facts.Found))
		return
	}
	switch v.Kind() { //nolint:exhaustive // of all kinds, the Snapshot has these
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Pointer: // how OpenChoreo's API is used, which no file has
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	default:
		panic("fill: teach me " + v.Kind().String())
	}
}
