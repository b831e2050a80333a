package verify

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// unknown are the rungs that could not be judged, each with the reason. What follows from a failure, or from what could not be read, and
// was therefore not assessed, is none.
func (v *evaluator) unknown() {
	var unexplained []locatedRung
	isExplained := false
	for p := range rungs(v.trace) {
		if p.rung.State != trace.Unknown {
			continue
		}
		if at := slices.IndexFunc(p.rung.Findings, func(f trace.Finding) bool { return unreadable(f.Code) }); at >= 0 {
			v.add(Undecided, RequireHealthy, p.failure(p.rung.Findings[at]))
			isExplained = true
			continue
		}
		unexplained = append(unexplained, p)
	}
	if isExplained || v.trace.Verdict == trace.VerdictFailed {
		return
	}
	for _, p := range unexplained {
		v.add(Undecided, RequireHealthy, p.stateFailure(trace.CodeUnreachable))
	}
}

func unreadable(c trace.Code) bool {
	return slices.Contains([]trace.Code{trace.CodeForbidden, trace.CodeUnreachable, trace.CodeKindNotInstalled, trace.CodeRevisionUnknown}, c)
}
