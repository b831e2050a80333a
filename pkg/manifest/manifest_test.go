package manifest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestExternal: an entry names objects by kind and a pattern of names, in one namespace or in any. An invalid pattern matches nothing.
func TestExternal(t *testing.T) {
	t.Parallel()
	ref := facts.Ref{Plane: facts.Control, Group: "example.com", Kind: "Secret", Namespace: "shop", Name: "db-main"}
	for name, c := range map[string]struct {
		external External
		want     bool
	}{
		"Name":           {External{Kind: "Secret", Name: "db-main"}, true},
		"Namespace":      {External{Kind: "Secret", Namespace: "shop", Name: "db-main"}, true},
		"OtherNamespace": {External{Kind: "Secret", Namespace: "other", Name: "db-main"}, false},
		"OtherKind":      {External{Kind: "ConfigMap", Name: "db-main"}, false},
		"OtherName":      {External{Kind: "Secret", Name: "db"}, false},
		"Star":           {External{Kind: "Secret", Name: "db-*"}, true},
		"Any":            {External{Kind: "Secret", Name: "*"}, true},
		"Characters":     {External{Kind: "Secret", Name: "db-[l-n]a?n"}, true},
		"Invalid":        {External{Kind: "Secret", Name: "db-[main"}, false},
		"Nothing":        {External{}, false},
	} {
		if got := c.external.Matches(ref); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// constants returns the constants of a type, as they are declared in a file: their values if they are texts, else their names.
func constants(t *testing.T, file, of string) map[string]bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, declaration := range parsed.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		current := ""
		for _, spec := range group.Specs {
			value := spec.(*ast.ValueSpec)
			if kind, ok := value.Type.(*ast.Ident); ok {
				current = kind.Name
			}
			name := value.Names[0].Name
			if len(value.Values) == 1 {
				if text, ok := value.Values[0].(*ast.BasicLit); ok {
					name, _ = strconv.Unquote(text.Value)
				}
			}
			if current == of {
				found[name] = true
			}
		}
	}
	return found
}

// TestListsOfAll: a report has a line for each reason, family and state, so the lists have all of them, each once.
func TestListsOfAll(t *testing.T) {
	t.Parallel()
	reasons, families, states := map[string]bool{}, map[string]bool{}, map[DeliveryState]bool{}
	for _, reason := range ReasonsNotChecked() {
		reasons[string(reason)] = true
	}
	for _, family := range Families() {
		families[string(family)] = true
	}
	for _, state := range DeliveryStates() {
		states[state] = true
	}
	if diff := cmp.Diff(constants(t, "against.go", "NotChecked"), reasons); diff != "" || len(ReasonsNotChecked()) != len(reasons) {
		t.Errorf("reasons (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(constants(t, "coverage.go", "Family"), families); diff != "" || len(Families()) != len(families) {
		t.Errorf("families (-want +got)\n%s", diff)
	}
	if n := len(constants(t, "coverage.go", "DeliveryState")); n != len(states) || n != len(DeliveryStates()) {
		t.Errorf("%d states of %d", len(states), n)
	}
}
