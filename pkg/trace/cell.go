package trace

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// projectBindings are the ProjectReleaseBindings of the project in this environment. There must be exactly one.
func (p *place) projectBindings() []facts.Object {
	return slices.DeleteFunc(p.Of(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding"), func(o facts.Object) bool {
		return o.Ref.Namespace != p.ns || kinds.Text(o.Body, "spec", "environment") != p.name ||
			kinds.Text(o.Body, "spec", "owner", "projectName") != p.project
	})
}

// assessCell judges the project's cell. Since OpenChoreo 1.2 only a ProjectReleaseBinding makes the namespace that the
// component's objects go into (v1.2.3 internal/controller/renderedrelease/controller.go:133); a missing one shows
// first as an apply failure two rungs below.
func assessCell(p *place) *judgement {
	j := rung(RungCell, p.ref("ProjectReleaseBinding", ""))
	if p.beforeCells() {
		j.State, j.Current, j.Summary = OK, Current, "made with the release (OpenChoreo before 1.2)"
		return j
	}
	switch len(p.cells) {
	case 0:
		return p.noCell(j, p.Listed(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding", p.ns))
	case 1:
		return p.judgeCell(j, p.cells[0])
	}
	j.Object = p.cells[0].Ref
	j.Summary = "several bindings for one project and environment"
	return j.fail(Finding{Code: CodeCellDuplicate, Message: fmt.Sprintf("%s and %s both bind project %s to %s",
		p.cells[0].Ref, p.cells[1].Ref, p.project, p.name), Hint: "delete the file of one"})
}

// beforeCells reports whether the cluster runs OpenChoreo 1.0 or 1.1, where each release makes its namespace itself
// (v1.1.6 internal/controller/renderedrelease/controller.go:133).
func (p *place) beforeCells() bool {
	return p.Listed(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding", p.ns).Outcome == facts.NoKind
}

func (p *place) noCell(j *judgement, list facts.List) *judgement {
	if j.unanswered(j.Object, list.Outcome, list.Reason) {
		return j
	}
	if p.binding.Outcome != facts.Found {
		j.unasked = true
		j.Summary = "none; whether one is needed is not known"
		return j
	}
	j.absent = true
	j.Summary = fmt.Sprintf("no ProjectReleaseBinding for %s in %s", p.project, p.name)
	f := Finding{
		Code:    CodeCellAbsent,
		Message: fmt.Sprintf("no ProjectReleaseBinding binds project %s to environment %s", p.project, p.name),
		Hint:    "since OpenChoreo 1.2 it alone makes the namespace that the component runs in; commit one for this project and environment",
		Next:    commands(kubectl(p.ns, "get projectreleasebindings")),
	}
	p.vanished(&f, func(ref facts.Ref) bool {
		return ref.Kind == "ProjectReleaseBinding" && ref.Name == p.project+"-"+p.name
	})
	return j.fail(f)
}

// renderedBy is the RenderedRelease that a ProjectReleaseBinding owns: it makes the namespace.
func (p *place) renderedBy(binding facts.Ref) facts.Ref {
	for _, o := range p.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		for _, owner := range o.Body.GetOwnerReferences() {
			if owner.Kind == binding.Kind && owner.Name == binding.Name {
				return o.Ref
			}
		}
	}
	return facts.Ref{}
}

func (p *place) judgeCell(j *judgement, o facts.Object) *judgement {
	j.Object = o.Ref
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	notReady := ready.False() && ready.Current(o.Body) && !deleting(o.Body)
	if notReady {
		p.cellNotReady(j, o, ready)
	} else {
		p.declaredState(j, o, CodeCellNotReady)
	}
	p.deliveryNotes(j, o)
	if j.Current == CurrencyUnknown {
		j.Current = Current
	}
	if notReady || j.State == Failed {
		return j
	}
	namespace := kinds.Text(o.Body, "status", "namespace")
	live := p.Object(facts.Ref{Plane: p.plane(), Kind: "Namespace", Name: namespace})
	switch {
	case namespace == "":
		return p.noCellNamespace(j, o)
	case live.Outcome == facts.Absent && p.planeIsHere():
		f := Finding{
			Code: CodeCellNamespaceAbsent, Object: live.Ref,
			Message: fmt.Sprintf("namespace %s does not exist on the plane, although %s is Ready", namespace, o.Ref),
			Hint:    "OpenChoreo looks at the plane only every five minutes",
		}
		if rendered := p.renderedBy(o.Ref); !rendered.IsZero() {
			p.wakes(&f, rendered)
		}
		return j.fail(f)
	case deleting(live.Body):
		return j.fail(terminating(live))
	}
	return j.ok("%s", namespace)
}

// noCellNamespace: the controller writes the name of the namespace when it has rendered it, which it does at its first look.
func (p *place) noCellNamespace(j *judgement, o facts.Object) *judgement {
	began := p.lastDelivery(o)
	if j.State == Progressing || p.within(began, observeClock) {
		return j.wait(began, "%s has no namespace yet", o.Ref.Name)
	}
	return j.fail(p.orControllerDown(o.Ref, Finding{
		Code: CodeNotObserved, Message: fmt.Sprintf("%s has no status.namespace", o.Ref), Since: began,
		Hint: "its controller has not looked at it: is it running?",
	}))
}

// cellNotReady fails for the first condition that is False for this generation: Ready only repeats it.
func (p *place) cellNotReady(j *judgement, o facts.Object, ready kinds.Condition) {
	j.Current = p.declaredCurrency(o)
	c := ready
	for _, name := range []string{"ResourcesReady", "NamespaceReady", "Synced"} {
		if cause := kinds.ConditionOf(o.Body, name); cause.False() && cause.Current(o.Body) {
			c = cause
		}
	}
	if clock := cellClock(c.Reason); clock > 0 && p.within(since(c), clock) {
		j.wait(since(c), "%s: %s", o.Ref.Name, c.Message)
		return
	}
	f := Finding{Code: CodeCellNotReady, Message: c.Message, Since: since(c), Evidence: quote(c)}
	p.cellCause(&f, o, c)
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Name, c.Reason)
	j.fail(f)
}

// cellClock is how long a reason is normal. The Project's controller fills in the release of a new binding, after the
// binding's own has looked at it once (openchoreo v1.2.3 project/controller_bindings.go:25); a release that was made a moment
// ago may not have reached the cache that the binding's controller reads.
func cellClock(reason string) time.Duration {
	switch reason {
	case "NamespaceProgressing", "ResourcesProgressing", "ProjectReleaseNotSet":
		return observeClock
	case "ProjectReleaseNotFound":
		return staleClock
	}
	return 0
}

// cellCause says what the reasons of a ProjectReleaseBinding mean. Its controller watches neither the ProjectRelease that
// it did not find, nor looks again by itself (openchoreo v1.2.3 projectreleasebinding/controller.go:116).
func (p *place) cellCause(f *Finding, o facts.Object, c kinds.Condition) {
	switch c.Reason {
	case "ProjectReleaseNotSet":
		f.Code = CodeCellReleaseNotSet
		f.Hint = "set spec.projectRelease; OpenChoreo fills it in once, when the Project is ready"
	case "ProjectReleaseNotFound":
		release := p.Object(p.ref("ProjectRelease", kinds.Text(o.Body, "spec", "projectRelease")))
		f.Code = CodeCellReleaseAbsent
		f.Hint = "spec.projectRelease names it"
		if release.Outcome == facts.Found {
			f.Code = CodeStaleNotFound
			p.wakes(f, o.Ref)
			f.Hint = fmt.Sprintf("%s exists; OpenChoreo does not look again by itself", release.Ref)
		}
	case "RenderingFailed", "NamespaceMissing":
		f.Hint = "the (Cluster)ProjectType, the Project's parameters or the environmentConfigs of this binding do not fit together"
	case "ResourceApplyFailed":
		f.Hint = refusal(c.Message)
	}
}
