package trace

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// assessKustomization judges every applier of the subject's objects, and those it depends on. One that waits for another
// is a symptom; the one that fails is the cause.
func assessKustomization(v *view) *judgement {
	delivery := v.delivery()
	if len(delivery) == 0 {
		return v.noDelivery()
	}
	judged := map[facts.Ref]*judgement{}
	for _, d := range delivery {
		judged[d.object.Ref] = v.assessApplier(d.object)
	}
	return v.combineKustomizations(delivery, judged)
}

func (v *view) noDelivery() *judgement {
	j := rung(RungKustomization, facts.Ref{})
	if j.unanswered(v.kustomizationList()) {
		return j
	}
	j.State, j.Summary = OK, "none applies this component: applied by hand"
	return j
}

// combineKustomizations: what a delivering one needs counts as it stands; a dependency that fails while every
// delivering one is at the wanted revision does not hold this component back, and is only worth a warning.
func (v *view) combineKustomizations(delivery []delivered, judged map[facts.Ref]*judgement) *judgement {
	var direct, all []*judgement
	for _, d := range delivery {
		j := judged[d.object.Ref]
		all = append(all, j)
		if d.direct {
			direct = append(direct, j)
		}
	}
	settled := !slices.ContainsFunc(direct, func(j *judgement) bool { return j.State != OK || j.Current == Behind })
	for _, d := range delivery {
		if j := judged[d.object.Ref]; !d.direct && settled {
			demote(j)
		}
	}
	followDependencies(delivery, judged)
	v.cycle(delivery, judged)
	if settled {
		all = append(slices.Clone(direct), slices.DeleteFunc(all, func(j *judgement) bool { return slices.Contains(direct, j) })...)
	}
	combined := gather(RungKustomization, all)
	combined.Current = directCurrency(direct)
	if combined.State == OK || combined.State == Suspended {
		combined.Object, combined.Revision = direct[0].Object, direct[0].Revision
		combined.Summary = deliverySummary(delivery)
	}
	return combined
}

func directCurrency(direct []*judgement) Currency {
	current := CurrencyUnknown
	for _, j := range direct {
		current = older(current, j.Current)
	}
	return current
}

// demote turns the failure of a Kustomization that holds nothing back into a warning.
func demote(j *judgement) {
	if j.State == OK {
		return
	}
	j.State = OK
	for i := range j.Findings {
		if j.Findings[i].Severity == Error {
			j.Findings[i].Severity = Warning
		}
	}
}

// followDependencies turns "waits for a dependency" into a symptom where that dependency failed.
func followDependencies(delivery []delivered, judged map[facts.Ref]*judgement) {
	for _, d := range delivery {
		for _, dependency := range dependencies(d.object) {
			cause, waits := judged[dependency], judged[d.object.Ref]
			if cause == nil || cause.State != Failed || !hasCode(waits, CodeDependencyNotReady) {
				continue
			}
			waits.State = Blocked
			waits.Summary = fmt.Sprintf("%s waits for %s, which failed", d.object.Ref.Name, dependency.Name)
			waits.Findings = slices.DeleteFunc(waits.Findings, func(f Finding) bool { return f.Code == CodeDependencyNotReady })
			for i := range cause.Findings {
				cause.Findings[i].Path = append([]facts.Ref{d.object.Ref}, cause.Findings[i].Path...)
			}
		}
	}
}

func hasCode(j *judgement, code Code) bool {
	return slices.ContainsFunc(j.Findings, func(f Finding) bool { return f.Code == code })
}

func deliverySummary(delivery []delivered) string {
	var direct []string
	others := 0
	for _, d := range delivery {
		if d.direct {
			direct = append(direct, d.object.Ref.Name)
		} else {
			others++
		}
	}
	summary := direct[0]
	if len(direct) > 1 {
		summary = fmt.Sprintf("%s, +%d", summary, len(direct)-1)
	}
	if others > 0 {
		summary += fmt.Sprintf(", after %d more", others)
	}
	return summary
}
