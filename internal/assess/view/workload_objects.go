package view

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/events"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Autoscaled reports whether an autoscaler sets the number of replicas: one of the release that has the object for its target, or one
// that set it on the plane, by the subresource scale.
func (p *Environment) Autoscaled(o PlaneObject) bool {
	for manager, fields := range facts.SpecManagers(o.Live.Body) {
		// The names of the field managers of kube-controller-manager and of KEDA's operator.
		if slices.Contains(fields, "spec.replicas") && (manager == "kube-controller-manager" || strings.HasPrefix(manager, "keda")) {
			return true
		}
	}
	return slices.ContainsFunc(p.PlaneObjects(), func(scaler PlaneObject) bool { return scales(scaler, o.Ref) })
}

// scales reports whether an object that was rendered is an autoscaler of target. Without a kind, KEDA means a Deployment (keda v2.17
// apis/keda/v1alpha1/scaledobject_types.go; http-add-on v0.10 operator/apis/http/v1alpha1/httpscaledobject_types.go).
func scales(scaler PlaneObject, target facts.Ref) bool {
	switch scaler.Ref.Kind {
	case "HorizontalPodAutoscaler", "ScaledObject", "HTTPScaledObject":
	default:
		return false
	}
	kind := cmp.Or(kinds.Text(scaler.Declared, "spec", "scaleTargetRef", "kind"), "Deployment")
	return scaler.Ref.Namespace == target.Namespace && kind == target.Kind && kinds.Text(scaler.Declared, "spec", "scaleTargetRef", "name") == target.Name
}

// isEarlierAttempt: a Job keeps the pods of its failed attempts; once a later attempt succeeded they say nothing any more.
func (p *Environment) isEarlierAttempt(pod facts.Object) bool {
	for _, owner := range pod.Body.GetOwnerReferences() {
		job := p.Object(facts.Ref{Plane: pod.Ref.Plane, Group: kinds.Batch, Kind: "Job", Namespace: pod.Ref.Namespace, Name: owner.Name})
		if owner.Kind == "Job" && kinds.ConditionOf(job.Body, batchv1.JobComplete).True() && kinds.Text(pod.Body, "status", "phase") != string(corev1.PodSucceeded) {
			return true
		}
	}
	return false
}

// JobFinished reports whether a Job has completed or failed.
func JobFinished(job *unstructured.Unstructured) bool {
	return kinds.ConditionOf(job, batchv1.JobComplete).True() || kinds.ConditionOf(job, batchv1.JobFailed).True()
}

// Pods are the component's pods in this environment. OpenChoreo labels them (v1.2.3 internal/pipeline/component); the
// cell's namespace alone would hold the pods of the whole project.
func (p *Environment) Pods() []facts.Object {
	return slices.DeleteFunc(p.Of(p.Plane(), kinds.Core, "Pod"), func(o facts.Object) bool {
		return kinds.Label(o.Body, kinds.LabelComponent) != p.ComponentName || kinds.Label(o.Body, kinds.LabelEnvironment) != p.Name ||
			(p.ProjectName != "" && kinds.Label(o.Body, kinds.LabelProject) != p.ProjectName) || p.isEarlierAttempt(o)
	})
}

// RefusedPods is the event that reports that the API server refuses the pods of this environment: their controllers report it nowhere else.
func (p *Environment) RefusedPods() (events.Warning, bool) {
	for _, o := range p.Of(p.Plane(), kinds.Apps, "ReplicaSet") {
		if w := p.Warnings(o.Ref); len(w) > 0 && w[0].Reason == kinds.ReasonFailedCreate && kinds.Label(o.Body, kinds.LabelComponent) == p.ComponentName {
			return w[0], true
		}
	}
	for _, o := range p.PlaneObjects() {
		for _, w := range p.Warnings(o.Ref) {
			if w.Reason == kinds.ReasonFailedCreate {
				return w, true
			}
		}
	}
	return events.Warning{}, false
}

// Replicas is spec.replicas, which defaults to 1.
func Replicas(o facts.Object) int64 {
	if n, ok := kinds.Number(o.Body, "spec", "replicas"); ok {
		return n
	}
	return 1
}

// Observed reports whether the controller has seen the newest generation of an object. A Rollout has the number as text (argo-rollouts v1.9.1
// pkg/apis/rollouts/v1alpha1/types.go).
func Observed(o facts.Object) bool {
	n, isNumber := kinds.Number(o.Body, "status", "observedGeneration")
	if !isNumber {
		n, _ = strconv.ParseInt(kinds.Text(o.Body, "status", "observedGeneration"), 10, 64)
	}
	return n >= o.Body.GetGeneration()
}
