package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// remarks are what is wrong, or will be, with a Kustomization that says Ready=True at the right revision.
func (v *view) remarks(j *judgement, o facts.Object) {
	if kinds.Emptied(o.Body) {
		v.emptyKustomization(j, o)
	}
	if kinds.Bool(o.Body, "spec", "force") {
		j.note(Warning, Finding{
			Code: CodeKustomizationForce, Message: fmt.Sprintf("%s has spec.force: true: any object that the API server calls invalid is deleted and made anew", o.Ref),
			Hint: "for a Component that means everything it owns",
		})
	}
	if _, remote := nested(o, "spec")["kubeConfig"]; remote {
		j.note(Info, Finding{Code: CodeKustomizationRemote, Message: fmt.Sprintf("%s applies to another cluster, by spec.kubeConfig", o.Ref)})
	}
}

// emptyKustomization: a kustomization.yaml that lists nothing builds to nothing, and with prune on everything that was
// applied before is deleted, under Ready=True (seen in the lab). Where the component is gone, that is why.
func (v *view) emptyKustomization(j *judgement, o facts.Object) {
	f := Finding{
		Code: CodeKustomizationEmpty, Message: fmt.Sprintf("%s applied %s and nothing in it: what it had applied before was deleted", o.Ref, orNone(j.Revision)),
		Hint:     fmt.Sprintf("spec.prune is true and %s holds no objects: does its kustomization.yaml list them?", orElse(kinds.Text(o.Body, "spec", "path"), "its path")),
		Evidence: []Evidence{{"status.inventory.entries", "none"}},
	}
	if v.Object(v.ref("Component", v.component)).Outcome == facts.Absent && v.suspected(o.Ref) {
		j.Summary = fmt.Sprintf("%s applied nothing", o.Ref.Name)
		j.fail(f)
		return
	}
	j.note(Warning, f)
}

// suspected: nothing else says who applied the component.
func (v *view) suspected(ref facts.Ref) bool {
	return slices.Contains(v.way.direct, ref) && len(v.appliedBy(v.ref("Component", v.component))) == 0
}

// starvation counts the Kustomizations that are in the middle of a run: kustomize-controller works on four at a time by
// default, and a health check holds its worker for as long as spec.timeout (flux2 #5622).
func (v *view) starvation() string {
	running := 0
	for _, ks := range v.Of(facts.Control, kinds.FluxKustomize, "Kustomization") {
		if c := kinds.ConditionOf(ks.Body, meta.ReconcilingCondition); c.True() && c.Reason == meta.ProgressingReason {
			running++
		}
	}
	if running < 4 {
		return ""
	}
	return fmt.Sprintf("; %d Kustomizations run at this moment", running)
}

// cycle finds Kustomizations that depend on each other. The controller then drops the events of their source for all
// that use it, and says so in its log only (kustomize-controller v1.9.3 kustomization_indexers.go:462).
func (v *view) cycle(delivery []delivered, judged map[facts.Ref]*judgement) {
	var refs []facts.Ref
	for _, d := range delivery {
		refs = append(refs, d.object.Ref)
	}
	circle := firstCircle(refs, func(ref facts.Ref) []facts.Ref { return dependencies(v.Object(ref)) })
	if circle == nil {
		return
	}
	var names []string
	for _, ref := range circle {
		names = append(names, ref.Name)
	}
	f := Finding{
		Code: CodeDependencyCycle, Message: "spec.dependsOn leads in a circle: " + strings.Join(names, " → "),
		Hint: "no Kustomization of the same source hears of a new revision before its interval, and these wait for each other",
	}
	j := judged[circle[0]]
	if j.State == OK && j.Current != Behind {
		j.note(Warning, f)
		return
	}
	j.Findings = slices.DeleteFunc(j.Findings, func(f Finding) bool { return f.Code == CodeDependencyNotReady || f.Code == CodeKustomizationBehind })
	j.State, j.Summary = Unknown, fmt.Sprintf("%s waits for itself", circle[0].Name)
	j.fail(f)
}
