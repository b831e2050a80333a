package graph

import (
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
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
		"Failed": {printerstest.FailedPull(), 6, 5},
		"Zero":   {&trace.Trace{}, 1, 0},
		"Markup": {printerstest.Poisoned(printerstest.Markup), 4, 4},
		"Nasty":  {printerstest.Poisoned(printerstest.Nasty), 4, 4},
		"Cells":  {printerstest.Poisoned(printerstest.Hostile), 4, 4},
		"Slash":  {printerstest.Poisoned(`\`), 4, 4},
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

// TestBoxesOfDOT: each line of a box ends at the left, and its look is that of its state.
func TestBoxesOfDOT(t *testing.T) {
	t.Parallel()
	got := printerstest.Written(t, func(w io.Writer) error { return WriteDOT(w, printerstest.FailedPull()) })
	want := `digraph trace {
  graph [nodesep=0.3, ranksep=0.3, fontname="Helvetica", fontsize=11, color="#6b6b6b"]
  node [shape=box, fontname="Helvetica", fontsize=11, fontcolor="#1a1a1a"]
  edge [color="#6b6b6b", fontname="Helvetica", fontsize=10]
  root [label="✗ greeter: Failed\lnamespace default\lwanted revision: main@7040926\l", style="filled,bold", fillcolor="#fbe4d8", color="#b34700"]
  source [label="✓ source: ok, 7040926\lGitRepository flux-system/oc\l", style="filled,solid", fillcolor="#e6f5f0", color="#007a59"]
  delivery [label="? delivery: unknown\lnot readable: forbidden\l", style="filled,dotted", fillcolor="#f8e9f2", color="#a0447a"]
  subgraph cluster_e0 {
  label="✗ development: failed"
  e0_pod [label="✗ pod: failed\lgreeter-1: ImagePullBackOff\l", style="filled,bold", fillcolor="#fbe4d8", color="#b34700"]
  }
  e1 [label="‖ production: not deployed\l", style="filled,dashed", fillcolor="#fdf3dc", color="#946200"]
  cause [label="✗ fix first: ImagePullBackOff\lPod dp-demo/greeter-1, on data plane eu\lFailed to pull image \"greeter:1\": not\lfound\l", style="filled,bold", fillcolor="#fbe4d8", color="#b34700"]
  root -> source [color="#b34700", penwidth=3]
  source -> delivery [color="#b34700", penwidth=3]
  delivery -> e0_pod [color="#b34700", penwidth=3]
  delivery -> e1
  e0_pod -> cause [label=" why", style=dotted, dir=none]
}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
