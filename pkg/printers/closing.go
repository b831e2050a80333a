package printers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// closing is the last block, which is what somebody at three in the morning reads first: what failed, why, since when,
// what it means, what to type.
func (p *tree) closing(t *trace.Trace) {
	switch t.Verdict {
	case trace.VerdictFailed:
		p.failed(t)
	case trace.VerdictProgressing:
		p.progressing(t)
	case trace.VerdictUnknown:
		p.undecided(t)
	case trace.VerdictHealthy, trace.VerdictSuspended:
		p.healthy(t)
	}
}

func (p *tree) failed(t *trace.Trace) {
	f := t.Failing
	if f == nil {
		p.add("Failed.")
		return
	}
	p.add(p.options.paint("1;31", "Failing rung: "+place(f.Rung, f.Environment)) + "   " + string(f.Code))
	who := objectName(f.Object)
	if age := p.options.age(f.Since); age != "" {
		who = strings.TrimPrefix(who+", since "+age, ", ")
	}
	p.indented(who+":", 2)
	for _, line := range paragraphs(f.Message) {
		p.indented(line, 4)
	}
	p.evidence(f.Finding)
	p.indented(asSentence(f.Hint), 2)
	p.path(f.Finding)
	p.next(nextOf(f.Finding))
	p.others(t)
}

// others names the further failures, which may have causes of their own.
func (p *tree) others(t *trace.Trace) {
	for _, e := range t.Environments {
		if f := e.Failing; f != nil && (f.Rung != t.Failing.Rung || f.Environment != t.Failing.Environment) {
			p.indented(fmt.Sprintf("Also failing: %s (%s): %s", place(f.Rung, f.Environment), f.Code, escape(f.Message)), 2)
		}
	}
}

// progressing lists what waits. A rung that has neither a time nor a finding only follows from another that has.
func (p *tree) progressing(t *trace.Trace) {
	p.add(p.options.paint("36", "Progressing") + ", not failed:")
	waits := func(r trace.Rung) bool { return !r.Since.IsZero() || len(r.Findings) > 0 }
	cause := false
	each(t, func(r trace.Rung, _ string) { cause = cause || (r.State == trace.Progressing && waits(r)) })
	each(t, func(r trace.Rung, environment string) {
		if r.State == trace.Progressing && (waits(r) || !cause) {
			line := place(r.ID, environment) + ": " + escape(r.Summary)
			if age := p.options.age(r.Since); age != "" {
				line += ", for " + age
			}
			p.indented(line, 2)
			for _, f := range r.Findings {
				p.next(f.Next)
			}
		}
	})
}

func (p *tree) undecided(t *trace.Trace) {
	p.add(p.options.paint("35", "Could not decide:"))
	each(t, func(r trace.Rung, environment string) {
		if r.State != trace.Unknown {
			return
		}
		p.indented(place(r.ID, environment)+": "+escape(r.Summary), 2)
		for _, f := range r.Findings {
			p.indented(f.Message, 4)
			p.next(f.Next)
		}
	})
}

func (p *tree) healthy(t *trace.Trace) {
	if environment, f := notDeployed(t); f != nil {
		p.notDeployed(t, environment, *f)
		return
	}
	var running, earlier, still []string
	for _, e := range t.Environments {
		switch {
		case e.Verdict == trace.VerdictHealthy && waitsForPromotion(e):
			earlier = append(earlier, escape(e.Name))
		case e.Verdict == trace.VerdictHealthy:
			running = append(running, escape(e.Name))
		case !notBound(e):
			still = append(still, escape(e.Name))
		}
	}
	word, color := "Healthy", "32"
	if t.Current == trace.Behind {
		word, color = "Healthy, but behind", "33"
	}
	var parts []string
	if len(running) > 0 || len(earlier) == 0 {
		parts = append(parts, p.options.paint(color, word)+reported(t)+in(running)+at(t))
	}
	if len(earlier) > 0 {
		healthy := "healthy"
		if len(parts) == 0 {
			healthy = p.options.paint(color, word)
		}
		parts = append(parts, healthy+in(earlier)+" with an earlier release")
	}
	if len(still) > 0 {
		parts = append(parts, "undeployed"+in(still))
	}
	p.add(strings.Join(append(parts, unchecked(t)...), "; ") + ".")
	if t.Current == trace.Behind {
		p.behind(t)
	}
}

// behind names the topmost rung that does not carry what is wanted.
func (p *tree) behind(t *trace.Trace) {
	said := false
	each(t, func(r trace.Rung, environment string) {
		if r.Current == trace.Behind && !said {
			said = true
			p.indented(place(r.ID, environment)+behindBy(commit(r.Revision, true), commit(t.Wanted.Revision, true)), 2)
		}
	})
}

// behindBy ends a sentence on a rung that is behind; either revision may not be known.
func behindBy(has, wanted string) string {
	switch {
	case wanted == "":
		return " is behind."
	case has == "":
		return " does not have " + wanted + " yet."
	}
	return fmt.Sprintf(" has %s, wanted is %s.", has, wanted)
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
