package printers

import (
	"fmt"
	"io"
)

// Setting is a value, and where it comes from.
type Setting struct{ Name, Value, From string }

// Settings prints a row for each.
func Settings(w io.Writer, all []Setting) error {
	table := plainTable(w)
	table.Header("NAME", "VALUE", "FROM")
	for _, s := range all {
		if err := table.Append([]string{escape(s.Name), escape(s.Value), escape(s.From)}); err != nil {
			return fmt.Errorf("write table: %w", err)
		}
	}
	if err := table.Render(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}
