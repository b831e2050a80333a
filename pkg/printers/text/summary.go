package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// conclusion is the last block of a trace.
type conclusion struct{ *tree }

func (p *tree) conclude(t *trace.Trace) { conclusion{p}.summary(t) }

// summary is the last block, which is read first: what failed, why, since when,
// what it means, what to type.
func (p conclusion) summary(t *trace.Trace) {
	switch t.Verdict {
	case trace.VerdictFailed:
		p.failed(t)
	case trace.VerdictProgressing:
		p.progressing(t)
	case trace.VerdictUnknown:
		p.unknown(t)
	case trace.VerdictHealthy, trace.VerdictSuspended:
		p.healthy(t)
		p.explain(t)
		return
	}
	p.warnings(t)
}

// warnings counts the warnings below the verdict.
func (p conclusion) warnings(t *trace.Trace) {
	var failing trace.Code
	if t.Failing != nil {
		failing = t.Failing.Code
	}
	if words := Warnings(t, failing); words != "" {
		p.Add(p.Options.Paint("33", "  Also "+words+"."))
	}
}

func (p conclusion) failed(t *trace.Trace) {
	f := t.Failing
	if f == nil {
		p.Add("Failed.")
		return
	}
	p.Add(p.linkedCode(p.Options.Paint("1;31", "Failed at: "+style.Place(f.Rung, f.Environment))+"   "+string(f.Code), f.Code))
	who := style.ObjectName(f.Object)
	if age := p.Options.Age(f.Since); age != "" {
		who = strings.TrimPrefix(who+", since "+age, ", ")
	}
	p.AddIndented(who+":", 2)
	for _, line := range escape.Lines(style.Shorten(withoutSubject(f.Finding))) {
		p.AddIndented(line, 4)
	}
	p.AddLogs(f.Finding)
	p.AddIndented(style.Sentence(f.Hint), 2)
	p.explainBehind(t)
	p.AddPath(f.Finding)
	for _, c := range f.Changes[:min(len(f.Changes), maxChanges)] {
		p.AddIndented(style.Shorten(style.PriorChange(c)), 2)
	}
	p.AddCommands(style.Commands(f.Finding))
	p.others(t)
}

// maxChanges bounds the changes before a failure that are printed.
const maxChanges = 3

// withoutSubject is the message of a finding without its object, which the line above names, where that is the subject of the sentence.
func withoutSubject(f trace.Finding) string {
	rest, found := strings.CutPrefix(f.Message, f.Object.String()+" ")
	if !found || strings.HasPrefix(rest, "and ") {
		return f.Message
	}
	return rest
}

// others names the further failures, which may have causes of their own.
func (p conclusion) others(t *trace.Trace) {
	for _, e := range t.Environments {
		if f := e.Failing; f != nil && (f.Rung != t.Failing.Rung || f.Environment != t.Failing.Environment) {
			p.AddIndented(fmt.Sprintf("Also failing: %s, %s: %s", style.Place(f.Rung, f.Environment), f.Code, escape.Line(style.Shorten(f.Message))), 2)
		}
	}
}

// progressing lists what waits.
func (p conclusion) progressing(t *trace.Trace) {
	p.Add(p.Options.Paint("36", "Progressing") + ", not failed:")
	hasFindings := false
	for _, w := range Waiting(t) {
		line := style.Place(w.ID, w.Environment) + ": " + escape.Line(w.Summary)
		if age := p.Options.Age(w.Since); age != "" {
			line += ", for " + age
		}
		p.AddIndented(line, 2)
		if len(w.Findings) > 0 { // the others follow from it
			p.AddIndented(style.Sentence(w.Findings[0].Hint), 2)
			if !hasFindings {
				p.explainBehind(t)
			}
			hasFindings = true
			p.AddCommands(style.Commands(w.Findings[0]))
		}
	}
	if !hasFindings {
		p.AddIndented("Wait for it: what takes too long is reported as failed.", 2)
		p.explainBehind(t)
	}
}

// PlacedRung is a rung with the name of its environment, which is "" for shared rungs.
type PlacedRung struct {
	trace.Rung
	Environment string
}

// Waiting are the rungs that a progressing trace waits for. A rung that has neither a time nor a finding only follows from another
// that has.
func Waiting(t *trace.Trace) []PlacedRung {
	var causes, all []PlacedRung
	each(t, func(r trace.Rung, environment string) {
		if r.State != trace.Progressing {
			return
		}
		all = append(all, PlacedRung{r, environment})
		if !r.Since.IsZero() || len(r.Findings) > 0 {
			causes = append(causes, PlacedRung{r, environment})
		}
	})
	if len(causes) > 0 {
		return causes
	}
	return all
}

func (p conclusion) healthy(t *trace.Trace) {
	if sentence, f := NotDeployed(t); f != nil {
		p.notDeployed(t, sentence, *f)
		return
	}
	var running, earlier, still []string
	for _, e := range t.Environments {
		switch {
		case e.Verdict == trace.VerdictHealthy && waitsForPromotion(e):
			earlier = append(earlier, escape.Line(e.Name))
		case e.Verdict == trace.VerdictHealthy:
			running = append(running, escape.Line(e.Name))
		case !style.IsUnbound(e):
			still = append(still, escape.Line(e.Name))
		}
	}
	word, color := "Healthy", "32"
	if t.Current == trace.Behind {
		word, color = "Healthy, but behind", "33"
	}
	var parts []string
	if len(running) > 0 || len(earlier) == 0 {
		parts = append(parts, p.Options.Paint(color, word)+reported(t)+inEnvironments(running)+atRevision(t))
	}
	if len(earlier) > 0 {
		healthy := "healthy"
		if len(parts) == 0 {
			healthy = p.Options.Paint(color, word)
		}
		parts = append(parts, healthy+inEnvironments(earlier)+" with an earlier release")
	}
	if len(still) > 0 {
		parts = append(parts, "undeployed"+inEnvironments(still))
	}
	conclusion := strings.Join(append(parts, uncheckedPods(t)...), "; ")
	if words := Warnings(t, ""); words != "" {
		conclusion += ", " + p.Options.Paint("33", words)
	}
	p.Add(conclusion + ".")
	if t.Current == trace.Behind {
		p.behind(t)
	}
}

// each goes down the ladder.
func each(t *trace.Trace, visit func(r trace.Rung, environment string)) {
	for _, r := range t.Rungs {
		visit(r, "")
	}
	for _, e := range t.Environments {
		for _, r := range slices.Clone(e.Rungs) {
			visit(r, e.Name)
		}
	}
}
