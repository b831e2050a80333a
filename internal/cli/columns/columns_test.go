package columns

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// TestColumns: as kubectl has them; what is missing is <none>, several values are joined, and no value breaks its row.
func TestColumns(t *testing.T) {
	t.Parallel()
	component := func(name, message string) map[string]any {
		return map[string]any{"component": name, "message": message, "environments": []any{map[string]any{"name": "dev"}, map[string]any{"name": "prod"}}}
	}
	report := map[string]any{"kind": "VerifyReport", "components": []any{component("front", "one\n two"), component("back", "")}}
	file := filepath.Join(t.TempDir(), "columns")
	if err := os.WriteFile(file, []byte("NAME  WHERE\n.component {.environments[0].name}\nignored\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		format, template string
		document         map[string]any
		want             string
	}{
		"Items":    {"custom-columns=NAME:.component,MESSAGE:message", "", report, "NAME MESSAGE\nfront one two\nback\n"},
		"Several":  {"custom-columns=NAME:{.component},IN:{environments[*].name}", "", report, "NAME IN\nfront dev,prod\nback dev,prod\n"},
		"Missing":  {"custom-columns=X:.none.deeper", "", report, "X\n<none>\n<none>\n"},
		"Document": {"custom-columns=KIND:.kind", "", map[string]any{"kind": "Trace", "components": []any{1, 2}}, "KIND\nTrace\n"},
		"Findings": {"custom-columns=CODE:.code", "", map[string]any{"kind": "LintReport", "findings": []any{map[string]any{"code": "A"}}}, "CODE\nA\n"},
		"NoItems":  {"custom-columns=CODE:.code", "", map[string]any{"kind": "LintReport"}, "CODE\n"},
		"Template": {"custom-columns", "KIND:.kind", map[string]any{"kind": "Trace"}, "KIND\nTrace\n"},
		"File":     {"custom-columns-file=" + file, "", report, "NAME WHERE\nfront dev\nback dev\n"},
	} {
		p, err := New(c.format, c.template)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var out strings.Builder
		if err := p.PrintObj(&unstructured.Unstructured{Object: c.document}, &out); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var lines strings.Builder
		for line := range strings.Lines(out.String()) {
			lines.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
		}
		if diff := cmp.Diff(c.want, lines.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestRefusedColumns in kubectl's words.
func TestRefusedColumns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		full := filepath.Join(dir, name)
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return "custom-columns-file=" + full
	}
	for format, want := range map[string]string{
		"custom-columns":                       "custom-columns format specified but no custom columns given",
		"custom-columns=":                      "custom-columns format specified but no custom columns given",
		"custom-columns=NAME":                  "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>",
		"custom-columns=A:.a,NAME":             "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>",
		"custom-columns=A:":                    `unexpected path string ""`,
		"custom-columns=A:{.}":                 `unexpected path string "{.}"`,
		"custom-columns=A:{.a":                 "",
		"custom-columns=A:.a}":                 `unexpected path string ".a}"`,
		"custom-columns=A:.a[":                 "error parsing jsonpath .a[, ",
		"wide":                                 `unable to match a printer suitable for the output format "wide"`,
		"custom-columns-file=" + dir + "/gone": "error reading template " + dir + "/gone, ",
		file("one-line", "NAME"):               "invalid template " + dir + "/one-line, expected a line of headers",
		file("empty", "\n.a\n"):                "invalid template " + dir + "/empty, expected a line of headers",
		file("fewer-paths", "A B\n.a\n"):       "number of headers (2) and field specifications (1) don't match",
		file("bad-path", "A\n{\n"):             `unexpected path string "{"`,
	} {
		_, err := New(format, "")
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", format, err, want)
		}
	}
	p, err := New("custom-columns=A:.a", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.PrintObj(runtime.Object(&unstructured.UnstructuredList{}), &strings.Builder{}); err == nil || !strings.HasPrefix(err.Error(), "print columns of ") {
		t.Errorf("of a list: %v", err)
	}
}
