package ci

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestMarkdown: what is said is text in the tree of a renderer, wherever it stands; nothing of it is a link, an image, code,
// markup or a further cell.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	table := style.Table{Header: []string{"COMPONENT", "GATE"}, Rows: [][]string{{printerstest.Nasty, "failed"}, {"b", printerstest.Nasty}}}
	if err := WriteMarkdown(&out, printerstest.Nasty, table, remarks(), ""); err != nil {
		t.Fatal(err)
	}
	source := out.Bytes()
	tree := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	count := map[string]int{}
	if err := ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			count[n.Kind().String()]++
		}
		return ast.WalkContinue, nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []ast.NodeKind{
		ast.KindLink, ast.KindAutoLink, ast.KindImage, ast.KindRawHTML, ast.KindHTMLBlock, ast.KindCodeSpan, ast.KindCodeBlock,
		ast.KindFencedCodeBlock, ast.KindBlockquote, ast.KindThematicBreak, extast.KindStrikethrough, extast.KindTaskCheckBox,
	} {
		if count[kind.String()] > 0 {
			t.Errorf("%d nodes of %s\n%s", count[kind.String()], kind, source)
		}
	}
	for kind, want := range map[string]int{"Heading": 1, "Table": 1, "TableRow": 2, "TableCell": 6, "List": 1, "ListItem": 4, "Emphasis": 4} {
		if count[kind] != want {
			t.Errorf("%d nodes of %s, want %d\n%s", count[kind], kind, want, source)
		}
	}
	var html bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert(source, &html); err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{"| `code` **b** [l](http://evil)", "@team", "::stop-commands::t", "1. one"} {
		if !strings.Contains(html.String(), shown) {
			t.Errorf("%q is not shown:\n%s", shown, html.String())
		}
	}
}

// TestMarkdownNext: the commands are a block of code below the message, each on its line, and nothing in them ends the block.
func TestMarkdownNext(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	remark := Annotation{Code: "ImagePullBackOff", Severity: "error", Message: "not found", Next: []string{"kubectl logs 'a\n```\nb'", "kubectl choreo explain ImagePullBackOff"}}
	if err := WriteMarkdown(&out, "Result", style.Table{}, []Annotation{remark}, ""); err != nil {
		t.Fatal(err)
	}
	var html bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert(out.Bytes(), &html); err != nil {
		t.Fatal(err)
	}
	want := "<p>Next:</p>\n<pre><code>kubectl logs 'a ``` b'\nkubectl choreo explain ImagePullBackOff\n</code></pre>\n"
	if !strings.Contains(html.String(), want) {
		t.Errorf("want %s in\n%s\nof\n%s", want, html.String(), out.String())
	}
}
