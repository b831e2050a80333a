package trace

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// place is one environment of the subject, with the objects that belong to it.
type place struct {
	*view
	name     string
	binding  facts.Object // the ReleaseBinding; NotAsked or Absent when there is none
	cells    []facts.Object
	rendered facts.Object  // the binding's RenderedRelease for the data plane
	objects  []planeObject // what it puts on the plane; nil until somebody asks
}

func (v *view) place(environment string) *place {
	p := &place{view: v, name: environment}
	if bound := v.bindings(environment); len(bound) > 0 {
		p.binding = bound[0]
	}
	p.cells = p.projectBindings()
	p.rendered = p.renderedRelease()
	return p
}

func (p *place) releaseName() string { return kinds.Text(p.binding.Body, "spec", "releaseName") }

// assessRelease judges the ComponentRelease that the binding pins. It has no conditions; it is there or not.
func assessRelease(p *place) *judgement {
	j := rung(RungRelease, p.ref("ComponentRelease", p.releaseName()))
	if p.binding.Outcome != facts.Found {
		j.unasked = true
		j.Summary = "no binding pins one"
		return j
	}
	if p.releaseName() == "" {
		j.Summary = "the binding pins none"
		return j.fail(Finding{
			Code: CodeReleaseNotPinned, Object: p.binding.Ref, Message: "spec.releaseName is not set",
			Hint: "nothing is deployed until the binding names a ComponentRelease",
		})
	}
	o := p.Object(j.Object)
	j.Revision = o.Ref.Name
	if o.Outcome == facts.Absent {
		j.absent = true
		j.Summary = fmt.Sprintf("%s is not there", o.Ref.Name)
		f := Finding{
			Code: CodeReleaseAbsent, Message: p.missing(o.Ref), Path: []facts.Ref{p.binding.Ref},
			Hint: fmt.Sprintf("%s pins it; is its file committed, and in a folder that a Kustomization applies?", p.binding.Ref),
		}
		p.vanished(&f, func(ref facts.Ref) bool { return ref == o.Ref })
		return j.fail(f)
	}
	if j.unread(o) {
		return j
	}
	return p.compareRelease(j, o)
}

func (p *place) compareRelease(j *judgement, o facts.Object) *judgement {
	j.Current = p.declaredCurrency(o)
	if j.Current == CurrencyUnknown {
		j.Current = Current
	}
	p.deliveryNotes(j, o)
	p.outdated(j, o)
	p.notPromoted(j, o)
	p.twoMasters(j, o)
	return p.compareWorkload(j, o)
}

// releaseOf is a release that holds exactly what the Workload says.
func (p *place) releaseOf(workload facts.Object) facts.Object {
	for _, o := range p.ownedBy("ComponentRelease", p.component) {
		if kinds.Released(workload.Body, o.Body) {
			return o
		}
	}
	return facts.Object{}
}

// outdated: a release is cut with the type, the traits and the parameters of its day.
func (p *place) outdated(j *judgement, o facts.Object) {
	component := p.Object(p.ref("Component", p.component))
	typ := p.Object(p.typeRef(component))
	var moved []string
	if snapshot := nested(o, "spec", "componentType", "spec"); typ.Outcome == facts.Found && snapshot != nil && !same(nested(typ, "spec"), snapshot) {
		moved = append(moved, typ.Ref.String())
	}
	if component.Outcome == facts.Found && !same(nested(component, "spec", "parameters"), nested(o, "spec", "componentProfile", "parameters")) {
		moved = append(moved, "spec.parameters of the Component")
	}
	if len(moved) == 0 {
		return
	}
	severity := Info
	if p.deploysFirst(firstBody(p.workloads())) {
		severity = Warning
	}
	j.note(severity, Finding{
		Code: CodeReleaseOutdated, Message: fmt.Sprintf("%s changed since %s was cut", strings.Join(moved, " and "), o.Ref.Name),
		Hint: "the change reaches this environment with the next release", Next: p.cutRelease(),
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
		if other := b[name]; (!empty(value) || !empty(other)) && !same(value, other) {
			return false
		}
	}
	for name, other := range b {
		if _, compared := a[name]; !compared && !empty(other) {
			return false
		}
	}
	return true
}

// promotedFrom are the environments that the pipeline promotes from to this one.
func (p *place) promotedFrom() []string {
	return kinds.PromotionSources(p.pipeline().Body)[p.name]
}

// unreadSources are those whose binding is not known, while one of the component's bindings was not read.
func (p *place) unreadSources() []string {
	l := p.Listed(facts.Control, kinds.OpenChoreo, "ReleaseBinding", p.ns)
	all := l.Outcome == facts.Found && !l.Truncated && !slices.ContainsFunc(l.Items, func(item facts.Ref) bool {
		return p.Object(item).Outcome != facts.Found && p.Object(item).Outcome != facts.Absent
	})
	return slices.DeleteFunc(slices.Clone(p.promotedFrom()), func(source string) bool {
		return all || len(p.bindings(source)) > 0
	})
}

// notPromoted: the environments before this one in the pipeline pin other releases. A release comes from one of them, so the same
// release in one is enough.
func (p *place) notPromoted(j *judgement, o facts.Object) {
	var waiting []Finding
	for _, source := range p.promotedFrom() {
		for _, b := range p.bindings(source) {
			name := kinds.Text(b.Body, "spec", "releaseName")
			if name == o.Ref.Name {
				return
			}
			if name != "" {
				waiting = append(waiting, Finding{
					Code: CodeReleaseNotPromoted, Message: fmt.Sprintf("%s has %s", source, name),
					Hint: fmt.Sprintf("promoting it means setting spec.releaseName of %s", p.binding.Ref),
				})
			}
		}
	}
	for _, f := range waiting {
		j.note(Info, f)
	}
}

// twoMasters: with autoDeploy OpenChoreo sets releaseName of the first environment's binding; where Git sets it too, Flux
// sets it back at every run (openchoreo v1.2.3 internal/controller/component/controller.go:795).
func (p *place) twoMasters(j *judgement, o facts.Object) {
	component := p.Object(p.ref("Component", p.component))
	latest := kinds.Text(component.Body, "status", "latestRelease", "name")
	if !kinds.Bool(component.Body, "spec", "autoDeploy") || p.environments[0] != p.name || len(appliersOf(p.binding)) == 0 {
		return
	}
	if latest == o.Ref.Name && !facts.SetsSpec(p.binding.Body, "spec.releaseName", "kustomize-controller") {
		return
	}
	j.note(Warning, Finding{
		Code: CodeTwoMasters, Object: p.binding.Ref,
		Message: fmt.Sprintf("autoDeploy wants %s, and Git sets spec.releaseName of %s too", orElse(latest, "the newest release"), p.binding.Ref),
		Hint:    "OpenChoreo and Flux take turns: leave releaseName out of Git, or turn autoDeploy off",
	})
}
