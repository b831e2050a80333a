package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The limits of CONTRIBUTING.md.
const (
	maxFile    = 250   // lines of a file
	maxPackage = 1_500 // lines of a package without its tests
	maxMethods = 30    // of a type
)

// source is one package.
type source struct {
	lines   int
	methods map[string]int // by type
}

// packages reads the sources of the program, by folder.
func packages(t *testing.T) map[string]*source {
	t.Helper()
	all := map[string]*source{}
	for _, root := range []string{"cmd", "docs", "internal", "pkg", "release", "test"} {
		err := filepath.WalkDir(filepath.Join("..", root), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			name = filepath.ToSlash(strings.TrimPrefix(name, ".."+string(filepath.Separator)))
			lines := strings.Count(string(text), "\n")
			if lines > maxFile {
				t.Errorf("%s has %d lines, more than %d", name, lines, maxFile)
			}
			if strings.HasSuffix(name, "_test.go") {
				return nil
			}
			if all[path.Dir(name)] == nil {
				all[path.Dir(name)] = &source{methods: map[string]int{}}
			}
			all[path.Dir(name)].lines += lines
			return all[path.Dir(name)].count(text)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func (s *source) count(text []byte) error {
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
			s.methods[receiver(f.Recv.List[0].Type)]++
		}
	}
	return nil
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// TestLayout holds files, packages and types to their limits, and the map of ARCHITECTURE.md to the packages that exist.
func TestLayout(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	cells := regexp.MustCompile("(?m)^\\| (`.*?) \\|").FindAllStringSubmatch(string(text), -1)
	for folder, s := range packages(t) {
		if s.lines > maxPackage {
			t.Errorf("package %s has %d lines, more than %d", folder, s.lines, maxPackage)
		}
		for name, n := range s.methods {
			if n > maxMethods {
				t.Errorf("type %s of %s has %d methods, more than %d", name, folder, n, maxMethods)
			}
		}
		if !isListed(cells, folder) && !strings.HasPrefix(folder, "test/") && path.Base(folder) != "generate" {
			t.Errorf("package %s is not in the table of ARCHITECTURE.md", folder)
		}
	}
}

// isListed reports whether a row names a folder: whole, or its last part beside one with the same parent.
func isListed(cells [][]string, folder string) bool {
	last := regexp.MustCompile(`\b` + regexp.QuoteMeta(path.Base(folder)) + `\b`)
	for _, cell := range cells {
		if strings.Contains(cell[1], "`"+folder+"`") || strings.Contains(cell[1], path.Dir(folder)+"/") && last.MatchString(cell[1]) {
			return true
		}
	}
	return false
}
