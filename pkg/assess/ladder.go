package assess

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/component"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/dataplane"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/release"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// sharedAssessors has an assessor for each shared rung of trace.Ladder.
func sharedAssessors() map[trace.RungID]func(*view.Component) *result.Result {
	return map[trace.RungID]func(*view.Component) *result.Result{
		trace.RungGit:       delivery.AssessGit,
		trace.RungSource:    delivery.AssessSource,
		trace.RungDelivery:  delivery.AssessDelivery,
		trace.RungProject:   component.AssessProject,
		trace.RungComponent: component.AssessComponent,
		trace.RungWorkload:  component.AssessWorkload,
	}
}

// environmentAssessors has an assessor for each rung of trace.Ladder that every environment has.
func environmentAssessors() map[trace.RungID]func(*view.Environment) *result.Result {
	return map[trace.RungID]func(*view.Environment) *result.Result{
		trace.RungRelease:     release.AssessRelease,
		trace.RungEnvironment: binding.AssessEnvironment,
		trace.RungCell:        binding.AssessCell,
		trace.RungBinding:     binding.AssessBinding,
		trace.RungRendered:    binding.AssessRendered,
		trace.RungResource:    dataplane.AssessResource,
		trace.RungPod:         pods.Assess,
		trace.RungEndpoint:    dataplane.AssessEndpoint,
	}
}

func assessShared(v *view.Component) []*result.Result {
	return assessRungs(trace.Shared, v, sharedAssessors())
}

func assessPerEnvironment(p *view.Environment) []*result.Result {
	return assessRungs(trace.PerEnvironment, p, environmentAssessors())
}

// assessRungs assesses the rungs of one scope, in the order of the ladder. A rung without an assessor stays Unknown.
func assessRungs[View any](scope trace.Scope, v View, assessors map[trace.RungID]func(View) *result.Result) []*result.Result {
	var all []*result.Result
	for _, step := range trace.Ladder() {
		if step.Scope != scope {
			continue
		}
		assessed := result.New(step.ID, facts.Ref{})
		if assess, known := assessors[step.ID]; known {
			assessed = assess(v)
		}
		all = append(all, assessed)
	}
	return all
}
