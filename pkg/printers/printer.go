package printers

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/ci"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/graph"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/html"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Printer writes one Trace.
type Printer interface {
	Print(w io.Writer, t *trace.Trace) error
}

// Options are how a Printer writes.
type Options = style.Options

// Annotation is one finding in the formats of CI systems.
type Annotation = ci.Annotation

// APIVersion is the version of the data form.
const APIVersion = data.APIVersion

// Escape makes text that may come from outside harmless, such as an error. Its lines stay lines, all but the first indented.
func Escape(text string) string { return escape.Message(text) }

// NewLogWriter returns a writer that escapes each entry of a log.
func NewLogWriter(w io.Writer) io.Writer { return escape.Writer{Out: w} }

// Formats are the names that New knows.
func Formats() []string { return []string{"tree", "wide", "json", "yaml", "mermaid", "dot", "html"} }

// New returns the Printer of a format.
func New(format string, o Options) (Printer, error) {
	switch format {
	case "", "tree":
		return printerFunc(func(w io.Writer, t *trace.Trace) error { return text.WriteTree(w, t, o) }), nil
	case "wide":
		return printerFunc(func(w io.Writer, t *trace.Trace) error { return text.WriteWide(w, t, o) }), nil
	case "json":
		return printerFunc(func(w io.Writer, t *trace.Trace) error { return data.Write(w, data.JSON, data.OfTrace(t)) }), nil
	case "yaml":
		return printerFunc(func(w io.Writer, t *trace.Trace) error { return data.Write(w, data.YAML, data.OfTrace(t)) }), nil
	case "mermaid":
		return printerFunc(graph.WriteMermaid), nil
	case "dot":
		return printerFunc(graph.WriteDOT), nil
	case "html":
		return printerFunc(func(w io.Writer, t *trace.Trace) error { return html.Write(w, t, o) }), nil
	}
	return nil, fmt.Errorf("unknown output format %q; use one of %s", format, strings.Join(slices.Sorted(slices.Values(Formats())), ", "))
}

type printerFunc func(w io.Writer, t *trace.Trace) error

func (f printerFunc) Print(w io.Writer, t *trace.Trace) error { return f(w, t) }
