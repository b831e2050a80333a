// Package settings prints the settings in effect, and where each comes from.
package settings

import (
	"io"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// Setting is a value, and where it comes from.
type Setting struct{ Name, Value, From string }

// Write prints a row for each.
func Write(w io.Writer, all []Setting) error {
	t := style.Table{Header: []string{"NAME", "VALUE", "FROM"}}
	for _, s := range all {
		t.Rows = append(t.Rows, []string{escape.Line(s.Name), escape.Line(s.Value), escape.Line(s.From)})
	}
	p := &document.Document{}
	if err := p.AddTable(t); err != nil {
		return err
	}
	return p.Write(w)
}
