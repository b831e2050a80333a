package trace

import (
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// orControllerDown names the cause of f where the controller of ref shows no sign of life: conditions freeze, and say
// what was true when it stopped.
func (v *view) orControllerDown(ref facts.Ref, f Finding) Finding {
	c := kinds.ControllerOf(ref.Group)
	deployment := v.Object(facts.Ref{Plane: facts.Control, Group: kinds.Apps, Kind: "Deployment", Namespace: c.Namespace, Name: c.Deployment})
	lease := v.Object(facts.Ref{Plane: facts.Control, Group: kinds.Coordination, Kind: "Lease", Namespace: c.Namespace, Name: c.Lease})
	available, _ := kinds.Number(deployment.Body, "status", "availableReplicas")
	renewed, stale := kinds.Renewed(lease.Body, v.now)
	switch {
	case deployment.Outcome == facts.Found && available == 0:
		f.Object = deployment.Ref
		f.Message = fmt.Sprintf("%s has no available replica", deployment.Ref)
		f.Evidence = append(f.Evidence, Evidence{"Deployment status.availableReplicas", "0"})
	case lease.Outcome == facts.Found && stale:
		f.Object, f.Since = lease.Ref, renewed
		f.Message = fmt.Sprintf("%s has not renewed its %s", c.Deployment, lease.Ref)
		f.Evidence = append(f.Evidence, Evidence{"Lease spec.renewTime", renewed.UTC().Format(time.RFC3339)})
	default:
		return f
	}
	f.Code = CodeControllerNotRunning
	f.Path = append(f.Path, ref)
	f.Hint = fmt.Sprintf("nobody works on %s objects: what their conditions say is what was true when it stopped", ref.Kind)
	f.Next = commands(kubectl(c.Namespace, "get pods"), kubectl(c.Namespace, "logs deployment/%s --tail=20", c.Deployment))
	return f
}

// ending reports whether o is being deleted and this is still normal for its age, and says so. OpenChoreo deletes what it
// has on the plane, and looks again after five seconds whether it is gone (v1.2.3 renderedrelease/controller_finalize.go:118).
func (v *view) ending(j *judgement, o facts.Object) bool {
	if !deleting(o.Body) || !v.within(o.Body.GetDeletionTimestamp().UTC(), endClock) {
		return false
	}
	j.wait(o.Body.GetDeletionTimestamp().UTC(), "%s is being deleted", o.Ref.Name)
	return true
}

// terminating: what is about to vanish has no other state that counts, not even that somebody suspended it on purpose.
func terminating(o facts.Object) Finding {
	f := Finding{
		Code: CodeTerminating, Object: o.Ref, Since: o.Body.GetDeletionTimestamp().UTC(),
		Message: fmt.Sprintf("%s is being deleted%s", o.Ref, finalizers(o)),
	}
	if kinds.Paused(o.Body) {
		f.Hint = fmt.Sprintf("it also has %s", kinds.PausedBy(o.Body))
	}
	return f
}
