package rules

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// externalNames reports the entries for objects of other repositories that no reference needs. They would hide the next mistake.
func externalNames(ix *index.Index) {
	for i, e := range ix.External {
		if !ix.Needed[i] {
			ix.ReportAt(e.Place, facts.Ref{}, trace.Info, Unused(fmt.Sprintf("no reference needs the external name %s %s", e.Kind, e.Name)))
		}
	}
}

// Unused is the finding about an entry that suppresses nothing.
func Unused(message string) trace.Finding {
	return trace.Finding{Severity: trace.Info, Code: trace.CodeSuppressionUnused, Message: message, Hint: "remove the entry: it would hide a later finding"}
}
