package files

import (
	"testing"
)

// TestDirectives: what is not valid YAML is a template if it has a directive of Jinja, Helm or Go.
func TestDirectives(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"{{ .Values.a }}": true, "{{- if .Values.a }}": true, "{{~ a }}": true, "{{ \"a\" }}": true, "{{ $x }}": true, "{{include}}": true, "{% if x %}": true, "{%- for a in b %}": true, "{%+ set x %}": true,
		"{{ 1 }}": false, "{ { a } }": false, "{%": false, "{% X": false, "a: b": false, "{{": false,
	} {
		f := parseAll(t, map[string]string{"broken.yaml": "a: [\n" + text + "\n", "valid.yaml": "a: '" + text + "'\n"})
		if got := f.IsTemplate("broken.yaml"); got != want || f.IsTemplate("valid.yaml") {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestTemplatesOfValues: an invalid manifest whose directives are all in values is no template: rendering does not make it valid.
func TestTemplatesOfValues(t *testing.T) {
	t.Parallel()
	const header = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: a\n"
	const config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
	const broken = "x: [\n"
	for name, c := range map[string]struct {
		text string
		want bool // a template
	}{
		"Quoted":            {header + "  b: '{{a}}'\n  c: \"{{ .a }}-x\"\n" + broken, false},
		"WithinText":        {config + "  b: x-{{ a }}\n  - y {{ b }}\n" + broken, false},
		"Block":             {config + "data:\n  a: |-\n    {{ if a }}\n\n    b\n    {{ end }}\n  c: d\n" + broken, false},
		"FoldedItem":        {config + "  a:\n  - >\n    {{ a }}\n  - b\n" + broken, false},
		"BlockOfTag":        {config + "  a: !!str |2 # {{ a }}\n      {{ a }}\n" + broken, false},
		"ItemBeforeDash":    {config + "  a:\n  - |\n   {{ a }}\n" + broken, false},
		"Comment":           {config + "# {{ a }}\n  # {% if %}\n  a: 'x {{ b }}'\n" + broken, false},
		"InKey":             {config + "  a-{{ b }}: c\n" + broken, false},
		"QuotedInFlow":      {config + "  a: [\"{{ a }}\", '{{ b }}', {c: \"{{ c }}\"}]\n" + broken, false},
		"EscapedQuote":      {config + "  a: \"{{ index \\\"b\\\" }}\"\n" + broken, false},
		"NotClosed":         {header + "  a: \"{{ b }}-c\n  d: e\n" + broken, false},
		"QuoteMissing":      {header + "  a: {{b}}-c'\n  d: '{{e}}'\n", false},
		"QuoteMissingAlone": {header + "  a: {{b}}-c'\n", true},
		"QuotesMissing":     {header + "  a: {{b}}-c'\n  d: {{e}}-f\n  g: '{{h}}'\n", true},
		"OfOtherKind":       {config + "  a: {{b}}-c'\n  d: '{{e}}'\n", true},
		"Unquoted":          {config + "  a: {{ b }}\n" + broken, true},
		"UnquotedItem":      {config + "  a:\n  - {{ b }}\n" + broken, true},
		"UnquotedInFlow":    {config + "  a: ['b', {{ c }}]\n" + broken, true},
		"UnquotedInMap":     {config + "  a: {b: {{ c }}}\n" + broken, true},
		"SameQuotes":        {config + "  a: \"{{ b | default(\"c\") }}\"\n" + broken, true},
		"SameSingleQuotes":  {config + "  a: '{{ b | default('c') }}'\n" + broken, true},
		"Alone":             {header + "  a: '{{ b }}'\n{{ if c }}\n" + broken, true},
		"AfterBlock":        {config + "  a: |\n    b\n  {{ if c }}\n" + broken, true},
		"JinjaAlone":        {header + "  a: '{{ b }}'\n  {% if c %}\n" + broken, true},
		"NoHeader":          {"a: '{{ b }}'\n" + broken, true},
		"NoKind":            {"apiVersion: v1\na: '{{ b }}'\n" + broken, true},
		"TemplateOfHeader":  {"apiVersion: v1\nkind: '{{ a }}'\n" + broken, true},
	} {
		f := parseAll(t, map[string]string{"a.yaml": c.text})
		if f.Broken["a.yaml"] == nil {
			t.Errorf("%s is valid", name)
		}
		if got := f.IsTemplate("a.yaml"); got != c.want {
			t.Errorf("%s is a template: %v, want %v", name, got, c.want)
		}
	}
}

// TestIsManifest: an invalid file is meant to be a manifest if it begins as one, and is no template of any kind.
func TestIsManifest(t *testing.T) {
	t.Parallel()
	const header = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
	for text, want := range map[string]bool{
		header + "a: [\n": true, header + "a: '{{ b }}'\nc: [\n": true, "a: [\n": false, header + "a: {{ b }}-c\n": false,
		header + "a: [\n<% if b %>\n": false, header + "{{#b}}\na: [\n": false, header + "{# b #}\na: [\n": false,
	} {
		f := parseAll(t, map[string]string{"a.yaml": text, "chart/Chart.yaml": "name: c\n", "chart/a.yaml": text})
		if got := f.IsManifest("a.yaml"); got != want || f.IsManifest("chart/a.yaml") {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
