package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestExportedSignatures: a program of another module cannot name a type of internal/, so no exported declaration below pkg/ has one.
func TestExportedSignatures(t *testing.T) {
	t.Parallel()
	files := 0
	err := filepath.WalkDir(filepath.Join("..", "pkg"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, found := range internalTypes(file) {
			t.Errorf("%s: %s", name, found)
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("%d files: %v", files, err)
	}
}

// TestInternalTypesAreFound shows that the test above finds each kind of declaration.
func TestInternalTypesAreFound(t *testing.T) {
	t.Parallel()
	const imports = "package a\nimport (\n\t\"github.com/kubectl-choreo/kubectl-choreo/internal/kinds\"\n\tother \"github.com/kubectl-choreo/kubectl-choreo/internal/engine\"\n)\n"
	for text, want := range map[string]int{
		"type A struct{ B []kinds.C }": 1, "type A struct{ kinds.C }": 1, "type A struct{ b kinds.C }": 0, "type a struct{ B kinds.C }": 0, "type A func(other.C)": 1,
		"func A(b map[string]kinds.C) {}": 1, "func A() (b *other.C) { return }": 1, "func a(b kinds.C) {}": 0, "func A() { _ = kinds.C{} }": 0,
		"func (x X) A() kinds.C { panic(1) }": 1, "func (x *x) A() kinds.C { panic(1) }": 0, "var A kinds.C": 1, "var a kinds.C": 0, "const A = kinds.B": 0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", imports+text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := internalTypes(file); len(got) != want {
			t.Errorf("%s: %q, want %d", text, got, want)
		}
	}
}

// internalTypes returns the types of internal/ in the exported declarations of a file, with the name of the declaration.
func internalTypes(file *ast.File) []string {
	internal := map[string]bool{}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil || !strings.Contains(name, "/kubectl-choreo/internal/") {
			continue
		}
		if internal[path.Base(name)] = spec.Name == nil; spec.Name != nil {
			internal[spec.Name.Name] = true
		}
	}
	var found []string
	for name, node := range exported(file) {
		ast.Inspect(node, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && internal[x.Name] {
					found = append(found, name+" has the type "+x.Name+"."+s.Sel.Name)
				}
			}
			return true
		})
	}
	return found
}

// exported returns the types of the exported declarations of a file by their names: of a struct its exported fields.
func exported(file *ast.File) map[string]ast.Node {
	all := map[string]ast.Node{}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				name = receiver(d.Recv.List[0].Type) + "." + name
			}
			if d.Name.IsExported() && ast.IsExported(name) {
				all[name] = d.Type
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				addSpec(all, spec)
			}
		}
	}
	return all
}

func addSpec(all map[string]ast.Node, spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		fields, isStruct := spec.Type.(*ast.StructType)
		switch {
		case !spec.Name.IsExported():
		case !isStruct:
			all[spec.Name.Name] = spec.Type
		default:
			for i, f := range fields.Fields.List {
				if len(f.Names) == 0 || f.Names[0].IsExported() {
					all[spec.Name.Name+" field "+strconv.Itoa(i)] = f.Type
				}
			}
		}
	case *ast.ValueSpec:
		if spec.Type != nil && spec.Names[0].IsExported() {
			all[spec.Names[0].Name] = spec.Type
		}
	}
}
