package text

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// inEnvironments names environments behind a word; "" where there is none.
func inEnvironments(environments []string) string {
	if len(environments) == 0 {
		return ""
	}
	return " in " + strings.Join(environments, ", ")
}

// atRevision names the revision that runs; "" where none is known to.
func atRevision(t *trace.Trace) string {
	if t.Wanted.Revision == "" || t.Current != trace.Current {
		return ""
	}
	return " at " + style.Revision(t.Wanted.Revision, true)
}

// addConclusion adds the line that reports what all of it comes to, wrapped to the terminal's width.
func (p conclusion) addConclusion(color, word, rest string) {
	for i, line := range style.Wrap(p.Options.ToASCII(escape.Line(word+rest)), p.Options.TextWidth(0)) {
		if head := min(len(line), len(escape.Line(word))); i == 0 {
			line = p.Options.Paint(color, line[:head]) + line[head:]
		}
		p.Add(line)
	}
}

// releaseFinding reports that the release of an environment is not what the Workload of the wanted revision declares.
func releaseFinding(e trace.Environment) *trace.Finding {
	for _, r := range e.Rungs {
		for _, f := range r.Findings {
			if r.ID == trace.RungRelease && (f.Code == trace.CodeWorkloadNotReleased || f.Code == trace.CodeReleaseNotBound) {
				return &f
			}
		}
	}
	return nil
}

func waitsForPromotion(e trace.Environment) bool { return releaseFinding(e) != nil }

// notDeployed is the environment in which the Workload should run first, and does not, with the finding; unless something above
// holds the revision back.
func notDeployed(t *trace.Trace) (environment string, f *trace.Finding) {
	for _, r := range t.Rungs {
		if r.Current == trace.Behind {
			return "", nil
		}
	}
	for _, e := range t.Environments {
		if f := releaseFinding(e); f != nil && f.Severity == trace.Warning && e.Current == trace.Behind {
			return e.Name, f
		}
	}
	return "", nil
}

// NotDeployed is the headline of a healthy trace whose Workload does not run in the first environment, with the finding that reports it;
// nil where it runs.
func NotDeployed(t *trace.Trace) (headline string, f *trace.Finding) {
	environment, f := notDeployed(t)
	if f == nil {
		return "", nil
	}
	what := "the Workload"
	if t.Wanted.Revision != "" {
		what = style.Revision(t.Wanted.Revision, false)
	}
	return "Healthy, but " + what + " is not deployed in " + environment, f
}

func (p conclusion) notDeployed(t *trace.Trace, headline string, f trace.Finding) {
	p.addConclusion("33", headline, ": "+f.Message+".")
	p.AddIndented(style.Sentence(f.Hint), 2)
	p.AddCommands(style.Commands(f))
	if words := Warnings(t, f.Code); words != "" {
		p.Add(p.Options.Paint("33", "  Also "+words+"."))
	}
}
