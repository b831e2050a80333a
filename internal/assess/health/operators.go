package health

import (
	"cmp"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessApplication reads the health that Argo CD has computed (argo-cd v3 pkg/apis/application/v1alpha1).
func assessApplication(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	status := kinds.Text(o.Body, "status", "health", "status")
	changed := kinds.Time(o.Body, "status", "health", "lastTransitionTime")
	switch status {
	case "Healthy":
		return j.OK("Application healthy")
	case "Suspended":
		j.State, j.Summary = trace.Suspended, "Application suspended"
		return j
	case "":
		return conditions.ControllerSilent(p, j, o)
	case "Progressing":
		if p.Within(changed, view.RunTimeout) || changed.IsZero() && p.Within(p.MadeAt(o), view.RunTimeout) {
			return j.Wait(changed, "Application progressing")
		}
	}
	j.Summary = "Application " + result.Lower(status)
	return j.Fail(trace.Finding{
		Code: trace.CodeApplicationNotHealthy, Since: changed, Evidence: []trace.Evidence{{Path: "status.health.status", Value: status}},
		Message: cmp.Or(kinds.Text(o.Body, "status", "health", "message"), "its health is "+status),
	})
}

// assessWorkflow reads the phase of an Argo Workflow, which is done when it has succeeded, as a Job is (argo-workflows v3
// pkg/apis/workflow/v1alpha1).
func assessWorkflow(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	phase := kinds.Text(o.Body, "status", "phase")
	switch phase {
	case "Succeeded":
		return j.OK("Workflow succeeded")
	case "":
		return conditions.ControllerSilent(p, j, o)
	case "Pending", "Running":
		return workflowRuns(p, j, o, phase)
	}
	j.Summary = "Workflow " + result.Lower(phase)
	return j.Fail(trace.Finding{
		Code: trace.CodeJobFailed, Message: cmp.Or(kinds.Text(o.Body, "status", "message"), "its phase is "+phase),
		Since: kinds.Time(o.Body, "status", "finishedAt"), Evidence: []trace.Evidence{{Path: "status.phase", Value: phase}},
	})
}

// workflowRuns: a Workflow may run for as long as its own deadline allows, and may wait for a lock or for others to end.
func workflowRuns(p *view.Environment, j *result.Result, o facts.Object, phase string) *result.Result {
	started := kinds.Time(o.Body, "status", "startedAt")
	if phase == "Running" && exceedsDeadline(p, j, o, started, "workflow-controller") {
		return j
	}
	if phase == "Pending" && !p.Within(view.Latest(started, p.MadeAt(o)), view.RunTimeout) {
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeResourceNotReady, Message: cmp.Or(kinds.Text(o.Body, "status", "message"), "the Workflow has not started"), Since: p.MadeAt(o),
			Evidence: []trace.Evidence{{Path: "status.phase", Value: phase}},
		})
	}
	return j.Wait(started, "Workflow %s", result.Lower(phase))
}

// assessVelaApplication reads KubeVela's own phase (kubevela v1.10 apis/core.oam.dev/common/types.go).
func assessVelaApplication(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	phase := kinds.Text(o.Body, "status", "status")
	switch phase {
	case "running":
		return j.OK("%s", o.Ref.Kind)
	case "":
		return conditions.ControllerSilent(p, j, o)
	case "workflowSuspending":
		j.State, j.Summary, j.Current = trace.Suspended, fmt.Sprintf("%s: its workflow is suspended", o.Ref.Kind), trace.Behind
		return j
	case "unhealthy", "workflowFailed", "workflowTerminated", "deleting":
	default:
		if began := view.Latest(p.MadeAt(o), p.LastChange(p.Rendered)); p.Within(began, view.RunTimeout) {
			return j.Wait(began, "%s: %s", o.Ref.Kind, phase)
		}
	}
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Kind, phase)
	f := trace.Finding{Code: trace.CodeApplicationNotHealthy, Message: "its status is " + phase, Evidence: []trace.Evidence{{Path: "status.status", Value: phase}}}
	for _, s := range kinds.Items(o.Body, "status", "services") {
		if healthy, set := s["healthy"].(bool); set && !healthy {
			f.Message = fmt.Sprintf("service %s: %s", kinds.String(s, "name"), cmp.Or(kinds.String(s, "message"), "not healthy"))
			f.Hint = fmt.Sprintf("KubeVela runs service %s in pods of its own, which the row pod does not show: check those pods", kinds.String(s, "name"))
			f.NextSteps = podsOfService(o.Ref, kinds.String(s, "name"))
		}
	}
	return j.Fail(f)
}

// podsOfService is the command that lists the pods of one component of a KubeVela Application, by the label that KubeVela gives its workloads
// and its definitions copy to their pods (kubevela v1.10 pkg/oam/labels.go, vela-templates/definitions/internal/component/webservice.cue).
func podsOfService(application facts.Ref, service string) []trace.NextStep {
	line := command.Format("kubectl get pods -n %s -l app.oam.dev/component=%s", application.Namespace, service)
	if line == "" {
		return nil
	}
	return []trace.NextStep{{Role: trace.RoleDataPlane, Plane: application.Plane, Command: line}}
}
