package graph

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// WriteMermaid writes the ladder as a flowchart that GitHub, GitLab and others draw from a block of Markdown.
func WriteMermaid(w io.Writer, t *trace.Trace) error {
	p := pictureOf(t)
	var out strings.Builder
	// Without a wrappingWidth every label is wrapped again, at 200 pixels.
	out.WriteString(`%%{init: {"flowchart": {"wrappingWidth": 420, "nodeSpacing": 30, "rankSpacing": 30}}}%%` + "\nflowchart TD\n")
	out.WriteString("  accTitle: The way of a component from Git to its pods\n")
	for _, b := range p.all() {
		out.WriteString(mermaidBox(b))
	}
	for _, l := range p.links() {
		fmt.Fprintf(&out, "  %s --> %s\n", l[0], l[1])
	}
	if p.cause != nil {
		fmt.Fprintf(&out, "  %s -. why .- %s\n", p.caused, p.cause.id)
	}
	out.WriteString(mermaidClasses())
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write mermaid: %w", err)
	}
	return nil
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
