package health

import (
	"fmt"
	"regexp"
	"strings"

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
			f.Hint, f.Fix = autoscalerHint(o, c)
			j.Note(trace.Warning, f)
		}
	}
	return j.OK("%s", o.Ref.Kind)
}

// autoscalerHint says why a HorizontalPodAutoscaler does not scale, who changes that, and what (Kubernetes v1.36
// pkg/controller/podautoscaler/horizontal.go, metrics/client.go, replica_calculator.go).
func autoscalerHint(o facts.Object, c kinds.Condition) (hint string, fix trace.Fix) {
	const effect = "the number of replicas does not follow the load"
	switch {
	case strings.Contains(c.Message, "(get pods.metrics.k8s.io)"):
		return effect + ", because the data plane serves no metrics of pods: a platform engineer has to install or fix metrics-server there", trace.FixOutside
	case strings.Contains(c.Message, "custom.metrics.k8s.io"), strings.Contains(c.Message, "external.metrics.k8s.io"):
		return effect + ", because no adapter serves this metric: a platform engineer has to install or fix the adapter, or the metric in spec.metrics is misspelt", trace.FixOutside
	case strings.Contains(c.Message, "missing request for "):
		return effect + ": set resources.requests of the container in the message, in the Component or the ReleaseBinding", trace.FixUnknown
	case c.Type == string(autoscalingv2.AbleToScale):
		return fmt.Sprintf("%s: check that %s %s exists, which spec.scaleTargetRef names", effect, kinds.Text(o.Body, "spec", "scaleTargetRef", "kind"), kinds.Text(o.Body, "spec", "scaleTargetRef", "name")), trace.FixUnknown
	}
	return effect + ": correct what the message of its controller names", trace.FixUnknown
}

// scalerHint says what a condition of KEDA means, and what to change. A message begins with what KEDA did, and ends with its error, which an
// older version leaves out (keda v2.20.2 controllers/keda/scaledobject_controller.go): a trigger that it cannot read ends with
// "failed to ensure HPA is correctly created for ScaledObject: no scaler found for type: …".
func scalerHint(message string) string {
	const effect = "KEDA does not scale the target with the load"
	_, reason, hasReason := strings.Cut(message, ": ")
	switch {
	case strings.Contains(message, "ensure HPA") && (!hasReason || strings.Contains(strings.ToLower(reason), "horizontalpodautoscaler")):
		return effect + ", because it cannot create its HorizontalPodAutoscaler: the events of this object have the reason, such as a missing right or another autoscaler of the same target"
	case targetAbsent.MatchString(message):
		return effect + ", because the target does not exist: correct its name in spec.scaleTargetRef, in the template of the component type or trait"
	case strings.Contains(message, "Triggers defined in "):
		return effect + ": correct the trigger that the events of this object name, in the template of the component type or trait, or its TriggerAuthentication"
	case strings.Contains(message, "scaleTargetRef specification"):
		return effect + ": correct spec.scaleTargetRef, in the template of the component type or trait: it must name an object that has replicas"
	case strings.Contains(message, "Replica Counts specification"):
		return effect + ": correct spec.minReplicaCount, spec.maxReplicaCount or spec.idleReplicaCount, in the template of the component type or trait"
	}
	return effect + ": correct the trigger that the message names, in the template of the component type or trait, or its TriggerAuthentication"
}

// targetAbsent is a reason in which a target is named as missing.
var targetAbsent = regexp.MustCompile(`(?i)\b(?:scale)?target(?:Ref)?\b.*\b(?:does not exist|not found|doesn't exist)`)

// assessKEDA judges what KEDA scales (keda v2.17 to v2.21 apis/keda/v1alpha1; http-add-on v0.10). Its conditions have no time,
// so one is as old as its object. OpenChoreo may report the status of the HorizontalPodAutoscaler in its place: KEDA gives that one the labels of
// the ScaledObject, by which OpenChoreo finds an object (keda v2.20.2 controllers/keda/hpa.go, newHPAForScaledObject; openchoreo v1.2.3
// renderedrelease/controller_status.go, buildResourceStatus).
func assessKEDA(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	paused := kinds.ConditionOf(o.Body, "Paused")
	switch {
	case ready.Unknown() && ready.Reason == "PartialTriggerError":
		f := conditions.Finding(o.Ref.Kind, trace.CodeAutoscalerFailing, ready)
		f.Hint = "the other triggers still scale it: correct the one that the events of this object name"
		j.Note(trace.Warning, f).OK("%s", o.Ref.Kind)
	case !ready.Present() && kinds.ConditionOf(o.Body, autoscalingv2.AbleToScale).Present():
		return assessAutoscaler(p, j, o)
	case ready.Unknown() && ready.Reason == "":
		return conditions.ControllerSilent(p, j, o) // initialized, and not reconciled yet
	default:
		if conditions.Assess(p, j, o, trace.CodeAutoscalerFailing, kinds.ConditionReady); result.HasCode(j, trace.CodeAutoscalerFailing) {
			f := &j.Findings[len(j.Findings)-1]
			f.Hint = scalerHint(f.Message)
		}
	}
	if j.State != trace.OK {
		return j
	}
	if paused.True() {
		j.Summary = fmt.Sprintf("%s paused", o.Ref.Kind)
	}
	if c := kinds.ConditionOf(o.Body, "Fallback"); c.True() {
		f := conditions.Finding(o.Ref.Kind, trace.CodeAutoscalerFailing, c)
		f.Hint = "a trigger fails, so spec.fallback sets the number of replicas: correct the trigger that the events of this object name"
		j.Note(trace.Warning, f)
	}
	if c := kinds.ConditionOf(o.Body, "HPAActive"); c.False() && !p.Within(p.MadeAt(o), view.StartTimeout) {
		f := conditions.Finding(o.Ref.Kind, trace.CodeAutoscalerFailing, c)
		f.Hint, f.Fix = autoscalerHint(o, c)
		j.Note(trace.Warning, f)
	}
	return j
}
