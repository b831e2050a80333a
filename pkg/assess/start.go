package assess

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// markStart marks the rungs that assess the object that the user named. The subject has its environment, if it belongs to one.
func markStart(t *trace.Trace) {
	id := RungOf(t.Subject.Object)
	mark := func(rungs []trace.Rung) {
		for i := range rungs {
			if id != "" && rungs[i].ID == id {
				rungs[i].Start = t.Subject.Object
			}
		}
	}
	mark(t.Rungs)
	for _, e := range t.Environments {
		mark(e.Rungs)
	}
}

// RungOf returns the rung that assesses an object; "" for the zero Ref.
func RungOf(ref facts.Ref) trace.RungID {
	switch {
	case ref.IsZero():
		return ""
	case ref.Group == kinds.OpenChoreo:
		return rungOfOpenChoreo(ref.Kind)
	case ref.Group == kinds.Core && ref.Kind == "Pod":
		return trace.RungPod
	case ref.Group == kinds.Core && ref.Kind == "Namespace":
		return trace.RungCell
	case ref.Group == kinds.GatewayAPI:
		return trace.RungEndpoint
	}
	if e, delivers := engines.All().Of(ref); delivers && ref.Plane == facts.Control {
		if e.Properties().Applies {
			return trace.RungDelivery
		}
		return trace.RungSource
	}
	return trace.RungResource
}

func rungOfOpenChoreo(kind string) trace.RungID {
	switch kind {
	case "Project", "DeploymentPipeline":
		return trace.RungProject
	case "Workload":
		return trace.RungWorkload
	case "ComponentRelease":
		return trace.RungRelease
	case "Environment", "DataPlane", "ClusterDataPlane":
		return trace.RungEnvironment
	case "ProjectReleaseBinding", "ProjectRelease":
		return trace.RungCell
	case "ReleaseBinding":
		return trace.RungBinding
	case "RenderedRelease":
		return trace.RungRendered
	}
	return trace.RungComponent
}
