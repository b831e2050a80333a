package graph

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// WriteMermaid writes a trace as a flowchart that GitHub, GitLab and others draw from a block of Markdown.
func WriteMermaid(w io.Writer, t *trace.Trace) error {
	p := pictureOf(t)
	var out strings.Builder
	// Without a wrappingWidth every label is wrapped again, at 200 pixels.
	out.WriteString(`%%{init: {"flowchart": {"wrappingWidth": 420, "nodeSpacing": 30, "rankSpacing": 30}}}%%` + "\nflowchart TD\n")
	out.WriteString("  accTitle: The way of a component from Git to its pods\n")
	for _, g := range p.groups {
		if g.title != "" {
			fmt.Fprintf(&out, "  subgraph %s[\"%s\"]\n", g.id, escape.Mermaid(g.title))
		}
		for _, b := range g.boxes {
			out.WriteString(mermaidBox(b))
		}
		if g.title != "" {
			out.WriteString("  end\n")
		}
	}
	var failing []string
	for i, e := range p.edges {
		out.WriteString(mermaidEdge(e))
		if e.kind == failingEdge {
			failing = append(failing, fmt.Sprint(i))
		}
	}
	if len(failing) > 0 {
		fmt.Fprintf(&out, "  linkStyle %s stroke:%s,stroke-width:3px\n", strings.Join(failing, ","), paletteOf(trace.Failed).border)
	}
	out.WriteString(mermaidClasses())
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write mermaid: %w", err)
	}
	return nil
}

func mermaidEdge(e edge) string {
	label := ""
	if e.label != "" {
		label = "|" + e.label + "|"
	}
	switch e.kind {
	case failingEdge:
		return fmt.Sprintf("  %s ==>%s %s\n", e.from, label, e.to)
	case causeEdge:
		return fmt.Sprintf("  %s -.-%s %s\n", e.from, label, e.to)
	case plainEdge:
	}
	return fmt.Sprintf("  %s -->%s %s\n", e.from, label, e.to)
}

func mermaidBox(b box) string {
	lines := make([]string, 0, len(b.lines))
	for _, line := range b.lines {
		lines = append(lines, escape.Mermaid(line))
	}
	return fmt.Sprintf("  %s[\"%s\"]:::%s\n", b.id, strings.Join(lines, "<br/>"), strings.ToLower(b.state.String()))
}

func mermaidClasses() string {
	dashes := map[string]string{"solid": "0", "bold": "0", "dashed": "6 3", "dotted": "2 3"}
	widths := map[string]string{"solid": "1px", "bold": "3px", "dashed": "2px", "dotted": "2px"}
	var out strings.Builder
	for _, s := range legend() {
		look := paletteOf(s)
		fmt.Fprintf(&out, "  classDef %s fill:%s,stroke:%s,color:#1a1a1a,stroke-width:%s,stroke-dasharray:%s\n",
			strings.ToLower(s.String()), look.fill, look.border, widths[look.line], dashes[look.line])
	}
	return out.String()
}
