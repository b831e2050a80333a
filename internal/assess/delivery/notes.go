package delivery

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AddWarnings are what keeps Git and a declared object apart while its applier reports Ready=True.
func AddWarnings(v *view.Component, j *result.Result, o facts.Object) {
	owners := Owners(v, o)
	if len(owners) == 0 || view.Deleting(o.Body) {
		return
	}
	twoOwners(j, o, owners)
	notInInventory(v, j, o, owners[0])
	fluxDisabled(j, o)
	fieldDrift(v, j, o)
	if name := Unsubstituted(v, o); name != "" {
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeVariableNotSubstituted, Object: o.Ref, Message: fmt.Sprintf("%s contains %s, which was not substituted", o.Ref, name),
			Hint: fmt.Sprintf("%s substitutes nothing if none of its variables exist: check the ConfigMaps and Secrets in spec.postBuild.substituteFrom. To keep the text, write $%s in Git", owners[0], name),
		})
	}
}

// Owners are all that claim o: by its labels and annotations, or by their inventory.
func Owners(v *view.Component, o facts.Object) []facts.Ref {
	owners := v.Engines.AppliedBy(o)
	for _, applier := range AppliedBy(v, o.Ref) {
		if !slices.Contains(owners, applier.Ref) {
			owners = append(owners, applier.Ref)
		}
	}
	return owners
}

// twoOwners: each applier undoes at its interval what the other did.
func twoOwners(j *result.Result, o facts.Object, owners []facts.Ref) {
	if len(owners) < 2 {
		return
	}
	var names []string
	for _, ref := range owners {
		names = append(names, ref.String())
	}
	j.Note(trace.Warning, trace.Finding{
		Code: trace.CodeTwoOwners, Object: o.Ref, Message: fmt.Sprintf("%s is delivered by %s", o.Ref, strings.Join(names, " and by ")),
		Hint: "each overwrites the changes of the other at its own interval",
	})
}

// notInInventory: by the label an applier applied o, its inventory does not: a partial apply, or an object that left Git
// while prune was off (kustomize-controller v1.9.3 kustomization_controller.go:497). Only of the engines that are listed is the
// whole inventory read.
func notInInventory(v *view.Component, j *result.Result, o facts.Object, owner facts.Ref) {
	applier := v.Object(owner)
	if !v.Engines.Properties(owner).IsListed || applier.Outcome != facts.Found || !kinds.ConditionOf(applier.Body, meta.ReadyCondition).True() {
		return
	}
	if slices.ContainsFunc(AppliedBy(v, o.Ref), func(a facts.Object) bool { return a.Ref == owner }) {
		return
	}
	if o.Ref.Kind == "ComponentRelease" && !strings.HasPrefix(o.Ref.Name, v.ComponentName) {
		return // the inventory was cut to the subject's own names
	}
	j.Note(trace.Warning, trace.Finding{
		Code: trace.CodeNotInInventory, Object: o.Ref, Message: fmt.Sprintf("%s has the labels of %s, which does not list it as applied", o.Ref, owner),
		Hint: "it was removed from Git but not deleted, because spec.prune is false or the object forbids it; Git no longer controls it",
	})
}

// fluxDisabled: Flux leaves alone what bears one of these, as label or annotation (fluxcd/pkg ssa v0.76 manager_apply.go).
func fluxDisabled(j *result.Result, o facts.Object) {
	for _, m := range []struct{ key, value, means string }{
		{"/reconcile", "disabled", "Flux no longer changes it"},
		{"/ssa", "Ignore", "Flux never applies it"},
		{"/ssa", "IfNotPresent", "Flux created it once and never changes it"},
	} {
		key := kinds.FluxKustomize + m.key
		if mark := cmp.Or(kinds.Label(o.Body, key), kinds.Annotation(o.Body, key)); strings.EqualFold(mark, m.value) {
			j.Note(trace.Warning, trace.Finding{
				Code: trace.CodeReconcileDisabled, Object: o.Ref, Message: fmt.Sprintf("%s has %s: %s", o.Ref, key, m.value),
				Hint: m.means + ": a commit that changes it has no effect", Evidence: []trace.Evidence{{Path: key, Value: m.value}},
			})
		}
	}
}

// fieldDrift: a field that another client owns keeps its value whatever Git declares, or is taken back at the next interval.
func fieldDrift(v *view.Component, j *result.Result, o facts.Object) {
	autoDeploy := kinds.Bool(v.Object(v.Ref("Component", v.ComponentName)).Body, "spec", "autoDeploy")
	managers := facts.SpecManagers(o.Body)
	for _, manager := range slices.Sorted(maps.Keys(managers)) {
		fields := managers[manager]
		if v.Engines.IsFieldManager(manager) {
			continue
		}
		if fields = slices.DeleteFunc(fields, func(f string) bool { return setByOpenChoreo(o.Ref.Kind, f, autoDeploy) }); len(fields) == 0 {
			continue
		}
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeFieldDrift, Object: o.Ref, Since: facts.SpecSetAt(o.Body, manager), Message: fmt.Sprintf("%s of %s was set by field manager %s, not by its applier", strings.Join(fields, ", "), o.Ref, manager),
			Hint:     "if Git sets the field too, the next reconciliation reverts it; otherwise the value stays",
			Evidence: []trace.Evidence{{Path: "metadata.managedFields[" + manager + "]", Value: strings.Join(fields, ", ")}},
		})
	}
}

// setByOpenChoreo are the fields that OpenChoreo itself fills in (v1.2.3 internal/controller/project/controller_bindings.go:383;
// component/controller.go:764; environment and plane references by defaulting).
func setByOpenChoreo(kind, field string, autoDeploy bool) bool {
	return kind == "ProjectReleaseBinding" && field == "spec.projectRelease" ||
		kind == "ReleaseBinding" && field == "spec.releaseName" && autoDeploy
}

var variable = regexp.MustCompile(`\$\{[A-Za-z_]\w*\}`)

// Unsubstituted returns a variable that the Kustomization of o has left as it is, such as ${NAME}; "" if there is none. With no variables at
// all, or a missing optional ConfigMap, the substitution is skipped (kustomize-controller v1.9.3; fluxcd/pkg kustomize v1.35.3
// kustomize_varsub.go).
func Unsubstituted(v *view.Component, o facts.Object) string {
	owners := Owners(v, o)
	key := kinds.FluxKustomize + "/substitute"
	disabled := kinds.Label(o.Body, key) == "disabled" || kinds.Annotation(o.Body, key) == "disabled"
	if disabled || o.Ref.Kind == "ComponentRelease" || len(owners) == 0 || !mayLackVariables(v.Object(owners[0])) {
		return ""
	}
	return variable.FindString(fmt.Sprint(view.Nested(o, "spec")))
}

// mayLackVariables reports whether a Kustomization is to substitute variables, and no value of one is certain to exist. As soon as there
// is one, every variable is replaced, and what is left was escaped in Git.
func mayLackVariables(ks facts.Object) bool {
	postBuild := view.Nested(ks, "spec", "postBuild")
	if len(postBuild) == 0 || postBuild["substituteStrategy"] == "Always" || len(kinds.Fields(postBuild, "substitute")) > 0 {
		return false
	}
	return !slices.ContainsFunc(kinds.Items(ks.Body, "spec", "postBuild", "substituteFrom"), func(from map[string]any) bool {
		optional, _ := from["optional"].(bool)
		return !optional
	})
}
