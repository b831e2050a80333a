package lint

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// externalNames reports the entries for objects of other repositories that no reference needs. They would hide the next mistake.
func externalNames(w *index) {
	for i, e := range w.External {
		if !w.needed[i] {
			w.reportAt(e.Place, facts.Ref{}, trace.Info, unused(fmt.Sprintf("no reference needs the external name %s %s", e.Kind, e.Name)))
		}
	}
}

// unused is the finding about an entry that suppresses nothing.
func unused(message string) trace.Finding {
	return trace.Finding{Severity: trace.Info, Code: trace.CodeSuppressionUnused, Message: message, Hint: "remove the entry: it would hide a later finding"}
}
