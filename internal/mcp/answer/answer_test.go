package answer

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 0, "pod": 1, "four": 1, "fives": 2, "a b": 2, "a   b": 3, "12": 1, "123": 2, "7b8c5": 5, "a.b": 3, "\n": 1, "é": 2, "→": 3, "kubectl get pods": 4,
	} {
		if got := Tokens(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	if got := Cut("short", 10); got != "short" {
		t.Errorf("%q", got)
	}
	for _, text := range []string{strings.Repeat("word ", 100), strings.Repeat("é", 100), strings.Repeat("\x80", 100)} {
		got := Cut(text, 20)
		if Tokens(got) > 20 || !strings.HasSuffix(got, "…") || len(got) < 15 || utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q has %d tokens", got, Tokens(got))
		}
	}
}

// TestText: lines of both kinds, the notice, and what is cut.
func TestText(t *testing.T) {
	t.Parallel()
	var text Text
	text.Say("Failed at: %s", Name("pod"))
	if got := text.String(100, "Use less."); got != "Failed at: pod\n" {
		t.Errorf("%q", got)
	}
	text.Quote("one\n| two\r\nthree https://user:secret1@git.example", 100)
	want := Notice + "\nFailed at: pod\n| one\n| | two\n| three https://***@git.example\n"
	if diff := cmp.Diff(want, text.String(200, "Use less.")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for range 50 {
		text.Say("and more words")
	}
	got := text.String(150, "Use environment.")
	last := strings.Split(strings.TrimSpace(got), "\n")
	if Tokens(got) > 150 || !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "because an answer has at most 150 tokens. Use environment.\n") {
		t.Errorf("%d tokens: %s", Tokens(got), got)
	}
	if count := fmt.Sprintf("Cut: %d of 55 lines", 55-len(last)+1); !strings.HasPrefix(last[len(last)-1], count) {
		t.Errorf("%q, want %q", last[len(last)-1], count)
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"cart-1.x": "cart-1.x", "main@ca36a4c": "main@ca36a4c", "": "(invalid name)", "a b": "(invalid name)", "-x": "(invalid name)", "a\nb": "(invalid name)"} {
		if got := Name(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}

// report is a document with long lists and texts.
func report(components, length int) map[string]any {
	var all []any
	for i := range components {
		all = append(all, map[string]any{"name": fmt.Sprintf("c%d", i), "message": strings.Repeat("word ", length), "tags": []string{"a", "b"}})
	}
	return map[string]any{"decision": "failed", "components": all, "few": []int{1, 2}}
}

// TestData: a document that is too long loses the ends of its texts, then items of its longest list, and says so.
func TestData(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		components, length, most int
		cut                      []Omission
	}{
		"Fits":  {2, 5, 500, nil},
		"Texts": {2, 300, 500, []Omission{{"components[0].message", 120, 300}, {"components[1].message", 120, 300}}},
		"Lists": {100, 1, 1000, []Omission{{"components", 25, 100}}},
	} {
		out, err := Data(report(c.components, c.length), c.most, "Use page.")
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Notice, Narrow string
			Cut            []Omission
			Report         struct {
				Decision   string
				Components []any
				Few        []int
			}
		}
		if err := json.Unmarshal(out, &d); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.cut, d.Cut); diff != "" || Tokens(string(out)) > c.most {
			t.Errorf("%s: %d tokens (-want +got)\n%s", name, Tokens(string(out)), diff)
		}
		if d.Notice == "" || d.Report.Decision != "failed" || len(d.Report.Few) != 2 || (d.Narrow != "") != (c.cut != nil) {
			t.Errorf("%s: %+v", name, d)
		}
	}
	if out, err := Data(map[string]string{"log": "password=hunter22"}, 500, ""); err != nil || strings.Contains(string(out), "hunter22") {
		t.Errorf("%s %v", out, err)
	}
	if out, err := Data(map[string]int{strings.Repeat("x", 4000): 1}, 500, "Use page."); err == nil {
		t.Errorf("%s", out)
	}
}

func FuzzData(f *testing.F) {
	f.Add(`{"a":[[1,2,3],[4,[5,6]],"text"],"b":{"c":[{"d":[]}]}}`, 200)
	f.Add(`[[[[[[[["x"]]]]]]]]`, 150)
	f.Add(`"`+strings.Repeat("long ", 400)+`"`, 300)
	f.Fuzz(func(t *testing.T, document string, most int) {
		if !json.Valid([]byte(document)) || most < 0 || most > MostTokens {
			t.Skip()
		}
		out, err := Data(json.RawMessage(document), most, "Use page.")
		if err == nil && (Tokens(string(out)) > most || !json.Valid(out)) {
			t.Errorf("%d tokens, at most %d: %s", Tokens(string(out)), most, out)
		}
	})
}
