// Package timeline writes the history of a component: as a table with a line for each release and environment, the life of one commit,
// and as data.
package timeline

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// Report is a history that can be printed.
type Report struct{ *history.History }

// Formats are those that Print knows, the default first.
func Formats() []string { return []string{"table", "json", "yaml"} }

// document is a History with its identity in front.
type document struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	*history.History
}

// Document is the history as data.
func (r Report) Document() any { return document{data.APIVersion, "ComponentHistory", r.History} }

// Print writes the history in a format.
func (r Report) Print(w io.Writer, format string, o style.Options) error {
	switch format {
	case "table":
		var out strings.Builder
		if r.Life != nil {
			writeLife(&out, r.Life, o)
		} else if err := writeTable(&out, r.History, o); err != nil {
			return err
		}
		if _, err := io.WriteString(w, o.ToASCII(out.String())); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		return nil
	case "json":
		return data.Write(w, data.JSON, r.Document())
	case "yaml":
		return data.Write(w, data.YAML, r.Document())
	}
	return fmt.Errorf("unknown output format %q", format)
}
