package delivery

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// kustomizationWarnings are what is wrong, or will be, with a Kustomization that says Ready=True at the right revision.
func kustomizationWarnings(v *view.Component, j *result.Result, o facts.Object) {
	if v.Engines.HasPrunedAll(o) {
		emptyKustomization(v, j, o)
	}
	if kinds.Bool(o.Body, "spec", "force") {
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeKustomizationForce, Message: fmt.Sprintf("%s has spec.force: true: any object that the API server calls invalid is deleted and made anew", o.Ref),
			Hint: "for a Component that means everything it owns",
		})
	}
	if _, remote := view.Nested(o, "spec")["kubeConfig"]; remote {
		j.Note(trace.Info, trace.Finding{Code: trace.CodeKustomizationRemote, Message: fmt.Sprintf("%s applies to another cluster, by spec.kubeConfig", o.Ref)})
	}
}

// emptyKustomization: a kustomization.yaml that lists nothing builds to nothing, and with prune on everything that was
// applied before is deleted, under Ready=True (seen in the lab). Where the component is gone, that is why.
func emptyKustomization(v *view.Component, j *result.Result, o facts.Object) {
	f := trace.Finding{
		Code: trace.CodeKustomizationEmpty, Message: fmt.Sprintf("%s applied %s and nothing in it: what it had applied before was deleted", o.Ref, cmp.Or(j.Revision, "nothing")),
		Hint:     fmt.Sprintf("spec.prune is true and %s holds no objects: does its kustomization.yaml list them?", cmp.Or(kinds.Text(o.Body, "spec", "path"), "its path")),
		Evidence: []trace.Evidence{{Path: "status.inventory.entries", Value: "none"}},
	}
	if v.Object(v.Ref("Component", v.ComponentName)).Outcome == facts.Absent && isPruneSuspect(v, o.Ref) {
		j.Summary = fmt.Sprintf("%s applied nothing", o.Ref.Name)
		j.Fail(f)
		return
	}
	j.Note(trace.Warning, f)
}

// isPruneSuspect: nothing else says who applied the component.
func isPruneSuspect(v *view.Component, ref facts.Ref) bool {
	return slices.Contains(v.Delivery.Direct, ref) && len(AppliedBy(v, v.Ref("Component", v.ComponentName))) == 0
}

// pruneSuspectHint counts the Kustomizations that are in the middle of a run: kustomize-controller works on four at a time by
// default, and a health check holds its worker for as long as spec.timeout (flux2 #5622).
func pruneSuspectHint(v *view.Component) string {
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

// reportCycle finds Kustomizations that depend on each other. The controller then drops the events of their source for all
// that use it, and says so in its log only (kustomize-controller v1.9.3 kustomization_indexers.go:462).
func reportCycle(v *view.Component, delivery []view.Applier, judged map[facts.Ref]*result.Result) {
	var refs []facts.Ref
	for _, d := range delivery {
		refs = append(refs, d.Object.Ref)
	}
	circle := FirstCycle(refs, func(ref facts.Ref) []facts.Ref { return v.Engines.DependsOn(v.Object(ref)) })
	if circle == nil {
		return
	}
	var names []string
	for _, ref := range circle {
		names = append(names, ref.Name)
	}
	f := trace.Finding{
		Code: trace.CodeDependencyCycle, Message: "spec.dependsOn leads in a circle: " + strings.Join(names, " → "),
		Hint: "no Kustomization of the same source hears of a new revision before its interval, and these wait for each other",
	}
	j := judged[circle[0]]
	if j.State == trace.OK && j.Current != trace.Behind {
		j.Note(trace.Warning, f)
		return
	}
	j.Findings = slices.DeleteFunc(j.Findings, func(f trace.Finding) bool {
		return f.Code == trace.CodeDependencyNotReady || f.Code == trace.CodeKustomizationBehind
	})
	j.State, j.Summary = trace.Unknown, fmt.Sprintf("%s waits for itself", circle[0].Name)
	j.Fail(f)
}
