// Package triage reports whether more than a status has to be read to explain it. It passes no verdict.
package triage

import (
	"slices"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// IsReportedUnhealthy reports whether a reported status has a condition that is not True, or lacks a status that it should have.
func IsReportedUnhealthy(kind string, entry map[string]any) bool {
	reported := &unstructured.Unstructured{Object: entry}
	switch kind {
	case "PersistentVolumeClaim":
		return kinds.Text(reported, "status", "phase") != string(corev1.ClaimBound)
	case "Certificate", "Issuer", "ClusterIssuer":
		// OpenChoreo takes one without a status for healthy, and reads it again after five minutes.
		return len(kinds.Fields(entry, "status")) == 0 || AnyNotTrue(reported)
	case "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute":
		parents := kinds.Items(reported, "status", "parents")
		for _, parent := range parents {
			if AnyNotTrue(&unstructured.Unstructured{Object: map[string]any{"status": parent}}) {
				return true
			}
		}
		return len(parents) > 0 // one that a gateway has accepted stays accepted when the gateway fails, so that is read
	}
	return AnyNotTrue(reported)
}

// AnyNotTrue checks the conditions that must be True; others, such as Issuing or ScalingLimited, are False when all is well.
func AnyNotTrue(u *unstructured.Unstructured) bool {
	must := []string{kinds.ConditionReady, "Accepted", "Programmed", "ResolvedRefs", "Available", "Synced", string(autoscalingv2.ScalingActive), string(autoscalingv2.AbleToScale), "Healthy"}
	return slices.ContainsFunc(kinds.Conditions(u), func(c kinds.Condition) bool {
		return !c.True() && slices.Contains(must, c.Type)
	})
}

// IsHealthy reports whether a pod is ready or has ended well.
func IsHealthy(pod facts.Object) bool {
	return kinds.Text(pod.Body, "status", "phase") == string(corev1.PodSucceeded) || kinds.ConditionOf(pod.Body, corev1.PodReady).True()
}

// CrashedContainers names the containers that failed, now or in their last run.
func CrashedContainers(pod facts.Object) []string {
	var names []string
	for _, list := range []string{"initContainerStatuses", "containerStatuses"} {
		for _, status := range kinds.Items(pod.Body, "status", list) {
			last := kinds.Fields(status, "lastState", "terminated") != nil
			code, ended, _ := unstructured.NestedInt64(status, "state", "terminated", "exitCode")
			if last || (ended && code != 0) {
				names = append(names, kinds.String(status, "name"))
			}
		}
	}
	return names
}

// HasUnmetGate reports whether a readiness gate of a pod is not met.
func HasUnmetGate(pod facts.Object) bool {
	return slices.ContainsFunc(kinds.Items(pod.Body, "spec", "readinessGates"), func(gate map[string]any) bool {
		return !kinds.ConditionOf(pod.Body, kinds.String(gate, "conditionType")).True()
	})
}
