package delivery

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessDelivery judges every applier of the subject's objects, and those it depends on. One that waits for another
// is a symptom; the one that fails is the cause.
func AssessDelivery(v *view.Component) *result.Result {
	delivery := v.Delivery.Appliers
	judged := map[facts.Ref]*result.Result{}
	for _, d := range delivery {
		judged[d.Object.Ref] = assess(v, trace.RungDelivery, d.Object)
	}
	markRoutineRuns(v, delivery, judged)
	if !slices.ContainsFunc(delivery, func(d view.Applier) bool { return d.Direct }) {
		return noDelivery(v, delivery, judged)
	}
	return combine(v, delivery, judged)
}

// noDelivery: the component is applied by hand. Its project may still come by an applier.
func noDelivery(v *view.Component, delivery []view.Applier, judged map[facts.Ref]*result.Result) *result.Result {
	j := result.New(trace.RungDelivery, facts.Ref{})
	if j.NoAnswer(listedAppliers(v)) {
		return j
	}
	j.OK("none: this component is applied by hand")
	if len(delivery) == 0 {
		return j
	}
	project := delivery[len(delivery)-1].Object.Ref
	j.Summary = fmt.Sprintf("applied by hand; %s applies only its project", ApplierName(v, project))
	all := []*result.Result{j}
	for _, d := range delivery {
		downgradeHarmless(v, d, judged[d.Object.Ref], true)
		all = append(all, judged[d.Object.Ref])
	}
	combined := result.Combine(trace.RungDelivery, all)
	addNeeds(v, combined)
	combined.Current, combined.Parts = trace.CurrencyUnknown, combined.Parts[1:]
	return combined
}

// downgradeHarmless turns the failure of an applier that holds nothing back into a warning: what the component needs is applied at the
// wanted revision already, or only the project comes by it, and is there.
func downgradeHarmless(v *view.Component, d view.Applier, j *result.Result, settled bool) {
	project := v.Object(v.Ref("Project", v.ProjectName)).Outcome
	if !d.Direct && (settled && !d.ProjectOnly || d.ProjectOnly && project == facts.Found) {
		result.DowngradeToWarning(j)
	}
}

// combine: what a delivering one needs counts as it is; a dependency that fails while every
// delivering one is at the wanted revision does not hold this component back, and is only worth a warning.
func combine(v *view.Component, delivery []view.Applier, judged map[facts.Ref]*result.Result) *result.Result {
	var direct, all []*result.Result
	for _, d := range delivery {
		j := judged[d.Object.Ref]
		all = append(all, j)
		if d.Direct {
			direct = append(direct, j)
		}
	}
	settled := !slices.ContainsFunc(direct, func(j *result.Result) bool { return j.State != trace.OK || j.Current == trace.Behind })
	for _, d := range delivery {
		downgradeHarmless(v, d, judged[d.Object.Ref], settled)
	}
	followDependencies(v, delivery, judged)
	reportCycle(v, delivery, judged)
	if settled {
		all = append(slices.Clone(direct), slices.DeleteFunc(all, func(j *result.Result) bool { return slices.Contains(direct, j) })...)
	}
	combined := result.Combine(trace.RungDelivery, all)
	addNeeds(v, combined)
	combined.Current = directCurrency(direct)
	if combined.State == trace.OK || combined.State == trace.Suspended {
		combined.Object, combined.Revision = direct[0].Object, direct[0].Revision
		combined.Summary = deliverySummary(v, delivery)
		if slices.ContainsFunc(direct, func(j *result.Result) bool { return j.Reconciling }) {
			combined.Summary += ", reconciling"
		}
	}
	return combined
}

// addNeeds adds to each object what it waits for, and what applies it.
func addNeeds(v *view.Component, j *result.Result) {
	for i := range j.Parts {
		part := &j.Parts[i]
		o := applier(v, part.Object)
		for _, ref := range v.Engines.DependsOn(o) {
			part.Needs = append(part.Needs, trace.Need{Object: ref, DependsOn: true})
		}
		for _, ref := range v.Engines.AppliedBy(o) {
			if need := (trace.Need{Object: ref}); ref != part.Object && !slices.ContainsFunc(part.Needs, func(n trace.Need) bool { return n.Object == ref }) {
				part.Needs = append(part.Needs, need)
			}
		}
	}
}

func directCurrency(direct []*result.Result) trace.Currency {
	current := trace.CurrencyUnknown
	for _, j := range direct {
		current = result.Older(current, j.Current)
	}
	return current
}

// followDependencies turns "waits for a dependency" into a symptom where that dependency failed.
func followDependencies(v *view.Component, delivery []view.Applier, judged map[facts.Ref]*result.Result) {
	for _, d := range delivery {
		for _, dependency := range v.Engines.DependsOn(d.Object) {
			cause, waits := judged[dependency], judged[d.Object.Ref]
			if cause == nil || cause.State != trace.Failed || !result.HasCode(waits, trace.CodeDependencyNotReady) {
				continue
			}
			waits.State = trace.Blocked
			waits.Summary = fmt.Sprintf("%s waits for %s, which failed", d.Object.Ref.Name, dependency.Name)
			waits.Findings = slices.DeleteFunc(waits.Findings, func(f trace.Finding) bool { return f.Code == trace.CodeDependencyNotReady })
			for i := range cause.Findings {
				cause.Findings[i].Path = append([]facts.Ref{d.Object.Ref}, cause.Findings[i].Path...)
			}
		}
	}
}

// deliverySummary leaves out what only the project needs.
func deliverySummary(v *view.Component, delivery []view.Applier) string {
	var direct []string
	others := 0
	for _, d := range delivery {
		switch {
		case d.Direct:
			direct = append(direct, ApplierName(v, d.Object.Ref))
		case !d.ProjectOnly:
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

// markRoutineRuns turns the wait for a dependency into a routine where each dependency is OK itself: it is in the middle of a run
// of its own at the revision that it has, and is reconciled again within 30 s. delivery has dependencies first.
func markRoutineRuns(v *view.Component, delivery []view.Applier, judged map[facts.Ref]*result.Result) {
	for _, d := range delivery {
		j := judged[d.Object.Ref]
		isOpen := func(dependency facts.Ref) bool {
			return judged[dependency] == nil || judged[dependency].State != trace.OK
		}
		if j.RoutineSince == nil || j.State != trace.Progressing || slices.ContainsFunc(v.Engines.DependsOn(d.Object), isOpen) {
			continue
		}
		j.State, j.Since, j.Reconciling = trace.OK, *j.RoutineSince, true
		j.Summary = d.Object.Ref.Name + ", reconciling: waits for a dependency that is reconciling"
	}
}
