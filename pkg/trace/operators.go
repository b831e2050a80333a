package trace

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeSecrets: a store that is not ready is the cause of every secret that it does not deliver (external-secrets v1
// pkg/controllers/externalsecret; sealed-secrets v0.27 apis/sealedsecrets).
func (p *place) judgeSecrets(j *judgement, o facts.Object) *judgement {
	if o.Ref.Kind == "SecretStore" || o.Ref.Kind == "ClusterSecretStore" {
		return p.judgeConditions(j, o, CodeSecretStoreNotReady, "Ready")
	}
	p.judgeConditions(j, o, CodeSecretNotSynced, "Ready", "Synced")
	if j.State != Failed {
		return j
	}
	store := p.Object(storeOf(o))
	ready := kinds.ConditionOf(store.Body, "Ready")
	last := &j.Findings[len(j.Findings)-1]
	switch {
	case store.Outcome == facts.Absent && p.planeIsHere():
		last.Code, last.Object, last.Path = CodeSecretStoreNotReady, store.Ref, []facts.Ref{o.Ref}
		last.Hint = fmt.Sprintf("%s does not exist", store.Ref)
	case ready.False():
		last.Code, last.Object, last.Path = CodeSecretStoreNotReady, store.Ref, []facts.Ref{o.Ref}
		last.Message, last.Since, last.Evidence = ready.Message, since(ready), quote(ready)
		last.Hint = "every ExternalSecret that reads from this store fails"
	}
	return j
}

func storeOf(o facts.Object) facts.Ref {
	ref := facts.Ref{
		Plane: o.Ref.Plane, Group: kinds.ExternalSecrets, Kind: kinds.Text(o.Body, "spec", "secretStoreRef", "kind"),
		Namespace: o.Ref.Namespace, Name: kinds.Text(o.Body, "spec", "secretStoreRef", "name"),
	}
	if ref.Kind == "ClusterSecretStore" {
		ref.Namespace = ""
	}
	return ref
}

// judgeAutoscaler: without metrics an autoscaler stays at the number that it had (Kubernetes v1.36
// pkg/controller/podautoscaler/horizontal.go). The component runs, so this is a warning.
func (p *place) judgeAutoscaler(j *judgement, o facts.Object) *judgement {
	for _, name := range []string{"AbleToScale", "ScalingActive"} {
		c := kinds.ConditionOf(o.Body, name)
		if c.False() && c.Reason != "ScalingDisabled" && !p.within(since(c), startClock) {
			j.note(Warning, Finding{
				Code: CodeAutoscalerFailing, Message: orElse(c.Message, c.Reason), Since: since(c), Evidence: quote(c),
				Hint: "the number of pods stays as it is",
			})
		}
	}
	return j.ok("%s", o.Ref.Kind)
}

// judgeProgressive reads the phase of kinds that roll out step by step (argo-rollouts v1.8 pkg/apis/rollouts/v1alpha1;
// flagger v1.41 pkg/apis/flagger/v1beta1).
func (p *place) judgeProgressive(j *judgement, o facts.Object) *judgement {
	phase := kinds.Text(o.Body, "status", "phase")
	message := kinds.Text(o.Body, "status", "message")
	progressing := kinds.ConditionOf(o.Body, "Promoted")
	switch phase {
	case "Healthy", "Succeeded", "Initialized":
		return j.ok("%s %s", o.Ref.Kind, lower(phase))
	case "Paused", "Waiting", "WaitingPromotion":
		j.State, j.Summary = Suspended, fmt.Sprintf("%s %s: it waits for somebody to go on", o.Ref.Kind, lower(phase))
		j.Current = Behind
		return j
	case "Degraded", "Failed", "Terminated":
		j.follows = RungPod
		j.Current = Behind
		j.Summary = fmt.Sprintf("%s %s", o.Ref.Kind, lower(phase))
		return j.fail(Finding{
			Code: CodeProgressiveRollout, Message: orElse(orElse(message, progressing.Message), "its phase is "+phase), Since: since(progressing),
			Hint: "the new version was taken back: the one before serves", Evidence: []Evidence{{"status.phase", phase}},
		})
	}
	return j.wait(p.appliedAt(), "%s %s", o.Ref.Kind, orElse(lower(phase), "has no phase yet"))
}

// judgeVela reads KubeVela's own phase (kubevela v1.10 apis/core.oam.dev/common/types.go).
func (p *place) judgeVela(j *judgement, o facts.Object) *judgement {
	phase := kinds.Text(o.Body, "status", "status")
	switch phase {
	case "running":
		return j.ok("%s", o.Ref.Kind)
	case "unhealthy", "workflowFailed", "workflowTerminated", "deleting":
		j.Summary = fmt.Sprintf("%s: %s", o.Ref.Kind, phase)
		f := Finding{Code: CodeApplicationNotHealthy, Message: "its status is " + phase, Evidence: []Evidence{{"status.status", phase}}}
		for _, s := range kinds.Items(o.Body, "status", "services") {
			if healthy, set := s["healthy"].(bool); set && !healthy {
				f.Message = fmt.Sprintf("service %s: %s", kinds.String(s, "name"), orElse(kinds.String(s, "message"), "not healthy"))
			}
		}
		return j.fail(f)
	case "workflowSuspending":
		j.State, j.Summary = Suspended, fmt.Sprintf("%s: its workflow is suspended", o.Ref.Kind)
		return j
	}
	return j.wait(p.appliedAt(), "%s: %s", o.Ref.Kind, orElse(phase, "not started"))
}
