package trace

import (
	"fmt"
	"reflect"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// place is one environment of the subject, with the objects that belong to it.
type place struct {
	*view
	name     string
	binding  facts.Object // the ReleaseBinding; NotAsked or Absent when there is none
	cells    []facts.Object
	rendered facts.Object // the binding's RenderedRelease for the data plane
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
		return j.fail(Finding{
			Code: CodeReleaseAbsent, Message: p.missing(o.Ref), Path: []facts.Ref{p.binding.Ref},
			Hint: fmt.Sprintf("%s pins it; is its file committed, and in a folder that a Kustomization applies?", p.binding.Ref),
		})
	}
	if j.unread(o) {
		return j
	}
	return p.compareRelease(j, o)
}

// compareRelease: a release is an immutable snapshot. That the Workload has moved on is how GitOps with hand-cut
// releases works between two steps, so it is worth a word and no failure.
func (p *place) compareRelease(j *judgement, o facts.Object) *judgement {
	j.Current = p.declaredCurrency(o)
	if j.Current == CurrencyUnknown {
		j.Current = Current
	}
	workloads := p.workloads()
	if len(workloads) != 1 {
		return j.ok("%s", o.Ref.Name)
	}
	if sameWorkload(workloads[0], o) {
		return j.ok("%s, same as the workload", o.Ref.Name)
	}
	j.note(Info, Finding{
		Code: CodeWorkloadNotReleased, Object: workloads[0].Ref,
		Message: fmt.Sprintf("%s differs from what %s holds", workloads[0].Ref, o.Ref.Name),
		Hint:    "its changes reach this environment with the next release that is cut and bound",
	})
	return j.ok("%s; the workload has changed since", o.Ref.Name)
}

// sameWorkload compares by value, leaving out the owner, which a release does not copy.
func sameWorkload(workload, release facts.Object) bool {
	declared := nested(workload, "spec")
	released := nested(release, "spec", "workload")
	trimmed := map[string]any{}
	for k, value := range declared {
		if k != "owner" {
			trimmed[k] = value
		}
	}
	return reflect.DeepEqual(trimmed, released)
}
