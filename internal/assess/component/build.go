package component

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// lastRun is the newest WorkflowRun of the component: the build that makes its image and its Workload.
func lastRun(v *view.Component) facts.Object {
	runs := slices.DeleteFunc(v.Of(facts.Control, kinds.OpenChoreo, "WorkflowRun"), func(o facts.Object) bool {
		return o.Ref.Namespace != v.Namespace || kinds.Label(o.Body, kinds.LabelComponent) != v.ComponentName
	})
	if len(runs) == 0 {
		return facts.Object{}
	}
	return slices.MaxFunc(runs, func(a, b facts.Object) int { return view.CreatedAt(a).Compare(view.CreatedAt(b)) })
}

// build explains a Workload that is not there, or has no image, by the build that should have made it; false when there
// was none. Most errors of a run are in the controller's log only, and leave it pending for ever (openchoreo v1.2.3
// internal/controller/workflowrun/controller.go:169-291).
func build(v *view.Component, j *result.Result) (*result.Result, bool) {
	run := lastRun(v)
	if run.Outcome != facts.Found {
		return j, false
	}
	failed := kinds.ConditionOf(run.Body, kinds.ConditionWorkflowFailed)
	completed := kinds.ConditionOf(run.Body, kinds.ConditionWorkflowCompleted)
	f := trace.Finding{Code: trace.CodeWorkflowRunFailed, Object: run.Ref, Path: []facts.Ref{j.Object}}
	switch {
	case failed.True():
		f.Message, f.Since, f.Evidence = failed.Message, view.LastTransition(failed), view.ConditionEvidence(failed)
	case completed.True() && !kinds.ConditionOf(run.Body, kinds.ConditionWorkflowSucceeded).True():
		f.Message, f.Since, f.Evidence = completed.Message, view.LastTransition(completed), view.ConditionEvidence(completed)
	case completed.True():
		return j, false // it succeeded, so the Workload is missing for another reason
	case v.Within(view.CreatedAt(run), view.BuildTimeout):
		j.Note(trace.Info, trace.Finding{
			Code: trace.CodeProgressing, Object: run.Ref, Message: "the build has not finished", Since: view.CreatedAt(run), NextSteps: describe(run.Ref),
		})
		return j.Wait(view.CreatedAt(run), "being built by %s", run.Ref), true
	default:
		f.Message = cmp.Or(completed.Message, "the build has not finished")
		f.Since, f.Evidence = view.CreatedAt(run), view.ConditionEvidence(completed)
		f.Hint = "only the log of OpenChoreo's controller-manager has the errors of rendering and applying a WorkflowRun"
	}
	j.Summary = fmt.Sprintf("%s has not created an image", run.Ref)
	return j.Fail(f), true
}

func describe(ref facts.Ref) []trace.NextStep {
	line := command.Describe(ref)
	if line == "" {
		return nil
	}
	return []trace.NextStep{{Role: trace.RoleDeveloper, Plane: facts.Control, Command: line}}
}

// noImage: a Workload without an image is waiting for its build.
func noImage(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	if built, waits := build(v, j); waits {
		return built
	}
	return j.OK("%s, without an image", o.Ref.Name)
}
