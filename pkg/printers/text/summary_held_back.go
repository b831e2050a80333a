package text

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// heldBack says who has to continue a paused rollout, and how.
func (p conclusion) heldBack(r trace.Rung) {
	at := slices.IndexFunc(r.Findings, func(f trace.Finding) bool { return f.Code == trace.CodeRolloutPaused })
	if at < 0 {
		return
	}
	p.AddIndented(style.Sentence(r.Findings[at].Hint), 2)
	p.AddCommands(style.Commands(r.Findings[at]))
}
