package data_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
)

// hostile are texts of a cluster, and a number that a float cannot hold.
type hostile struct {
	Text   string   `json:"text"`
	Lines  []string `json:"lines"`
	Number int64    `json:"number"`
	Empty  string   `json:"empty,omitempty"`
}

func document() hostile {
	return hostile{Text: "<a> & \x1b[31m \u202e \u2028 ##[error] \U000e0001", Lines: []string{"one\n::error::x", "日本語"}, Number: 9007199254740993}
}

// TestJSONKeepsText: a reader of JSON gets each text back, no character of it reaches a terminal, and markup stays readable.
func TestJSONKeepsText(t *testing.T) {
	t.Parallel()
	for name, encoded := range map[string]string{
		"JSON": printerstest.Written(t, func(w io.Writer) error { return data.Write(w, data.JSON, document()) }),
		"Line": printerstest.Written(t, func(w io.Writer) error { return data.WriteLine(w, document()) }),
	} {
		var got hostile
		if err := json.Unmarshal([]byte(encoded), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(document(), got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		printerstest.CheckHarmless(t, name, encoded)
		if !strings.Contains(encoded, "<a> & ") || printerstest.RunnerCommand.MatchString(encoded) {
			t.Errorf("%s: %s", name, encoded)
		}
	}
}

// TestJSONForm: a document is indented by two spaces; a line of events has no line break but at its end.
func TestJSONForm(t *testing.T) {
	t.Parallel()
	value := map[string]any{"b": []int{1}, "a": "x"}
	for want, write := range map[string]func(w io.Writer) error{
		"{\n  \"a\": \"x\",\n  \"b\": [\n    1\n  ]\n}\n": func(w io.Writer) error { return data.Write(w, data.JSON, value) },
		"{\"a\":\"x\",\"b\":[1]}\n":                       func(w io.Writer) error { return data.WriteLine(w, value) },
		"a: x\nb:\n- 1\n":                                 func(w io.Writer) error { return data.Write(w, data.YAML, value) },
	} {
		if diff := cmp.Diff(want, printerstest.Written(t, write)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestYAMLEscapes: YAML and the templates of kubectl print a text as it is, so it is escaped before; numbers stay whole.
func TestYAMLEscapes(t *testing.T) {
	t.Parallel()
	want := hostile{Text: `<a> & \x1b[31m \u202e \u2028 \x23#[error] \ue0001`, Lines: []string{"one\n" + `\x3a:error::x`, "日本語"}, Number: 9007199254740993}
	encoded := printerstest.Written(t, func(w io.Writer) error { return data.Write(w, data.YAML, document()) })
	var got hostile
	if err := yaml.UnmarshalStrict([]byte(encoded), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("YAML (-want +got)\n%s", diff)
	}
	printerstest.CheckHarmless(t, "yaml", encoded)
	o, err := data.Object(document())
	if err != nil {
		t.Fatal(err)
	}
	wantFields := map[string]any{"text": want.Text, "lines": []any{want.Lines[0], want.Lines[1]}, "number": want.Number}
	if diff := cmp.Diff(wantFields, o.Object); diff != "" {
		t.Errorf("object (-want +got)\n%s", diff)
	}
}

// TestTraceDocument: a trace begins with its identity, and ends a stream of events in one line.
func TestTraceDocument(t *testing.T) {
	t.Parallel()
	line := printerstest.Written(t, func(w io.Writer) error { return data.WriteTraceLine(w, printerstest.FailedPull()) })
	if !strings.HasPrefix(line, `{"apiVersion":"kubectl-choreo.dev/v1alpha1","kind":"Trace",`) || strings.Count(line, "\n") != 1 {
		t.Errorf("the line is %s", line)
	}
	var got struct {
		Subject struct{ Component string }
		Verdict string
	}
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		t.Fatal(err)
	}
	if got.Subject.Component != "greeter" || got.Verdict != "Failed" {
		t.Errorf("%+v", got)
	}
}

// TestWriteFails: a value that cannot be encoded, and a stream that is closed, are errors with their cause.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	read, closed := io.Pipe()
	_ = read.Close()
	list := []string{"no object"}
	for name, write := range map[string]func(w io.Writer, value any) error{
		"JSON": func(w io.Writer, value any) error { return data.Write(w, data.JSON, value) },
		"YAML": func(w io.Writer, value any) error { return data.Write(w, data.YAML, value) },
		"Line": data.WriteLine,
	} {
		if err := write(closed, map[string]string{}); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s to a closed pipe: %v", name, err)
		}
		var out strings.Builder
		var unsupported *json.UnsupportedTypeError
		if err := write(&out, map[string]any{"f": func() {}}); !errors.As(err, &unsupported) || out.Len() > 0 {
			t.Errorf("%s of a function: %v, written %q", name, err, out.String())
		}
	}
	if o, err := data.Object(list); err == nil {
		t.Errorf("a list is no object: %v", o)
	}
	if err := data.WriteTraceLine(closed, printerstest.FailedPull()); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a trace to a closed pipe: %v", err)
	}
}
