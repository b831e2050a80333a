package printers

import (
	"regexp"
	"strings"
	"testing"

	gonumdot "gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// markup is what somebody writes into a status who wants to leave a label, a style sheet or a page.
const markup = `<script>alert(1)</script> ]]> "quoted' ` + "`back` ```fence" + ` \" \N \l $$x$$ #quot; &lt; %%{init} fa:fa-car` +
	` 1. one [l](http://evil) style x: y; --> e0 :::ok </style></pre> ﬂ°°60¶ß` + "\r\nend\nsubgraph\u2028"

func TestPicture(t *testing.T) {
	t.Parallel()
	p := pictureOf(failedPull())
	if p.caused != "e0_pod" || p.cause == nil || p.cause.lines[0] != "✗ fix first: ImagePullBackOff" {
		t.Errorf("the cause is %+v, at %q", p.cause, p.caused)
	}
	if len(p.trunk) != 2 || len(p.branches) != 2 || p.branches[1][0].lines[0] != "‖ production: not bound" {
		t.Errorf("%+v", p)
	}
	if got := p.trunk[1].lines[0]; got != "? delivery: unknown" {
		t.Errorf("a state without its word: %q", got)
	}
	want := [][2]string{{"root", "source"}, {"source", "delivery"}, {"delivery", "e0"}, {"e0", "e0_pod"}, {"delivery", "e1"}, {"e1", "e1_binding"}}
	for i, l := range p.links() {
		if l != want[i] {
			t.Errorf("link %d is %v, want %v", i, l, want[i])
		}
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		most int
		want string
	}{
		"Short":       {"a b", 2, "a b"},
		"Wraps":       {strings.Repeat("word ", 10), 3, "word word word word word word word word|word word"},
		"LongWord":    {"https://example.com/a/very/long/path/that/goes/on", 3, "https://example.com/a/very/long/path/|that/goes/on"},
		"NoSeparator": {strings.Repeat("x", 50), 3, strings.Repeat("x", 40) + "|" + strings.Repeat("x", 10)},
		"Cut":         {strings.Repeat("word ", 30), 1, "word word word word word word word wor …"},
		"Wide":        {strings.Repeat("日", 30), 3, strings.Repeat("日", 20) + "|" + strings.Repeat("日", 10)},
		"Empty":       {" ", 3, ""},
	} {
		if got := strings.Join(within([]string{c.text}, c.most), "|"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// boxLine is all that a line with text from a cluster may be: an id of ours, and a label without a quote.
var boxLine = regexp.MustCompile(`^ +[a-z0-9_]+\["[^"]*"\]:::[a-z]+$`)

// harmless is what a label may consist of: letters, codes, our own line breaks, and no word of Mermaid's or HTML's language.
var harmless = regexp.MustCompile(`^(?:[a-zA-Z0-9 ,/().-]|[^\x00-\x7f]|#\d+;|<br/>)*$`)

func TestMermaidTakesHostileTextAsText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{markup, hostile, nasty} {
		for line := range strings.Lines(print(t, "mermaid", Options{}, poisoned(text))) {
			line = strings.TrimSuffix(line, "\n")
			_, label, labelled := strings.Cut(line, `["`)
			if !labelled {
				continue
			}
			label = label[:strings.LastIndex(label, `"]`)]
			if !boxLine.MatchString(line) || !harmless.MatchString(label) || strings.Contains(label, "ﬂ") || strings.Contains(label, "¶ß") || strings.Contains(label, "#36;#36;") || strings.Contains(label, "#58;fa-") {
				t.Errorf("a label is more than text: %q", line)
			}
		}
	}
}

// TestDOT: the parser is that of others. Whatever a cluster says, there are the same nodes and edges.
func TestDOT(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trace        *trace.Trace
		nodes, edges int
	}{
		"Failed": {failedPull(), 8, 7},
		"Zero":   {&trace.Trace{}, 1, 0},
		"Markup": {poisoned(markup), 5, 5},
		"Nasty":  {poisoned(nasty), 5, 5},
		"Cells":  {poisoned(hostile), 5, 5},
		"Slash":  {poisoned(`\`), 5, 5},
	} {
		text := print(t, "dot", Options{}, c.trace)
		file, err := gonumdot.ParseString(text)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
			continue
		}
		nodes, edges := map[string]bool{}, 0
		count(file.Graphs[0].Stmts, nodes, &edges)
		if len(nodes) != c.nodes || edges != c.edges {
			t.Errorf("%s: %d nodes and %d edges, want %d and %d\n%s", name, len(nodes), edges, c.nodes, c.edges, text)
		}
	}
}

func count(statements []ast.Stmt, nodes map[string]bool, edges *int) {
	for _, s := range statements {
		switch s := s.(type) {
		case *ast.NodeStmt:
			nodes[s.Node.ID] = true
		case *ast.EdgeStmt:
			*edges++
		case *ast.Subgraph:
			count(s.Stmts, nodes, edges)
		}
	}
}

func TestDOTShowsWhatWasSaid(t *testing.T) {
	t.Parallel()
	if got, want := dotText(`a "b" \N &lt; c`), `a \"b\" \\N &amp;lt; c`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
