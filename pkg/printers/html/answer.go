package html

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// htmlAnswer is the result at the top of the page, with what to do.
type htmlAnswer struct {
	Title     string
	At        *htmlPlace // the rung that failed
	Sentences []string
	Objects   []string // that could not be read
	Finding   *htmlFinding
	Changes   []string // before the failure
	Rungs     []htmlOpenRung
	Also      []htmlFailing
	Warnings  string
}

// htmlPlace is a rung by name, with the id of its element.
type htmlPlace struct{ Name, Link string }

// htmlOpenRung is a rung that keeps the verdict open.
type htmlOpenRung struct {
	htmlPlace
	Summary  string
	Since    htmlTime
	Findings []htmlFinding
}

// htmlFailing is a finding with the rung that it made fail.
type htmlFailing struct {
	htmlPlace
	htmlFinding
}

func (p html) answer(t *trace.Trace) htmlAnswer {
	answer := p.verdict(t)
	explained := map[string]bool{}
	explain := func(f *htmlFinding) {
		if f.Page != "" && !explained[f.Code] {
			explained[f.Code] = true
			f.Explained = p.explanation(f.Code)
		}
	}
	if answer.Finding != nil {
		explain(answer.Finding)
	}
	for i := range answer.Rungs {
		for j := range answer.Rungs[i].Findings {
			explain(&answer.Rungs[i].Findings[j])
		}
	}
	return answer
}

func (p html) verdict(t *trace.Trace) htmlAnswer {
	switch t.Verdict {
	case trace.VerdictFailed:
		return p.failed(t)
	case trace.VerdictProgressing:
		return htmlAnswer{Title: "Progressing, not failed", Rungs: p.openRungs(t, text.Waiting(t)), Warnings: text.Warnings(t, "")}
	case trace.VerdictUnknown:
		return p.undecided(t)
	case trace.VerdictHealthy, trace.VerdictSuspended:
		return p.healthy(t)
	}
	return p.undecided(t)
}

// failed is what to fix first, and what else fails.
func (p html) failed(t *trace.Trace) htmlAnswer {
	f := t.Failing
	if f == nil {
		return htmlAnswer{Title: "Failed", Warnings: text.Warnings(t, "")}
	}
	at, first := place(t, f.Rung, f.Environment), p.finding(f.Finding)
	answer := htmlAnswer{Title: "Fix first", At: &at, Finding: &first, Warnings: text.Warnings(t, f.Code)}
	for _, c := range f.Changes {
		answer.Changes = append(answer.Changes, escape.Line(style.PriorChange(c)))
	}
	for _, e := range t.Environments {
		if other := e.Failing; other != nil && (other.Rung != f.Rung || other.Environment != f.Environment) {
			answer.Also = append(answer.Also, htmlFailing{place(t, other.Rung, other.Environment), p.finding(other.Finding)})
		}
	}
	return answer
}

func (p html) undecided(t *trace.Trace) htmlAnswer {
	rungs, refused := text.Undecided(t)
	answer := htmlAnswer{Title: "Unknown, not failed", Rungs: p.openRungs(t, rungs)}
	if refused == nil {
		answer.Warnings = text.Warnings(t, "")
		return answer
	}
	answer.Warnings = text.Warnings(t, refused.Finding.Code)
	answer.Sentences = []string{escape.Line(refused.Sentence)}
	answer.Objects = append(answer.Objects, refused.Reads...)
	finding := p.finding(refused.Finding) // one of several: the others have their objects and messages at their rungs
	answer.Finding = &htmlFinding{Code: finding.Code, Page: finding.Page, Next: finding.Next}
	return answer
}

func (p html) healthy(t *trace.Trace) htmlAnswer {
	if headline, f := text.NotDeployed(t); f != nil {
		finding := p.finding(*f)
		return htmlAnswer{Title: escape.Line(headline), Finding: &finding, Warnings: text.Warnings(t, f.Code)}
	}
	return htmlAnswer{
		Title: "Result", Sentences: text.Verdict(t, style.Options{Now: p.options.Now, Program: p.options.Program}),
		Rungs: p.openRungs(t, text.Explained(t)),
	}
}

func (p html) openRungs(t *trace.Trace, rungs []text.PlacedRung) []htmlOpenRung {
	var all []htmlOpenRung
	for _, r := range rungs {
		one := htmlOpenRung{htmlPlace: place(t, r.ID, r.Environment), Summary: escape.Line(r.Summary), Since: p.time(r.Since)}
		for _, f := range r.Findings {
			one.Findings = append(one.Findings, p.finding(f))
		}
		all = append(all, one)
	}
	return all
}

func place(t *trace.Trace, rung trace.RungID, environment string) htmlPlace {
	link := string(rung)
	if i := slices.IndexFunc(t.Environments, func(e trace.Environment) bool { return e.Name == environment }); i >= 0 && environment != "" {
		link = branchID(i) + link
	}
	return htmlPlace{style.Place(rung, environment), link}
}
