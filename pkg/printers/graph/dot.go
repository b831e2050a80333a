package graph

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// WriteDOT writes a trace in the language of Graphviz.
func WriteDOT(w io.Writer, t *trace.Trace) error {
	p := pictureOf(t)
	var out strings.Builder
	out.WriteString("digraph trace {\n  graph [nodesep=0.3, ranksep=0.3, fontname=\"Helvetica\", fontsize=11, color=\"#6b6b6b\"]\n")
	out.WriteString("  node [shape=box, fontname=\"Helvetica\", fontsize=11, fontcolor=\"#1a1a1a\"]\n  edge [color=\"#6b6b6b\", fontname=\"Helvetica\", fontsize=10]\n")
	for _, g := range p.groups {
		if g.title != "" {
			fmt.Fprintf(&out, "  subgraph cluster_%s {\n  label=\"%s\"\n", g.id, escape.DOT(g.title))
		}
		for _, b := range g.boxes {
			out.WriteString(dotBox(b))
		}
		if g.title != "" {
			out.WriteString("  }\n")
		}
	}
	for _, e := range p.edges {
		fmt.Fprintf(&out, "  %s -> %s%s\n", e.from, e.to, dotEdge(e))
	}
	out.WriteString("}\n")
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write dot: %w", err)
	}
	return nil
}

func dotEdge(e edge) string {
	var attributes []string
	if e.label != "" {
		attributes = append(attributes, `label=" `+e.label+`"`)
	}
	switch e.kind {
	case failingEdge:
		attributes = append(attributes, fmt.Sprintf(`color="%s", penwidth=3`, paletteOf(trace.Failed).border))
	case causeEdge:
		attributes = append(attributes, "style=dotted", "dir=none")
	case plainEdge:
	}
	if len(attributes) == 0 {
		return ""
	}
	return " [" + strings.Join(attributes, ", ") + "]"
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
