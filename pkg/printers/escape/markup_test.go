package escape

import (
	"testing"
)

// TestMarkdown: only what could be markup where it stands is a reference, so that most text stays readable.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"greeter-service 1 of 2": "greeter-service 1 of 2",
		"a|b":                    "a&#124;b",
		"*a* _b_ `c`":            "&#42;a&#42; &#95;b&#95; &#96;c&#96;",
		"<img> &amp;":            "&#60;img&#62; &#38;amp;",
		"[a](b) ![c]":            "&#91;a&#93;(b) &#33;&#91;c&#93;",
		"{a} ~b~ $c$ ==d==":      "&#123;a&#125; &#126;b&#126; &#36;c&#36; &#61;&#61;d&#61;&#61;",
		"# a":                    "&#35; a",
		"+ a":                    "&#43; a",
		`a\b`:                    "a&#92;b",
		"@team":                  "&#64;team",
		"- a":                    "&#45; a",
		"a-b":                    "a-b",
		"12. a":                  "12&#46; a",
		"v1.2.3":                 "v1.2.3",
		"see www.example.com":    "see www&#46;example.com",
		"WWW.example.com":        "WWW&#46;example.com",
		"https://example.com":    "https&#58;//example.com",
		":tada: done: 1":         "&#58;tada: done: 1",
		"a\n# b":                 "a &#35; b",
		"\x1b[1m":                `&#92;x1b&#91;1m`,
	} {
		if got := Markdown(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestMermaid(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Deployment a/b, (1)": "Deployment a/b, (1)",
		"für 日本":              "für 日本",
		`"a"`:                 "#34;a#34;",
		"#35;":                "#35;35#59;",
		"<b>&amp;":            "#60;b#62;#38;amp#59;",
		"a-b v1.2":            "a-b v1.2",
		"- a":                 "#45; a",
		"1. a":                "1#46; a",
		"a\nend":              "a#10;end",
		"$$x$$":               "#36;\u200c#36;\u200cx#36;\u200c#36;\u200c",
		"a:fa-ban":            "a#58;\u200cfa-ban",
		"¶x":                  "¶\u200cx",
		"ﬂ°":                  "fl°",
		"@[{}]":               "#64;#91;#123;#125;#93;",
		"AZaz09@":             "AZaz09#64;",
	} {
		if got := Mermaid(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
