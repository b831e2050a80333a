package binding

import (
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessCell judges the project's cell. Since OpenChoreo 1.2 only a ProjectReleaseBinding makes the namespace that the
// component's objects go into (v1.2.3 internal/controller/renderedrelease/controller.go:133); a missing one shows
// first as an apply failure two rungs below.
func AssessCell(p *view.Environment) *result.Result {
	j := result.New(trace.RungCell, p.Ref("ProjectReleaseBinding", ""))
	if p.BeforeCells() {
		j.State, j.Current, j.Summary = trace.OK, trace.Current, "created with the release (OpenChoreo before 1.2)"
		return j
	}
	switch len(p.Cells) {
	case 0:
		return noCell(p, j, p.Listed(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding", p.Namespace))
	case 1:
		return assessOneCell(p, j, p.Cells[0])
	}
	j.Object = p.Cells[0].Ref
	j.Summary = "several ProjectReleaseBindings for one project and environment"
	return j.Fail(trace.Finding{Code: trace.CodeMultipleProjectReleaseBindings, Message: fmt.Sprintf("%s and %s both bind project %s to %s",
		p.Cells[0].Ref, p.Cells[1].Ref, p.ProjectName, p.Name), Hint: deleteOther(p)})
}

// deleteOther names the ProjectReleaseBinding that renders nothing. The finalizer of each deletes the RenderedRelease of the project and environment,
// whoever owns it (openchoreo v1.2.3 internal/controller/projectreleasebinding/controller_finalize.go, finalize).
func deleteOther(p *view.Environment) string {
	const also = "; the deletion of either one also deletes that RenderedRelease, with the Namespace and its pods: choose a maintenance window"
	for i, owner := range p.Cells {
		if rendered := view.RenderedBy(p, owner.Ref); !rendered.IsZero() && len(p.Cells) == 2 {
			return fmt.Sprintf("in Git, delete %s: %s is owned by %s", p.Cells[1-i].Ref, rendered, owner.Ref) + also
		}
	}
	return "in Git, delete the ProjectReleaseBinding that does not own the RenderedRelease" + also
}

func noCell(p *view.Environment, j *result.Result, list facts.List) *result.Result {
	if j.NoAnswer(j.Object, list.Outcome, list.Reason) {
		return j
	}
	if list.Truncated {
		j.Cause = result.NotChecked()
		j.Summary = "unknown: there are too many ProjectReleaseBindings to find that of the project"
		return j
	}
	for _, item := range list.Items {
		if o := p.Object(item); o.Outcome == facts.Forbidden || o.Outcome == facts.Unreachable || o.Outcome == facts.Invalid {
			j.CannotRead(o)
			return j
		}
	}
	if p.Binding.Outcome != facts.Found {
		j.Cause = result.NotChecked()
		j.Summary = "no ProjectReleaseBinding; it is not known whether one is required"
		return j
	}
	j.Cause = result.NotFound()
	j.Summary = fmt.Sprintf("no ProjectReleaseBinding for %s in %s", p.ProjectName, p.Name)
	f := trace.Finding{
		Code:    trace.CodeProjectReleaseBindingNotFound,
		Message: fmt.Sprintf("no ProjectReleaseBinding binds project %s to environment %s", p.ProjectName, p.Name),
		Hint:    "since OpenChoreo 1.2 a ProjectReleaseBinding creates the namespace of a project in an environment: commit one",
	}
	delivery.ExplainVanished(p.Component, &f, func(ref facts.Ref) bool {
		return ref.Kind == "ProjectReleaseBinding" && ref.Name == p.ProjectName+"-"+p.Name
	})
	return j.Fail(f)
}

func assessOneCell(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	j.Object = o.Ref
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	notReady := ready.False() && ready.Current(o.Body) && !view.Deleting(o.Body)
	if notReady {
		cellNotReady(p, j, o, ready)
	} else {
		delivery.DeclaredState(p.Component, j, o, trace.CodeProjectReleaseBindingNotReady)
	}
	delivery.AddWarnings(p.Component, j, o)
	if j.Current == trace.CurrencyUnknown {
		j.Current = trace.Current
	}
	if notReady || j.State == trace.Failed {
		return j
	}
	namespace := kinds.Text(o.Body, "status", "namespace")
	live := p.Object(facts.Ref{Plane: p.Plane(), Kind: "Namespace", Name: namespace})
	switch {
	case namespace == "":
		return noCellNamespace(p, j, o)
	case live.Outcome == facts.Absent && p.IsExpectedPlane():
		f := trace.Finding{
			Code: trace.CodeCellNamespaceNotFound, Object: live.Ref,
			Message: fmt.Sprintf("namespace %s does not exist on the data plane, although %s is Ready", namespace, o.Ref),
			Hint:    "OpenChoreo checks the data plane only every five minutes: reconcile to create it now",
		}
		if rendered := view.RenderedBy(p, o.Ref); !rendered.IsZero() {
			p.Retriggers(&f, rendered)
		}
		return j.Fail(f)
	case view.Deleting(live.Body):
		return j.Fail(p.TerminatingFinding(live))
	}
	return j.OK("%s", namespace)
}

// noCellNamespace: the controller writes the name of the namespace when it has rendered it, which it does at its first look.
func noCellNamespace(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	began := p.LastDelivery(o)
	if j.State == trace.Progressing || p.Within(began, view.ObserveTimeout) {
		return j.Wait(began, "%s has no namespace yet", o.Ref.Name)
	}
	return j.Fail(p.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeGenerationNotObserved, Message: fmt.Sprintf("%s has no status.namespace", o.Ref), Since: began,
		Hint: "its controller has not reconciled it: check that the controller runs",
	}))
}

// cellNotReady fails for the first condition that is False for this generation: Ready only repeats it.
func cellNotReady(p *view.Environment, j *result.Result, o facts.Object, ready kinds.Condition) {
	j.Current = delivery.DeclaredCurrency(p.Component, o)
	c := ready
	for _, name := range []string{kinds.ConditionResourcesReady, kinds.ConditionNamespaceReady, kinds.ConditionSynced} {
		if cause := kinds.ConditionOf(o.Body, name); cause.False() && cause.Current(o.Body) {
			c = cause
		}
	}
	if clock := cellTimeout(c.Reason); clock > 0 && p.Within(view.LastTransition(c), clock) {
		j.Wait(view.LastTransition(c), "%s: %s", o.Ref.Name, c.Message)
		return
	}
	f := trace.Finding{Code: trace.CodeProjectReleaseBindingNotReady, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c)}
	cellCause(p, &f, o, c)
	j.FailWithCode(o.Ref.Name, f)
}

// cellTimeout is how long a reason is normal. The Project's controller fills in the release of a new binding, after the
// binding's own has read it once (openchoreo v1.2.3 project/controller_bindings.go:25); a release that was made a moment
// ago may not have reached the cache that the binding's controller reads.
func cellTimeout(reason string) time.Duration {
	switch reason {
	case kinds.ReasonNamespaceProgressing, kinds.ReasonResourcesProgressing, kinds.ReasonProjectReleaseNotSet:
		return view.ObserveTimeout
	case kinds.ReasonProjectReleaseNotFound:
		return view.StaleTimeout
	}
	return 0
}

// cellCause reports what the reasons of a ProjectReleaseBinding mean. Its controller watches neither the ProjectRelease that
// it did not find, nor looks again by itself (openchoreo v1.2.3 projectreleasebinding/controller.go:116).
func cellCause(p *view.Environment, f *trace.Finding, o facts.Object, c kinds.Condition) {
	switch c.Reason {
	case kinds.ReasonProjectReleaseNotSet:
		f.Code = trace.CodeProjectReleaseNotSet
		f.Hint = "set spec.projectRelease; OpenChoreo sets it only once, when the Project becomes Ready"
	case kinds.ReasonProjectReleaseNotFound:
		release := p.Object(p.Ref("ProjectRelease", kinds.Text(o.Body, "spec", "projectRelease")))
		f.Code = trace.CodeProjectReleaseNotFound
		f.Hint = "correct spec.projectRelease in Git, or commit the ProjectRelease"
		if release.Outcome == facts.Found {
			f.Code = trace.CodeStaleNotFound
			p.Retriggers(f, o.Ref)
			f.Hint = fmt.Sprintf("%s exists; OpenChoreo does not retry", release.Ref)
		}
	case kinds.ReasonRenderingFailed, kinds.ReasonNamespaceMissing:
		f.Hint = "the ProjectType or ClusterProjectType, the parameters of the Project, or the environmentConfigs of this binding are invalid"
	case kinds.ReasonResourceApplyFailed:
		f.Hint = delivery.Refusal(c.Message, delivery.By{})
	}
}
