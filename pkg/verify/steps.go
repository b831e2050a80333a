package verify

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/nextsteps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// WithSteps is the judgement with the commands of its codes' pages for those reasons that have none: the reasons of a gate, of a probe
// and of a timeout. The others have theirs from the trace.
func (j Judgement) WithSteps(t *trace.Trace) Judgement {
	j.Reasons = slices.Clone(j.Reasons)
	for i := range j.Reasons {
		f := &j.Reasons[i].Failure
		if len(f.NextSteps) > 0 {
			continue
		}
		f.NextSteps = nextsteps.Of(f.Finding, scopeOf(t, *f))
		for _, step := range f.NextSteps {
			f.Next = append(f.Next, step.Command)
		}
	}
	return j
}

// scopeOf has the names that the rungs of a trace have.
func scopeOf(t *trace.Trace, f trace.Failure) nextsteps.Scope {
	s := nextsteps.Scope{
		Object: f.Object, Contexts: t.Subject.Contexts, Planes: t.Subject.Planes, API: t.Subject.API,
		Names: map[string]string{
			"NAMESPACE": t.Subject.Namespace, "PROJECT": t.Subject.Project, "COMPONENT": t.Subject.Component, "ENVIRONMENT": f.Environment,
			"NAME": f.Object.Name, "OBJECT_NAMESPACE": f.Object.Namespace,
		},
	}
	if f.Object.Kind != "" {
		s.Names["KIND"] = kinds.ResourceName(f.Object.Group, f.Object.Kind)
	}
	for p := range rungs(t) {
		if p.environment == "" || p.environment == f.Environment {
			nameRung(&s, p.rung)
		}
	}
	return s
}

func nameRung(s *nextsteps.Scope, r trace.Rung) {
	switch o := r.Object; r.ID {
	case trace.RungSource:
		s.Names["SOURCE_KIND"], s.Names["SOURCE_NAME"], s.Names["SOURCE_NAMESPACE"] = kinds.FluxName(o.Group, o.Kind), o.Name, o.Namespace
	case trace.RungRelease:
		s.Names["RELEASE"] = o.Name
	case trace.RungBinding:
		s.Names["BINDING"] = o.Name
	case trace.RungResource:
		if o.Plane != facts.Control {
			s.DataPlane, s.Names["CELL_NAMESPACE"] = o.Plane, o.Namespace
		}
	case trace.RungGit, trace.RungDelivery, trace.RungProject, trace.RungComponent, trace.RungWorkload, trace.RungEnvironment, trace.RungCell, trace.RungRendered,
		trace.RungPod, trace.RungEndpoint:
	}
}
