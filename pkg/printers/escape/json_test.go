package escape

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestJSON: the text shows no hidden character, and a reader gets the original back.
func TestJSON(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"Plain":        {"a", "{\n \"k\": \"a\"\n}"},
		"TurnsText":    {"a\u202eb", "{\n \"k\": \"a\\u202eb\"\n}"},
		"Tag":          {"\U000e0041", "{\n \"k\": \"\\udb40\\udc41\"\n}"},
		"Delete":       {"\x7f", "{\n \"k\": \"\\u007f\"\n}"},
		"Emoji":        {"👩\u200d💻\u202e", "{\n \"k\": \"👩\u200d💻\\u202e\"\n}"},
		"OlderCommand": {"##[error]", "{\n \"k\": \"\\u0023#[error]\"\n}"},
	} {
		raw, err := json.MarshalIndent(map[string]string{"k": c.text}, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		got := JSON(raw)
		if diff := cmp.Diff(c.want, string(got)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		var back map[string]string
		if err := json.Unmarshal(got, &back); err != nil || back["k"] != c.text {
			t.Errorf("%s: reads as %q, %v", name, back["k"], err)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	got := Values(map[string]any{
		"text": "a\x1b\n ::error::b", "number": int64(1), "none": nil,
		"list": []any{"\u202e", true, map[string]any{"deep": "##[x]"}},
	})
	want := map[string]any{
		"text": `a\x1b` + "\n " + `\x3a:error::b`, "number": int64(1), "none": nil,
		"list": []any{`\u202e`, true, map[string]any{"deep": `\x23#[x]`}},
	}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
