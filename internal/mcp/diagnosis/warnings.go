package diagnosis

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// meaningOf is the first sentence of the page of a code.
func meaningOf(code trace.Code) string {
	entry, known := findings.Lookup(string(code))
	if !known {
		return ""
	}
	return entry.Text
}

// warningsOf are the warnings of all rungs, each code once, down the rungs.
func warningsOf(t *trace.Trace) []Warning {
	var all []Warning
	for _, r := range rungsOf(t) {
		for _, f := range r.Findings {
			if f.Severity != trace.Warning {
				continue
			}
			at := slices.IndexFunc(all, func(w Warning) bool { return w.Code == f.Code })
			if at >= 0 {
				all[at].Count++
				continue
			}
			all = append(all, Warning{f.Code, 1, strings.TrimSpace(style.ObjectName(f.Object) + " " + MessageOf(f))})
		}
	}
	return all[:min(len(all), mostOthers)]
}
