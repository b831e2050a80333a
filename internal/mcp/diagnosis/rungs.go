package diagnosis

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func (d *Diagnosis) progressing(t *trace.Trace) {
	for _, w := range text.Waiting(t) {
		d.addRung(&d.Waiting, w, t)
	}
}

// addRung adds a rung. Its first finding is the cause if there is none yet.
func (d *Diagnosis) addRung(to *[]Place, r text.PlacedRung, t *trace.Trace) {
	p := Place{Rung: r.ID, Environment: r.Environment, Message: r.Summary}
	if len(r.Findings) > 0 {
		f := r.Findings[0]
		p = placeOf(r.ID, r.Environment, f)
		if d.Cause == nil {
			d.take(r.ID, r.Environment, f, t.TakenAt)
			return
		}
	}
	if len(*to) < mostOthers {
		*to = append(*to, p)
	}
}

func (d *Diagnosis) undecided(t *trace.Trace) {
	rungs, refused := text.Undecided(t)
	if refused != nil {
		d.Forbidden = &Forbidden{Sentence: refused.Sentence, Reads: refused.Reads[:min(len(refused.Reads), mostOthers)]}
		d.addSteps(refused.Finding)
	}
	for _, r := range rungs {
		d.addRung(&d.Unknown, r, t)
	}
}

// settled names what a healthy component does not run yet: what was committed and not deployed, or the topmost rung that is behind,
// with what holds it back.
func (d *Diagnosis) settled(t *trace.Trace) {
	if _, f := text.NotDeployed(t); f != nil {
		for _, r := range rungsOf(t) {
			if slices.ContainsFunc(r.Findings, func(o trace.Finding) bool { return o.Code == f.Code && o.Object == f.Object }) {
				d.take(r.ID, r.Environment, *f, t.TakenAt)
				return
			}
		}
	}
	for _, r := range rungsOf(t) {
		if r.Current != trace.Behind || t.Current != trace.Behind {
			continue
		}
		if i := slices.IndexFunc(r.Findings, func(f trace.Finding) bool { return f.Code == trace.CodeRolloutPaused }); i >= 0 {
			d.take(r.ID, r.Environment, r.Findings[i], t.TakenAt)
			return
		}
		d.Waiting = append(d.Waiting, Place{Rung: r.ID, Environment: r.Environment, Message: "behind the wanted revision: " + r.Summary})
		return
	}
}

// rungsOf are all rungs, top down.
func rungsOf(t *trace.Trace) []text.PlacedRung {
	var all []text.PlacedRung
	for _, r := range t.Rungs {
		all = append(all, text.PlacedRung{Rung: r})
	}
	for _, e := range t.Environments {
		for _, r := range e.Rungs {
			all = append(all, text.PlacedRung{Rung: r, Environment: e.Name})
		}
	}
	return all
}
