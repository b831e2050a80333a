package printers

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Printer writes one Trace.
type Printer interface {
	Print(w io.Writer, t *trace.Trace) error
}

// Options of a Printer. The zero value is what a pipe gets: words, no colour, UTF-8, lines of any length.
type Options struct {
	Color bool
	ASCII bool // the terminal cannot show more
	Marks bool // states as marks; else as words
	Width int  // in cells; 0 is unlimited
	Now   time.Time
	// Program is how the user calls this program; "" is kubectl choreo. What is for people names it so; data and reports never do, as
	// whoever reads them may call it otherwise.
	Program string
	Seen    *facts.Snapshot // what the page shows of each object; it is shown as it is, so mask it first
}

// Formats are the names that New knows.
func Formats() []string { return []string{"tree", "wide", "json", "yaml", "mermaid", "dot", "html"} }

// New returns the Printer of a format.
func New(format string, o Options) (Printer, error) {
	switch format {
	case "", "tree":
		return &tree{options: o}, nil
	case "wide":
		return &wide{options: o}, nil
	case "json":
		return data{encodeJSON}, nil
	case "yaml":
		return data{encodeYAML}, nil
	case "mermaid":
		return mermaid{}, nil
	case "dot":
		return dot{}, nil
	case "html":
		return html{options: o}, nil
	}
	return nil, fmt.Errorf("unknown output format %q; use one of %s", format, strings.Join(slices.Sorted(slices.Values(Formats())), ", "))
}
