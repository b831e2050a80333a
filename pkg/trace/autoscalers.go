package trace

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeAutoscaler: without metrics an autoscaler stays at the number that it had (Kubernetes v1.36
// pkg/controller/podautoscaler/horizontal.go). The component runs, so this is a warning.
func (p *place) judgeAutoscaler(j *judgement, o facts.Object) *judgement {
	for _, name := range []autoscalingv2.HorizontalPodAutoscalerConditionType{autoscalingv2.AbleToScale, autoscalingv2.ScalingActive} {
		c := kinds.ConditionOf(o.Body, name)
		if c.False() && c.Reason != "ScalingDisabled" && !p.recent(p.began(o, c), startClock) {
			f := conditionFinding(CodeAutoscalerFailing, c)
			f.Hint = "the number of pods stays as it is"
			j.note(Warning, f)
		}
	}
	return j.ok("%s", o.Ref.Kind)
}

// judgeKEDA judges what KEDA scales (keda v2.17 to v2.21 apis/keda/v1alpha1; http-add-on v0.10). Its conditions have no time,
// so one is as old as its object.
func (p *place) judgeKEDA(j *judgement, o facts.Object) *judgement {
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	paused := kinds.ConditionOf(o.Body, "Paused")
	switch {
	case ready.Unknown() && ready.Reason == "PartialTriggerError":
		f := conditionFinding(CodeAutoscalerFailing, ready)
		f.Hint = "the other triggers scale it"
		j.note(Warning, f).ok("%s", o.Ref.Kind)
	case ready.Unknown() && ready.Reason == "":
		return p.silent(j, o) // initialized, and not reconciled yet
	default:
		p.judgeConditions(j, o, CodeAutoscalerFailing, kinds.ConditionReady)
	}
	if j.State != OK {
		return j
	}
	if paused.True() {
		j.Summary = fmt.Sprintf("%s paused", o.Ref.Kind)
	}
	if c := kinds.ConditionOf(o.Body, "Fallback"); c.True() {
		f := conditionFinding(CodeAutoscalerFailing, c)
		f.Hint = "a trigger fails, so the number of pods is that of spec.fallback"
		j.note(Warning, f)
	}
	if c := kinds.ConditionOf(o.Body, "HPAActive"); c.False() && !p.recent(p.madeAt(o), startClock) {
		f := conditionFinding(CodeAutoscalerFailing, c)
		f.Hint = "the number of pods stays as it is"
		j.note(Warning, f)
	}
	return j
}
