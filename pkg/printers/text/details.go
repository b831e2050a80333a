package text

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// NextCommand is the first command that the last block of a trace prints, as it is printed; "" where it prints none.
func NextCommand(o style.Options, t *trace.Trace) string {
	p := newTree(o)
	p.conclude(t)
	if len(p.Commands) == 0 {
		return ""
	}
	return p.Commands[0]
}

// WebEndpoints are the URLs of a trace that may be opened, each once.
func WebEndpoints(t *trace.Trace) []string {
	var all []string
	for _, e := range t.Environments {
		for _, a := range e.Endpoints {
			if style.IsWebAddress(a.URL) && !slices.Contains(all, a.URL) {
				all = append(all, a.URL)
			}
		}
	}
	return all
}
