package trace

import (
	"fmt"
	"slices"

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
	if p.madeWithRelease() {
		j.State, j.Current, j.Summary = OK, Current, "made with the release (OpenChoreo before 1.2)"
		return j
	}
	switch len(p.cells) {
	case 0:
		return p.noCell(j)
	case 1:
		return p.judgeCell(j, p.cells[0])
	}
	j.Object = p.cells[0].Ref
	j.Summary = "several bindings for one project and environment"
	return j.fail(Finding{Code: CodeCellDuplicate, Message: fmt.Sprintf("%s and %s both bind project %s to %s",
		p.cells[0].Ref, p.cells[1].Ref, p.project, p.name), Hint: "delete the file of one"})
}

// madeWithRelease: before 1.2 there is no ProjectReleaseBinding, and the cell's namespace is made with each release
// (v1.1.6 internal/controller/renderedrelease/controller.go:133).
func (p *place) madeWithRelease() bool {
	return p.Listed(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding", p.ns).Outcome == facts.NoKind
}

func (p *place) noCell(j *judgement) *judgement {
	list := p.Listed(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding", p.ns)
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
	return j.fail(Finding{
		Code:    CodeCellAbsent,
		Message: fmt.Sprintf("no ProjectReleaseBinding binds project %s to environment %s", p.project, p.name),
		Hint:    "since OpenChoreo 1.2 it alone makes the namespace that the component runs in; commit one for this project and environment",
		Next:    []string{fmt.Sprintf("kubectl -n %s get projectreleasebindings", p.ns)},
	})
}

func (p *place) judgeCell(j *judgement, o facts.Object) *judgement {
	j.Object = o.Ref
	p.declaredState(j, o, CodeCellNotReady)
	p.deliveryNotes(j, o)
	if j.Current == CurrencyUnknown {
		j.Current = Current
	}
	if j.State == Failed {
		p.explainCell(j, o)
		return j
	}
	namespace := kinds.Text(o.Body, "status", "namespace")
	live := p.Object(facts.Ref{Plane: p.plane(), Kind: "Namespace", Name: namespace})
	switch {
	case namespace == "":
		return j.wait(o.Body.GetCreationTimestamp().Time, "%s has no namespace yet", o.Ref.Name)
	case live.Outcome == facts.Absent && p.planeIsHere():
		return j.fail(Finding{
			Code: CodeCellNamespaceAbsent, Object: live.Ref,
			Message: fmt.Sprintf("namespace %s does not exist on the plane, although %s is Ready", namespace, o.Ref),
			Hint:    "OpenChoreo looks at the plane only every five minutes",
		})
	case deleting(live.Body):
		return j.fail(terminating(live))
	}
	return j.ok("%s", namespace)
}

// explainCell gives the first condition that does not hold: Ready only repeats it.
func (p *place) explainCell(j *judgement, o facts.Object) {
	for _, name := range []string{"Synced", "NamespaceReady", "ResourcesReady"} {
		c := kinds.ConditionOf(o.Body, name)
		if !c.False() {
			continue
		}
		j.Summary = fmt.Sprintf("%s: %s", o.Ref.Name, c.Reason)
		last := &j.Findings[len(j.Findings)-1]
		last.Message, last.Since, last.Evidence = c.Message, since(c), quote(c)
		p.cellCause(last, o, c)
		if c.Reason == "NamespaceProgressing" || c.Reason == "ResourcesProgressing" {
			if p.within(since(c), observeClock) {
				j.Findings = j.Findings[:len(j.Findings)-1]
				j.wait(since(c), "%s: %s", o.Ref.Name, c.Message)
			}
		}
		return
	}
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
			f.Code, f.Next = CodeStaleNotFound, []string{wake(o.Ref)}
			f.Hint = fmt.Sprintf("%s exists; OpenChoreo does not look again by itself", release.Ref)
		}
	case "RenderingFailed", "NamespaceMissing":
		f.Hint = "the (Cluster)ProjectType, the Project's parameters or the environmentConfigs of this binding do not fit together"
	case "ResourceApplyFailed":
		f.Hint = refusal(c.Message)
	}
}

// planeIsHere reports whether the cluster that was asked really is this environment's data plane: only then does
// it carry an object with the uid of a RenderedRelease which OpenChoreo applied to it.
func (p *place) planeIsHere() bool {
	uids := map[string]bool{}
	for _, rendered := range p.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		uids[string(rendered.Body.GetUID())] = true
	}
	for _, o := range p.Objects() {
		if o.Ref.Plane == p.plane() && o.Outcome == facts.Found && uids[o.Body.GetLabels()[kinds.LabelRenderedReleaseUID]] {
			return true
		}
	}
	return false
}
