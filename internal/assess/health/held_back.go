package health

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// heldBack notes that a rollout waits for a person, while pods of the earlier revision serve.
func heldBack(j *result.Result, waits, hint string) *result.Result {
	return j.Note(trace.Warning, trace.Finding{
		Code: trace.CodeRolloutPaused, Message: waits + "; pods of the earlier revision serve until then", Since: j.Since, Hint: hint,
	})
}

// promoteHint names the command of the plugin that Argo Rollouts has for kubectl. It continues a canary at its next step, switches the
// Service of a blue-green rollout, and takes spec.paused away (argo-rollouts v1.9.1 pkg/kubectl-argo-rollouts/cmd/promote).
func promoteHint(o facts.Object) string {
	promote := command.Format("kubectl argo rollouts promote %s -n %s", o.Ref.Name, o.Ref.Namespace)
	if promote == "" {
		return "promote it with the plugin of Argo Rollouts"
	}
	return "promote it with the plugin of Argo Rollouts: " + promote
}
