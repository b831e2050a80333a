package health

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessAutoscaler: without metrics an autoscaler stays at the number that it had (Kubernetes v1.36
// pkg/controller/podautoscaler/horizontal.go). The component runs, so this is a warning.
func assessAutoscaler(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	for _, name := range []autoscalingv2.HorizontalPodAutoscalerConditionType{autoscalingv2.AbleToScale, autoscalingv2.ScalingActive} {
		c := kinds.ConditionOf(o.Body, name)
		if c.False() && c.Reason != "ScalingDisabled" && !p.Within(p.StartedAt(o, c), view.StartTimeout) {
			f := conditions.Finding(o.Ref.Kind, trace.CodeAutoscalerFailing, c)
			f.Hint = "the number of replicas does not change"
			j.Note(trace.Warning, f)
		}
	}
	return j.OK("%s", o.Ref.Kind)
}

// assessKEDA judges what KEDA scales (keda v2.17 to v2.21 apis/keda/v1alpha1; http-add-on v0.10). Its conditions have no time,
// so one is as old as its object.
func assessKEDA(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	paused := kinds.ConditionOf(o.Body, "Paused")
	switch {
	case ready.Unknown() && ready.Reason == "PartialTriggerError":
		f := conditions.Finding(o.Ref.Kind, trace.CodeAutoscalerFailing, ready)
		f.Hint = "the other triggers still scale it"
		j.Note(trace.Warning, f).OK("%s", o.Ref.Kind)
	case ready.Unknown() && ready.Reason == "":
		return conditions.ControllerSilent(p, j, o) // initialized, and not reconciled yet
	default:
		conditions.Assess(p, j, o, trace.CodeAutoscalerFailing, kinds.ConditionReady)
	}
	if j.State != trace.OK {
		return j
	}
	if paused.True() {
		j.Summary = fmt.Sprintf("%s paused", o.Ref.Kind)
	}
	if c := kinds.ConditionOf(o.Body, "Fallback"); c.True() {
		f := conditions.Finding(o.Ref.Kind, trace.CodeAutoscalerFailing, c)
		f.Hint = "a trigger fails, so spec.fallback sets the number of replicas"
		j.Note(trace.Warning, f)
	}
	if c := kinds.ConditionOf(o.Body, "HPAActive"); c.False() && !p.Within(p.MadeAt(o), view.StartTimeout) {
		f := conditions.Finding(o.Ref.Kind, trace.CodeAutoscalerFailing, c)
		f.Hint = "the number of replicas does not change"
		j.Note(trace.Warning, f)
	}
	return j
}
