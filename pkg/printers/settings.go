package printers

import "io"

// Setting is a value, and where it comes from.
type Setting struct{ Name, Value, From string }

// Settings prints a row for each.
func Settings(w io.Writer, all []Setting) error {
	t := Table{Header: []string{"NAME", "VALUE", "FROM"}}
	for _, s := range all {
		t.Rows = append(t.Rows, []string{escape(s.Name), escape(s.Value), escape(s.From)})
	}
	p := &document{}
	if err := p.table(t); err != nil {
		return err
	}
	return p.write(w)
}
