package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// unknown names what could not be read.
func (p conclusion) unknown(t *trace.Trace) {
	p.Add(p.Options.Paint("35", "Unknown, not failed:"))
	rungs, refused := Undecided(t)
	for _, r := range rungs {
		p.AddIndented(style.Place(r.ID, r.Environment)+": "+escape.Line(r.Summary), 2)
		for _, f := range r.Findings {
			p.AddIndented(f.Message, 4)
			p.AddCommands(style.Commands(f))
		}
	}
	if refused == nil {
		return
	}
	p.AddIndented(refused.Sentence, 2)
	for _, ref := range refused.Objects {
		p.AddIndented(style.ObjectName(ref), 4)
	}
	p.AddCommands(style.Commands(refused.Finding))
}

// Refused are all reads that are forbidden: one administrator grants the rights together, with one command.
type Refused struct {
	Sentence string
	Objects  []facts.Ref
	Finding  trace.Finding // the first of them
}

// Undecided are the unknown rungs with a cause of their own, and the missing rights in one; nil where none is missing.
func Undecided(t *trace.Trace) (rungs []PlacedRung, refused *Refused) {
	var forbidden []trace.Finding
	var unknown []string
	each(t, func(r trace.Rung, _ string) {
		for _, f := range r.Findings {
			if r.State == trace.Unknown && isForbidden(f) {
				forbidden = append(forbidden, f)
				if !slices.Contains(unknown, string(r.ID)) {
					unknown = append(unknown, string(r.ID))
				}
			}
		}
	})
	each(t, func(r trace.Rung, environment string) {
		isFollowed := len(r.Findings) == 0 && len(forbidden) > 0 // it names no cause of its own
		if r.State == trace.Unknown && !isFollowed && !slices.ContainsFunc(r.Findings, isForbidden) {
			rungs = append(rungs, PlacedRung{r, environment})
		}
	})
	if len(forbidden) > 0 {
		refused = refusedReads(forbidden, unknown)
	}
	return rungs, refused
}

// isForbidden reports whether a right of Kubernetes is missing. OpenChoreo's API has permissions of its own.
func isForbidden(f trace.Finding) bool {
	return f.Code == trace.CodeForbidden && !facts.IsOpenChoreoAPI(f.Message)
}

func refusedReads(findings []trace.Finding, unknown []string) *Refused {
	var objects []facts.Ref
	user := "you"
	for _, f := range findings {
		if !slices.Contains(objects, f.Object) {
			objects = append(objects, f.Object)
		}
		for _, e := range f.Evidence {
			if e.Path == trace.UserEvidence {
				user = escape.Line(e.Value)
			}
		}
	}
	what := "this object"
	if len(objects) > 1 {
		what = fmt.Sprintf("these %d objects", len(objects))
	}
	sentence := fmt.Sprintf("%s may not read %s. Unknown: %s.", user, what, strings.Join(unknown, ", "))
	return &Refused{Sentence: sentence, Objects: objects, Finding: findings[0]}
}
