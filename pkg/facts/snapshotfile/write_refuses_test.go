package snapshotfile

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestWriteRefuses(t *testing.T) {
	cases := map[string]struct {
		reason string
		body   map[string]any
		want   string
	}{
		"NotJSON": {
			reason: "A Go int would make unstructured's DeepCopy panic later",
			body:   map[string]any{"spec": map[string]any{"replicas": 3}},
			want:   "write snapshot: Thing a: replicas is of Go type int, which JSON does not have",
		},
		"NotANumber": {
			reason: "JSON has no NaN",
			body:   map[string]any{"x": math.NaN()},
			want:   "write snapshot: Thing a: number NaN, which JSON does not have",
		},
		"TooDeep": {
			reason: "Read would refuse it",
			body:   map[string]any{"x": nested(100)},
			want:   "write snapshot: Thing a: nested deeper than 100",
		},
		"TooLarge": {
			reason: "Read would refuse it",
			body:   map[string]any{"x": strings.Repeat("x", 5<<20)},
			want:   "write snapshot: Thing a is larger than a document of a snapshot may be (4 MiB)",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := facts.New(facts.Subject{}, takenAt)
			s.Put(facts.Object{Ref: facts.Ref{Plane: facts.Control, Kind: "Thing", Name: "a"}, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: tc.body}})
			err := Write(&bytes.Buffer{}, s, WriteOptions{})
			if err == nil || err.Error() != tc.want {
				t.Errorf("%s\nWrite(…): want %q, got %v", tc.reason, tc.want, err)
			}
		})
	}
}

func nested(levels int) any {
	var v any = "x"
	for range levels {
		v = []any{v}
	}
	return v
}

// TestWriteCommas expects that a text is read back although it looks like a million values to Read's limits.
func TestWriteCommas(t *testing.T) {
	for name, text := range map[string]string{"Commas": strings.Repeat("1,", 500_000), "Control": strings.Repeat("\x01", 1_000_000)} {
		t.Run(name, func(t *testing.T) {
			s := facts.New(facts.Subject{}, takenAt)
			s.Put(facts.Object{
				Ref: facts.Ref{Plane: facts.Control, Kind: "Thing", Name: "a"}, Outcome: facts.Found,
				Body: &unstructured.Unstructured{Object: map[string]any{"x": text}},
			})
			got := read(t, write(t, s, WriteOptions{IncludeValues: true}))
			if got.Objects()[0].Body.Object["x"] != text {
				t.Error("the text came back changed")
			}
		})
	}
}

var errDisk = errors.New("disk full")

type fullDisk struct{ room int }

func (f *fullDisk) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func TestWriteError(t *testing.T) {
	for room := range 4 {
		if err := Write(&fullDisk{room * 300}, sample(t), WriteOptions{}); !errors.Is(err, errDisk) {
			t.Errorf("Write to a disk of %d bytes: want %v, got %v", room*300, errDisk, err)
		}
	}
}
