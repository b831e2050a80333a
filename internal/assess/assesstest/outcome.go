package assesstest

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Outcome is what a trace comes to, in a form to compare.
type Outcome struct {
	Verdict     trace.Verdict
	Rung        trace.RungID
	Environment string
	Code        trace.Code
	Kind        string
}

// OutcomeOf is the outcome of a trace.
func OutcomeOf(t *trace.Trace) Outcome {
	o := Outcome{Verdict: t.Verdict}
	if f := t.Failing; f != nil {
		o.Rung, o.Environment, o.Code, o.Kind = f.Rung, f.Environment, f.Code, f.Object.Kind
	}
	return o
}

// Summaries are the summary of each rung and the hints of its findings.
func Summaries(t *trace.Trace) string {
	rungs := t.Rungs
	for _, e := range t.Environments {
		rungs = append(rungs, e.Rungs...)
	}
	var lines []string
	for _, r := range rungs {
		lines = append(lines, string(r.ID)+": "+r.Summary)
		for _, f := range r.Findings {
			lines = append(lines, "  "+f.Hint)
		}
	}
	return strings.Join(lines, "\n")
}

// Failed is the outcome of a trace that fails at a rung.
func Failed(rung trace.RungID, environment string, code trace.Code, kind string) Outcome {
	return Outcome{trace.VerdictFailed, rung, environment, code, kind}
}
