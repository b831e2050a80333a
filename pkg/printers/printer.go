package printers

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Printer writes one Trace.
type Printer interface {
	Print(w io.Writer, t *trace.Trace) error
}

// Formats are the names that New knows.
func Formats() []string { return []string{"tree", "wide", "json", "yaml", "mermaid", "dot", "html"} }

// New returns the Printer of a format.
func New(format string, o Options) (Printer, error) {
	switch format {
	case "", "tree":
		return printerFunc(func(w io.Writer, t *trace.Trace) error { return writeTree(w, t, o) }), nil
	case "wide":
		return printerFunc(func(w io.Writer, t *trace.Trace) error { return writeWide(w, t, o) }), nil
	case "json":
		return printerFunc(func(w io.Writer, t *trace.Trace) error { return writeTrace(w, encodeJSON, t) }), nil
	case "yaml":
		return printerFunc(func(w io.Writer, t *trace.Trace) error { return writeTrace(w, encodeYAML, t) }), nil
	case "mermaid":
		return printerFunc(writeMermaid), nil
	case "dot":
		return printerFunc(writeDOT), nil
	case "html":
		return printerFunc(func(w io.Writer, t *trace.Trace) error { return writeHTML(w, t, o) }), nil
	}
	return nil, fmt.Errorf("unknown output format %q; use one of %s", format, strings.Join(slices.Sorted(slices.Values(Formats())), ", "))
}

type printerFunc func(w io.Writer, t *trace.Trace) error

func (f printerFunc) Print(w io.Writer, t *trace.Trace) error { return f(w, t) }
