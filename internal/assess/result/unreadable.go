package result

import (
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// InvalidReference is the finding for a reference that no object can have. Nothing was requested for it.
func InvalidReference(ref facts.Ref, reason string) trace.Finding {
	return trace.Finding{
		Code: trace.CodeInvalidReference, Object: ref, Message: reason,
		Hint: "no object can have this name, so it was not requested: check the field that contains it",
	}
}
