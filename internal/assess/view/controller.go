package view

import (
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// OrControllerDown names the cause of f where the controller of ref shows no sign of life: conditions freeze, and say
// what was true when it stopped.
func (v *Component) OrControllerDown(ref facts.Ref, f trace.Finding) trace.Finding {
	c := v.Engines.Controller(ref)
	if c == (kinds.Controller{}) {
		return f
	}
	deployment := v.Object(facts.Ref{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Namespace: c.Namespace, Name: c.Deployment})
	lease := v.Object(facts.Ref{Plane: facts.Control, Group: kinds.Coordination, Kind: "Lease", Namespace: c.Namespace, Name: c.Lease})
	available, _ := kinds.Number(deployment.Body, "status", "availableReplicas")
	renewed, stale := kinds.Renewed(lease.Body, v.Now)
	switch {
	case deployment.Outcome == facts.Found && available == 0:
		f.Object = deployment.Ref
		f.Message = fmt.Sprintf("%s has no available replica", deployment.Ref)
		f.Evidence = append(f.Evidence, trace.Evidence{Path: "Deployment status.availableReplicas", Value: "0"})
	case lease.Outcome == facts.Found && stale:
		f.Object, f.Since = lease.Ref, renewed
		f.Message = fmt.Sprintf("%s has not renewed its %s", c.Deployment, lease.Ref)
		f.Evidence = append(f.Evidence, trace.Evidence{Path: "Lease spec.renewTime", Value: renewed.UTC().Format(time.RFC3339)})
	default:
		return f
	}
	f.Code = trace.CodeControllerNotRunning
	f.Path = append(f.Path, ref)
	f.Hint = fmt.Sprintf("%s objects are not reconciled: their conditions are out of date", ref.Kind)
	return f
}

// IsTerminating reports whether o is being deleted and this is still normal for its age, and records it. OpenChoreo deletes what it
// has on the plane, and looks again after five seconds whether it is gone (v1.2.3 renderedrelease/controller_finalize.go:118).
func (v *Component) IsTerminating(j *result.Result, o facts.Object) bool {
	if !Deleting(o.Body) || !v.Within(o.Body.GetDeletionTimestamp().UTC(), EndTimeout) {
		return false
	}
	j.Wait(o.Body.GetDeletionTimestamp().UTC(), "%s is being deleted", o.Ref.Name)
	return true
}
