package trace

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// assessKustomization judges every applier of the subject's objects, and those it depends on. One that waits for another
// is a symptom; the one that fails is the cause.
func assessKustomization(v *view) *judgement {
	delivery := v.way.delivery
	judged := map[facts.Ref]*judgement{}
	for _, d := range delivery {
		judged[d.object.Ref] = v.assessApplier(d.object)
	}
	v.settleRoutine(delivery, judged)
	if !slices.ContainsFunc(delivery, func(d delivered) bool { return d.direct }) {
		return v.noDelivery(delivery, judged)
	}
	return v.combineKustomizations(delivery, judged)
}

// noDelivery: the component is applied by hand. Its project may still come by an applier.
func (v *view) noDelivery(delivery []delivered, judged map[facts.Ref]*judgement) *judgement {
	j := rung(RungKustomization, facts.Ref{})
	if j.unanswered(v.kustomizationList()) {
		return j
	}
	j.ok("none applies this component: applied by hand")
	if len(delivery) == 0 {
		return j
	}
	project := delivery[len(delivery)-1].object.Ref
	j.Summary = fmt.Sprintf("applied by hand, only its project by %s", applierName(project))
	all := []*judgement{j}
	for _, d := range delivery {
		v.spare(d, judged[d.object.Ref], true)
		all = append(all, judged[d.object.Ref])
	}
	combined := gather(RungKustomization, all)
	combined.Current, combined.Parts = CurrencyUnknown, combined.Parts[1:]
	return combined
}

// spare turns the failure of an applier that holds nothing back into a warning: what the component needs is applied at the
// wanted revision already, or only the project comes by it, and is there.
func (v *view) spare(d delivered, j *judgement, settled bool) {
	project := v.Object(v.ref("Project", v.project)).Outcome
	if !d.direct && (settled && !d.apart || d.apart && project == facts.Found) {
		demote(j)
	}
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
		v.spare(d, judged[d.object.Ref], settled)
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

// deliverySummary leaves out what only the project needs.
func deliverySummary(delivery []delivered) string {
	var direct []string
	others := 0
	for _, d := range delivery {
		switch {
		case d.direct:
			direct = append(direct, applierName(d.object.Ref))
		case !d.apart:
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
