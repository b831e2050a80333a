package graph

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// WriteDOT writes the ladder in the language of Graphviz.
func WriteDOT(w io.Writer, t *trace.Trace) error {
	p := pictureOf(t)
	var out strings.Builder
	out.WriteString("digraph ladder {\n  graph [nodesep=0.3, ranksep=0.3]\n")
	out.WriteString("  node [shape=box, fontname=\"Helvetica\", fontsize=11, fontcolor=\"#1a1a1a\"]\n  edge [color=\"#6b6b6b\", fontname=\"Helvetica\", fontsize=10]\n")
	for _, b := range p.all() {
		out.WriteString(dotBox(b))
	}
	for _, l := range p.links() {
		fmt.Fprintf(&out, "  %s -> %s\n", l[0], l[1])
	}
	if p.cause != nil {
		fmt.Fprintf(&out, "  %s -> %s [label=\" why\", style=dotted, dir=none]\n", p.caused, p.cause.id)
	}
	out.WriteString("}\n")
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write dot: %w", err)
	}
	return nil
}

// dotBox: \l ends a line and sets it at the left.
func dotBox(b box) string {
	var label strings.Builder
	for _, line := range b.lines {
		label.WriteString(escape.DOT(line) + `\l`)
	}
	look := paletteOf(b.state)
	return fmt.Sprintf("  %s [label=\"%s\", style=\"filled,%s\", fillcolor=\"%s\", color=\"%s\"]\n", b.id, label.String(), look.line, look.fill, look.border)
}
