package trace

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// deliveryNotes are what keeps Git and a declared object apart while its applier says Ready=True.
func (v *view) deliveryNotes(j *judgement, o facts.Object) {
	owners := v.owners(o)
	if len(owners) == 0 || deleting(o.Body) {
		return
	}
	v.twoOwners(j, o, owners)
	v.notInInventory(j, o, owners[0])
	optedOut(j, o)
	v.drift(j, o)
	v.unsubstituted(j, o, owners[0])
}

// owners are all that claim o: by what stands on it, or by their inventory.
func (v *view) owners(o facts.Object) []facts.Ref {
	owners := appliersOf(o)
	for _, applier := range v.appliedBy(o.Ref) {
		if !slices.Contains(owners, applier.Ref) {
			owners = append(owners, applier.Ref)
		}
	}
	return owners
}

// twoOwners: each applier undoes at its interval what the other did.
func (v *view) twoOwners(j *judgement, o facts.Object, owners []facts.Ref) {
	if len(owners) < 2 {
		return
	}
	var names []string
	for _, ref := range owners {
		names = append(names, ref.String())
	}
	j.note(Warning, Finding{
		Code: CodeTwoOwners, Object: o.Ref, Message: fmt.Sprintf("%s is delivered by %s", o.Ref, strings.Join(names, " and by ")),
		Hint: "each undoes what the other did, at its own interval",
	})
}

// notInInventory: the label says that a Kustomization applied o, its inventory does not: a partial apply, or an object
// that left Git while prune was off (kustomize-controller v1.9.3 kustomization_controller.go:497).
func (v *view) notInInventory(j *judgement, o facts.Object, owner facts.Ref) {
	applier := v.Object(owner)
	if owner.Kind != "Kustomization" || applier.Outcome != facts.Found || !kinds.ConditionOf(applier.Body, meta.ReadyCondition).True() {
		return
	}
	if slices.ContainsFunc(v.appliedBy(o.Ref), func(a facts.Object) bool { return a.Ref == owner }) {
		return
	}
	if o.Ref.Kind == "ComponentRelease" && !strings.HasPrefix(o.Ref.Name, v.component) {
		return // the inventory was cut to the subject's own names
	}
	j.note(Warning, Finding{
		Code: CodeNotInInventory, Object: o.Ref, Message: fmt.Sprintf("%s bears the labels of %s, which does not list it as applied", o.Ref, owner),
		Hint: "it left Git and was not deleted, because spec.prune is off or the object forbids it; Git has no say in it any more",
	})
}

// optedOut: Flux leaves alone what bears one of these, as label or annotation (fluxcd/pkg ssa v0.76 manager_apply.go).
func optedOut(j *judgement, o facts.Object) {
	for _, m := range []struct{ key, value, means string }{
		{"/reconcile", "disabled", "Flux does not change it any more"},
		{"/ssa", "Ignore", "Flux never applies it"},
		{"/ssa", "IfNotPresent", "Flux made it once and never changes it"},
	} {
		key := kinds.FluxKustomize + m.key
		if mark := orElse(kinds.Label(o.Body, key), kinds.Annotation(o.Body, key)); strings.EqualFold(mark, m.value) {
			j.note(Warning, Finding{
				Code: CodeReconcileDisabled, Object: o.Ref, Message: fmt.Sprintf("%s bears %s: %s", o.Ref, key, m.value),
				Hint: m.means + ": a commit that changes it has no effect", Evidence: []Evidence{{key, m.value}},
			})
		}
	}
}

// drift: a field that somebody else owns keeps its value whatever Git says, or is taken back at the next interval.
func (v *view) drift(j *judgement, o facts.Object) {
	autoDeploy := kinds.Bool(v.Object(v.ref("Component", v.component)).Body, "spec", "autoDeploy")
	managers := facts.SpecManagers(o.Body)
	for _, manager := range slices.Sorted(maps.Keys(managers)) {
		fields := managers[manager]
		if deliveryManager(manager) {
			continue
		}
		if fields = slices.DeleteFunc(fields, func(f string) bool { return seeded(o.Ref.Kind, f, autoDeploy) }); len(fields) == 0 {
			continue
		}
		j.note(Warning, Finding{
			Code: CodeFieldDrift, Object: o.Ref, Message: fmt.Sprintf("%s of %s was set by %s, not by its applier", strings.Join(fields, ", "), o.Ref, manager),
			Hint:     "where Git sets it too, the next run takes it back; where Git does not, it stays",
			Evidence: []Evidence{{"metadata.managedFields[" + manager + "]", strings.Join(fields, ", ")}},
		})
	}
}

// deliveryManager: the field managers of those who deliver.
func deliveryManager(name string) bool {
	for _, known := range []string{"kustomize-controller", "helm-controller", "flux-operator", "flux-", "argocd"} {
		if strings.HasPrefix(name, known) {
			return true
		}
	}
	return false
}

// seeded are the fields that OpenChoreo itself fills in (v1.2.3 internal/controller/project/controller_bindings.go:383;
// component/controller.go:764; environment and plane references by defaulting).
func seeded(kind, field string, autoDeploy bool) bool {
	return kind == "ProjectReleaseBinding" && field == "spec.projectRelease" ||
		kind == "ReleaseBinding" && field == "spec.releaseName" && autoDeploy
}

var variable = regexp.MustCompile(`\$\{[A-Za-z_]\w*\}`)

// unsubstituted: with no variables at all, or a missing optional ConfigMap, the substitution is skipped and the text
// stays as it is (kustomize-controller v1.9.3; fluxcd/pkg kustomize/kustomize_varsub.go:137).
func (v *view) unsubstituted(j *judgement, o facts.Object, owner facts.Ref) {
	if len(nested(v.Object(owner), "spec", "postBuild")) == 0 || o.Ref.Kind == "ComponentRelease" {
		return
	}
	if found := variable.FindString(fmt.Sprint(nested(o, "spec"))); found != "" {
		j.note(Warning, Finding{
			Code: CodeNotSubstituted, Object: o.Ref, Message: fmt.Sprintf("%s holds %s as it stands in Git", o.Ref, found),
			Hint: fmt.Sprintf("%s substitutes variables, but had none to put there", owner),
		})
	}
}
