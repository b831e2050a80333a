package findings

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the index anew")

// TestEveryCodeHasAPage, and every page a code.
func TestEveryCodeHasAPage(t *testing.T) {
	t.Parallel()
	codes := declaredCodes(t)
	for _, code := range codes {
		if _, ok := Page(code); !ok {
			t.Errorf("code %s has no page: write docs/findings/%s.md", code, code)
		}
	}
	for _, code := range Codes() {
		if !slices.Contains(codes, code) {
			t.Errorf("docs/findings/%s.md: pkg/trace/codes.go has no such code", code)
		}
	}
}

// declaredCodes reads the constants of type Code from the source, as Go cannot list them at run time.
func declaredCodes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../pkg/trace/codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Code" || len(spec.Values) != 1 {
			t.Errorf("%s is not declared as a Code with its value", spec.Names[0])
			return false
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil || slices.Contains(codes, code) {
			t.Errorf("%s: code %q is there twice, or no word: %v", spec.Names[0], code, err)
		}
		codes = append(codes, code)
		return false
	})
	if len(codes) == 0 {
		t.Fatal("no codes found")
	}
	return codes
}

func TestPagesAreComplete(t *testing.T) {
	t.Parallel()
	for _, code := range Codes() {
		page, _ := Page(code)
		for _, fault := range formFaults(code, page) {
			t.Errorf("%s: %s", code, fault)
		}
	}
	for _, e := range Entries() {
		if !slices.Contains(Rungs(), e.Rung) || !strings.HasSuffix(e.Text, ".") || strings.Contains(e.Text, ". ") {
			t.Errorf("%s: rung %q or first sentence %q is not as it should be", e.Code, e.Rung, e.Text)
		}
	}
}

func TestNoOtherPages(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "README", "NoSuchCode", "../findings/StaleNotFound"} {
		if _, ok := Page(code); ok {
			t.Errorf("%q has a page", code)
		}
	}
}

// TestIndex holds README.md, which lists the pages for whoever reads the repository.
func TestIndex(t *testing.T) {
	t.Parallel()
	var index strings.Builder
	index.WriteString("# Findings\n\nThis page lists the findings by rung. A rung is one step between Git and the pods;\n" +
		"`any` means that the finding can occur at each. A cell is the namespace of a project in one environment. An applier is the\n" +
		"object that delivers others: Kustomization, HelmRelease, ResourceSet, FluxInstance or Application.\n\n" +
		"`kubectl choreo explain CODE` shows the same pages. Words in capitals are placeholders; a trace prints the commands with\n" +
		"their values. KIND and NAME are the object in the first line of the finding. If a page has commands for two roles with the\n" +
		"same effect, one of them is enough.\n\n" +
		"[Which of them are recorded](../coverage.md). This list is written by `make golden`.\n")
	rung := ""
	for _, e := range Entries() {
		if e.Rung != rung {
			rung = e.Rung
			fmt.Fprintf(&index, "\n## %s\n\n", rung)
		}
		fmt.Fprintf(&index, "- [%s](%s.md): %s\n", e.Code, e.Code, e.Text)
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(index.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), index.String()); diff != "" {
		t.Errorf("the index is not current; write it with make golden (-have +want)\n%s", diff)
	}
}
