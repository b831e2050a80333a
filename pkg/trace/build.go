package trace

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// lastRun is the newest WorkflowRun of the component: the build that makes its image and its Workload.
func (v *view) lastRun() facts.Object {
	runs := slices.DeleteFunc(v.Of(facts.Control, kinds.OpenChoreo, "WorkflowRun"), func(o facts.Object) bool {
		return o.Ref.Namespace != v.ns || kinds.Label(o.Body, kinds.LabelComponent) != v.component
	})
	if len(runs) == 0 {
		return facts.Object{}
	}
	return slices.MaxFunc(runs, func(a, b facts.Object) int { return createdAt(a).Compare(createdAt(b)) })
}

// build explains a Workload that is not there, or has no image, by the build that should have made it; false when there
// was none. Most errors of a run are in the controller's log only, and leave it pending for ever (openchoreo v1.2.3
// internal/controller/workflowrun/controller.go:169-291).
func (v *view) build(j *judgement) (*judgement, bool) {
	run := v.lastRun()
	if run.Outcome != facts.Found {
		return j, false
	}
	failed := kinds.ConditionOf(run.Body, "WorkflowFailed")
	completed := kinds.ConditionOf(run.Body, "WorkflowCompleted")
	f := Finding{Code: CodeWorkflowRunFailed, Object: run.Ref, Path: []facts.Ref{j.Object}}
	switch {
	case failed.True():
		f.Message, f.Since, f.Evidence = failed.Message, since(failed), quote(failed)
	case completed.True() && !kinds.ConditionOf(run.Body, "WorkflowSucceeded").True():
		f.Message, f.Since, f.Evidence = completed.Message, since(completed), quote(completed)
	case completed.True():
		return j, false // it succeeded, so the Workload is missing for another reason
	case v.within(createdAt(run), buildClock):
		return j.wait(createdAt(run), "being built by %s", run.Ref), true
	default:
		f.Message = orElse(completed.Message, "the build has not ended")
		f.Since, f.Evidence = createdAt(run), quote(completed)
		f.Hint = "errors of rendering and applying a run are in the log of OpenChoreo's controller-manager only"
	}
	j.Summary = fmt.Sprintf("%s has not built it", run.Ref)
	return j.fail(f), true
}

// noImage: a Workload without an image is waiting for its build.
func (v *view) noImage(j *judgement, o facts.Object) *judgement {
	if built, waits := v.build(j); waits {
		return built
	}
	return j.ok("%s, without an image", o.Ref.Name)
}
