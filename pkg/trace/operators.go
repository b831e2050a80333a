package trace

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeArgo judges the kinds of Argo Rollouts, Argo CD and Argo Workflows, which share a group.
func (p *place) judgeArgo(j *judgement, o facts.Object) *judgement {
	switch o.Ref.Kind {
	case "Rollout":
		return p.judgeRollout(j, o)
	case "AnalysisRun", "Experiment":
		return p.judgeAnalysis(j, o)
	case "Workflow":
		return p.judgeWorkflow(j, o)
	case "Application":
		return p.judgeApplication(j, o)
	}
	return p.judgeOther(j, o)
}

// judgeApplication reads the health that Argo CD has computed (argo-cd v3 pkg/apis/application/v1alpha1).
func (p *place) judgeApplication(j *judgement, o facts.Object) *judgement {
	status := kinds.Text(o.Body, "status", "health", "status")
	changed := kinds.Time(o.Body, "status", "health", "lastTransitionTime")
	switch status {
	case "Healthy":
		return j.ok("Application healthy")
	case "Suspended":
		j.State, j.Summary = Suspended, "Application suspended"
		return j
	case "":
		return p.silent(j, o)
	case "Progressing":
		if p.recent(changed, runClock) || changed.IsZero() && p.recent(p.madeAt(o), runClock) {
			return j.wait(changed, "Application progressing")
		}
	}
	j.Summary = "Application " + lower(status)
	return j.fail(Finding{
		Code: CodeApplicationNotHealthy, Since: changed, Evidence: []Evidence{{"status.health.status", status}},
		Message: orElse(kinds.Text(o.Body, "status", "health", "message"), "its health is "+status),
	})
}

// judgeWorkflow reads the phase of an Argo Workflow, which is done when it has succeeded, as a Job is (argo-workflows v3
// pkg/apis/workflow/v1alpha1).
func (p *place) judgeWorkflow(j *judgement, o facts.Object) *judgement {
	phase := kinds.Text(o.Body, "status", "phase")
	switch phase {
	case "Succeeded":
		return j.ok("Workflow succeeded")
	case "":
		return p.silent(j, o)
	case "Pending", "Running":
		return j.wait(kinds.Time(o.Body, "status", "startedAt"), "Workflow %s", lower(phase))
	}
	j.Summary = "Workflow " + lower(phase)
	return j.fail(Finding{
		Code: CodeJobFailed, Message: orElse(kinds.Text(o.Body, "status", "message"), "its phase is "+phase),
		Since: kinds.Time(o.Body, "status", "finishedAt"), Evidence: []Evidence{{"status.phase", phase}},
	})
}

// judgeVela reads KubeVela's own phase (kubevela v1.10 apis/core.oam.dev/common/types.go).
func (p *place) judgeVela(j *judgement, o facts.Object) *judgement {
	if o.Ref.Kind != "Application" {
		return p.judgeOther(j, o) // definitions, policies and revisions
	}
	phase := kinds.Text(o.Body, "status", "status")
	switch phase {
	case "running":
		return j.ok("%s", o.Ref.Kind)
	case "":
		return p.silent(j, o)
	case "workflowSuspending":
		j.State, j.Summary, j.Current = Suspended, fmt.Sprintf("%s: its workflow is suspended", o.Ref.Kind), Behind
		return j
	case "unhealthy", "workflowFailed", "workflowTerminated", "deleting":
	default:
		if began := newest(p.madeAt(o), p.changed(p.rendered)); p.recent(began, runClock) {
			return j.wait(began, "%s: %s", o.Ref.Kind, phase)
		}
	}
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Kind, phase)
	f := Finding{Code: CodeApplicationNotHealthy, Message: "its status is " + phase, Evidence: []Evidence{{"status.status", phase}}}
	for _, s := range kinds.Items(o.Body, "status", "services") {
		if healthy, set := s["healthy"].(bool); set && !healthy {
			f.Message = fmt.Sprintf("service %s: %s", kinds.String(s, "name"), orElse(kinds.String(s, "message"), "not healthy"))
		}
	}
	return j.fail(f)
}
