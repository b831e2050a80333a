package health

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// heldBack notes that a rollout waits for a person, while pods of the earlier revision serve. resume is the command that continues it;
// "" if there is none for kubectl.
func heldBack(j *result.Result, waits, hint, resume string) *result.Result {
	f := trace.Finding{Code: trace.CodeRolloutPaused, Message: waits + "; pods of the earlier revision serve until then", Since: j.Since, Hint: hint}
	if resume != "" {
		f.NextSteps = []trace.NextStep{{Role: trace.RoleDataPlane, Plane: j.Object.Plane, Command: resume, OnlyIf: "the new pods work"}}
	}
	return j.Note(trace.Warning, f)
}

// rolloutHeldBack names the command of the plugin that Argo Rollouts has for kubectl. It continues a canary at its next step, switches
// the Service of a blue-green rollout, and takes spec.paused away (argo-rollouts v1.9.1 pkg/kubectl-argo-rollouts/cmd/promote).
func rolloutHeldBack(j *result.Result, rollout facts.Ref) *result.Result {
	return heldBack(j, "the rollout is paused until it is promoted", "promote it with the plugin of Argo Rollouts",
		command.Format("kubectl argo rollouts promote %s -n %s", rollout.Name, rollout.Namespace))
}

// deploymentHeldBack: spec.paused is set on the plane, by hand or by the manifest.
func deploymentHeldBack(j *result.Result, deployment facts.Ref) *result.Result {
	return heldBack(j, "the rollout is paused while spec.paused is true", "resume it, or take spec.paused out of the manifest",
		command.Format("kubectl rollout resume deployment %s -n %s", deployment.Name, deployment.Namespace))
}
