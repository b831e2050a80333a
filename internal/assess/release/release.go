package release

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessRelease judges the ComponentRelease that the binding pins. It has no conditions; it is there or not.
func AssessRelease(p *view.Environment) *result.Result {
	j := result.New(trace.RungRelease, p.Ref("ComponentRelease", p.ReleaseName()))
	if p.Binding.Outcome != facts.Found {
		j.Cause = result.NotChecked()
		j.Summary = p.WithoutBinding("none, as there is no ReleaseBinding")
		return j
	}
	if p.ReleaseName() == "" {
		j.Summary = "the ReleaseBinding names none"
		return j.Fail(trace.Finding{
			Code: trace.CodeReleaseNotPinned, Object: p.Binding.Ref, Message: "spec.releaseName is not set",
			Hint: "nothing is deployed until the ReleaseBinding names a ComponentRelease",
		})
	}
	o := p.Object(j.Object)
	j.Revision = o.Ref.Name
	if o.Outcome == facts.Absent {
		j.Cause = result.NotFound()
		j.Summary = fmt.Sprintf("%s does not exist", o.Ref.Name)
		f := trace.Finding{
			Code: trace.CodeComponentReleaseNotFound, Message: delivery.NotFoundMessage(p.Component, o.Ref), Path: []facts.Ref{p.Binding.Ref},
			Hint: missingRelease(p),
		}
		delivery.ExplainVanished(p.Component, &f, func(ref facts.Ref) bool { return ref == o.Ref })
		return j.Fail(f)
	}
	if j.CannotRead(o) {
		return j
	}
	return compareRelease(p, j, o)
}

func compareRelease(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	j.Current = delivery.DeclaredCurrency(p.Component, o)
	if j.Current == trace.CurrencyUnknown {
		j.Current = trace.Current
	}
	delivery.AddWarnings(p.Component, j, o)
	notPromoted(p, j, o)
	competingManagers(p, j, o)
	return compareWorkload(p, j, o)
}

// releaseOf is the newest release that holds exactly the current Workload.
func releaseOf(p *view.Environment, workload facts.Object) facts.Object {
	var newest facts.Object
	for _, o := range p.OwnedBy("ComponentRelease", p.ComponentName) {
		if kinds.Released(workload.Body, o.Body) && (newest.Outcome != facts.Found || kinds.OlderRelease(newest.Ref.Name, o.Ref.Name)) {
			newest = o
		}
	}
	return newest
}

// newerRelease is a release that was cut after the one which is pinned, holds the Workload as well, and more of the type, the traits
// and the parameters of today. One that holds something else of them may have been taken back.
func newerRelease(p *view.Environment, workload, pinned facts.Object) facts.Object {
	newest, behind := releaseOf(p, workload), changedSince(p, pinned)
	if newest.Outcome != facts.Found || !kinds.OlderRelease(pinned.Ref.Name, newest.Ref.Name) {
		return facts.Object{}
	}
	left := changedSince(p, newest)
	isNew := func(change string) bool { return !slices.Contains(behind, change) }
	if len(left) >= len(behind) || slices.ContainsFunc(left, isNew) {
		return facts.Object{}
	}
	return newest
}

// changedSince names what differs from what a release was cut with, other than the Workload.
func changedSince(p *view.Environment, release facts.Object) []string {
	component := p.Object(p.Ref("Component", p.ComponentName))
	typ := p.Object(p.TypeRef(component))
	var changed []string
	if snapshot := view.Nested(release, "spec", "componentType", "spec"); typ.Outcome == facts.Found && snapshot != nil && !same(view.Nested(typ, "spec"), snapshot) {
		changed = append(changed, typ.Ref.String())
	}
	if component.Outcome != facts.Found {
		return changed
	}
	if !same(view.Nested(component, "spec", "parameters"), view.Nested(release, "spec", "componentProfile", "parameters")) {
		changed = append(changed, "spec.parameters of the Component")
	}
	if !slices.EqualFunc(traitsOf(component, "spec", "traits"), traitsOf(release, "spec", "componentProfile", "traits"), sameFields) {
		changed = append(changed, "spec.traits of the Component")
	}
	return changed
}

// traitsOf are the traits of a Component or a release, with their default kind (openchoreo v1.2.3 api/v1alpha1/component_types.go).
// Their order is that in which they are applied.
func traitsOf(o facts.Object, path ...string) []map[string]any {
	var traits []map[string]any
	for _, item := range kinds.Items(o.Body, path...) {
		trait := maps.Clone(item)
		trait["kind"] = cmp.Or(kinds.String(item, "kind"), "Trait")
		traits = append(traits, trait)
	}
	return traits
}

// releaseOutdated: a release is cut with the type, the traits and the parameters of its day.
func releaseOutdated(p *view.Environment, j *result.Result, o facts.Object) {
	moved := changedSince(p, o)
	if len(moved) == 0 {
		return
	}
	severity := trace.Info
	if deploysFirst(p, view.FirstBody(p.Workloads())) {
		severity = trace.Warning
	}
	j.Note(severity, trace.Finding{
		Code: trace.CodeReleaseOutdated, Message: fmt.Sprintf("%s changed since %s was created", strings.Join(moved, " and "), o.Ref.Name),
		Hint: "the change reaches this environment with the next release",
	})
}

// same compares by value; absent and empty are the same, and so are texts that differ in white space only: occ folds empty
// lines (openchoreo v1.2.3, seen in the lab).
func same(a, b any) bool {
	switch a := a.(type) {
	case string:
		other, text := b.(string)
		return text && (a == other || slices.Equal(strings.Fields(a), strings.Fields(other)))
	case map[string]any:
		other, object := b.(map[string]any)
		return object && sameFields(a, other)
	case []any:
		other, list := b.([]any)
		return list && slices.EqualFunc(a, other, same)
	}
	return reflect.DeepEqual(a, b)
}

func sameFields(a, b map[string]any) bool {
	for name, value := range a {
		if other := b[name]; (!drift.Empty(value) || !drift.Empty(other)) && !same(value, other) {
			return false
		}
	}
	for name, other := range b {
		if _, compared := a[name]; !compared && !drift.Empty(other) {
			return false
		}
	}
	return true
}

// PromotedFrom are the environments that the pipeline promotes from to this one.
func PromotedFrom(p *view.Environment) []string {
	return kinds.PromotionSources(p.Pipeline().Body)[p.Name]
}

// UnreadSources are those whose binding is not known, while one of the component's bindings was not read.
func UnreadSources(p *view.Environment) []string {
	l := p.Listed(facts.Control, kinds.OpenChoreo, "ReleaseBinding", p.Namespace)
	all := l.Outcome == facts.Found && !l.Truncated && !slices.ContainsFunc(l.Items, func(item facts.Ref) bool {
		return p.Object(item).Outcome != facts.Found && p.Object(item).Outcome != facts.Absent
	})
	return slices.DeleteFunc(slices.Clone(PromotedFrom(p)), func(source string) bool {
		return all || len(p.Bindings(source)) > 0
	})
}

// notPromoted: the environments before this one in the pipeline run other releases, which are not older. A release comes from one of
// them, so the same release in one is enough.
func notPromoted(p *view.Environment, j *result.Result, o facts.Object) {
	var waiting []trace.Finding
	for _, source := range PromotedFrom(p) {
		for _, b := range p.Bindings(source) {
			name := kinds.Text(b.Body, "spec", "releaseName")
			if name == o.Ref.Name {
				return
			}
			if name != "" && runs(p, b) && !kinds.PrecedesRelease(name, o.Ref.Name) {
				waiting = append(waiting, trace.Finding{
					Code: trace.CodeReleaseNotPromoted, Message: fmt.Sprintf("%s has %s", source, name),
					Hint: fmt.Sprintf("to promote it, set spec.releaseName of %s in Git", p.Binding.Ref),
				})
			}
		}
	}
	for _, f := range waiting {
		j.Note(trace.Info, f)
	}
}

// runs reports whether OpenChoreo has rendered the release that a binding of the component pins: it has checked then that the release
// is one of this component (openchoreo v1.2.3 releasebinding/controller.go, validateComponentRelease).
func runs(p *view.Environment, b facts.Object) bool {
	synced := kinds.ConditionOf(b.Body, kinds.ConditionReleaseSynced)
	release := p.Object(p.Ref("ComponentRelease", kinds.Text(b.Body, "spec", "releaseName")))
	return synced.True() && synced.Current(b.Body) && !view.Deleting(b.Body) && release.Outcome != facts.Absent &&
		kinds.Text(b.Body, "spec", "state") != "Undeploy"
}

// competingManagers: with autoDeploy OpenChoreo sets releaseName of the first environment's binding; where Git sets it too, Flux
// sets it back at every run (openchoreo v1.2.3 internal/controller/component/controller.go:795).
func competingManagers(p *view.Environment, j *result.Result, o facts.Object) {
	component := p.Object(p.Ref("Component", p.ComponentName))
	latest := kinds.Text(component.Body, "status", "latestRelease", "name")
	if !kinds.Bool(component.Body, "spec", "autoDeploy") || p.EnvironmentNames[0] != p.Name || len(p.Engines.AppliedBy(p.Binding)) == 0 {
		return
	}
	if latest == o.Ref.Name && !facts.SetsSpec(p.Binding.Body, "spec.releaseName", "kustomize-controller") {
		return
	}
	j.Note(trace.Warning, trace.Finding{
		Code: trace.CodeTwoMasters, Object: p.Binding.Ref,
		Message: fmt.Sprintf("autoDeploy sets %s, but Git also sets spec.releaseName of %s", cmp.Or(latest, "the newest release"), p.Binding.Ref),
		Hint:    "OpenChoreo and Flux overwrite each other: remove spec.releaseName from Git, or set spec.autoDeploy of the Component to false",
	})
}
