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
	for _, read := range refused.Reads {
		p.AddIndented(read, 4)
	}
	p.AddCommands(style.Commands(refused.Finding))
}

// Refused are all reads that are forbidden: one administrator grants the rights together, with one command.
type Refused struct {
	Sentence string
	Reads    []string      // each with its verb and object
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
	var reads []string
	user := "you"
	for _, f := range findings {
		if read := readOf(f.Object); !slices.Contains(reads, read) {
			reads = append(reads, read)
		}
		for _, e := range f.Evidence {
			if e.Path == trace.UserEvidence {
				user = escape.Line(e.Value)
			}
		}
	}
	what := "1 read is"
	if len(reads) > 1 {
		what = fmt.Sprintf("%d reads are", len(reads))
	}
	return &Refused{Sentence: fmt.Sprintf("%s forbidden for %s. Unknown: %s.", what, user, strings.Join(unknown, ", ")), Reads: reads, Finding: findings[0]}
}

// readOf names the request that was refused. Without a name it was a list.
func readOf(ref facts.Ref) string {
	name := style.ObjectName(ref)
	if ref.Name != "" {
		return "get " + name
	}
	return "list " + strings.Replace(name, escape.Line(ref.Kind), escape.Line(ref.Kind)+" objects", 1)
}
