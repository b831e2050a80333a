package graph

import (
	"io"
	"testing"

	gonumdot "gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestDOT: the parser is that of others. Whatever a cluster says, there are the same nodes and edges.
func TestDOT(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trace        *trace.Trace
		nodes, edges int
	}{
		"Failed": {printerstest.FailedPull(), 8, 7},
		"Zero":   {&trace.Trace{}, 1, 0},
		"Markup": {printerstest.Poisoned(printerstest.Markup), 5, 5},
		"Nasty":  {printerstest.Poisoned(printerstest.Nasty), 5, 5},
		"Cells":  {printerstest.Poisoned(printerstest.Hostile), 5, 5},
		"Slash":  {printerstest.Poisoned(`\`), 5, 5},
	} {
		text := printerstest.Written(t, func(w io.Writer) error { return WriteDOT(w, c.trace) })
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
