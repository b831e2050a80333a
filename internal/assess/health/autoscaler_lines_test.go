package health_test

import "testing"

// TestAutoscalerLines covers HorizontalPodAutoscalers and KEDA (v2.20.2).
func TestAutoscalerLines(t *testing.T) {
	t.Parallel()
	const hpa, keda = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n", "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\n"
	const stays = "the number of replicas does not follow the load"
	const scales = "KEDA does not scale the target with the load"
	const ready = `{type: Ready, status: "True"}`
	checkLines(t, map[string]lineCase{
		"Scales": {hpa + `status: {conditions: [{type: AbleToScale, status: "True"}, {type: ScalingActive, status: "True"}]}`, []string{"OK HorizontalPodAutoscaler"}, nil},
		"NoMetrics": {
			hpa + `status: {conditions: [{type: ScalingActive, status: "False", reason: FailedGetResourceMetric, message: no metrics, lastTransitionTime: <1h>}]}`,
			[]string{"OK HorizontalPodAutoscaler", "warning AutoscalerFailing of HorizontalPodAutoscaler x: no metrics"},
			[]string{stays + ": correct what the message of its controller names"},
		},
		"NoMetricsServer": {
			hpa + `status: {conditions: [{type: ScalingActive, status: "False", reason: FailedGetResourceMetric, message: "could not find the requested resource (get pods.metrics.k8s.io)", lastTransitionTime: <1h>}]}`,
			[]string{"OK HorizontalPodAutoscaler", "warning AutoscalerFailing of HorizontalPodAutoscaler x: could not find the requested resource (get pods.metrics.k8s.io)"},
			[]string{stays + ", because the data plane serves no metrics of pods: a platform engineer has to install or fix metrics-server there"},
		},
		"NoRequest": {
			hpa + `status: {conditions: [{type: ScalingActive, status: "False", reason: FailedGetResourceMetric, message: missing request for cpu in container main, lastTransitionTime: <1h>}]}`,
			[]string{"OK HorizontalPodAutoscaler", "warning AutoscalerFailing of HorizontalPodAutoscaler x: missing request for cpu in container main"},
			[]string{stays + ": set resources.requests of the container in the message, in the Component or the ReleaseBinding"},
		},
		"NoTarget": {
			hpa + `spec: {scaleTargetRef: {kind: Deployment, name: cart}}` + "\n" + `status: {conditions: [{type: AbleToScale, status: "False", reason: FailedGetScale, message: not found, lastTransitionTime: <1h>}]}`,
			[]string{"OK HorizontalPodAutoscaler", "warning AutoscalerFailing of HorizontalPodAutoscaler x: not found"},
			[]string{stays + ": check that Deployment cart exists, which spec.scaleTargetRef names"},
		},
		"TriggerFails": {
			keda + `status: {conditions: [{type: Ready, status: "False", reason: ScaledObjectCheckFailed, message: kafka is down}]}`,
			[]string{"Failed ScaledObject: AutoscalerFailing", "error AutoscalerFailing of ScaledObject x: kafka is down"},
			[]string{scales + ": correct the trigger that the message names, in the template of the component type or trait, or its TriggerAuthentication"},
		},
		"NoTargetOfKEDA": {
			keda + `status: {conditions: [{type: Ready, status: "False", reason: ScaledObjectCheckFailed, message: the target Deployment does not exist}]}`,
			[]string{"Failed ScaledObject: AutoscalerFailing", "error AutoscalerFailing of ScaledObject x: the target Deployment does not exist"},
			[]string{scales + ", because the target does not exist: correct its name in spec.scaleTargetRef, in the template of the component type or trait"},
		},
		"NoAutoscaler": {
			keda + `status: {conditions: [{type: Ready, status: "False", reason: ScaledObjectCheckFailed, message: failed to ensure HPA is correctly created}]}`,
			[]string{"Failed ScaledObject: AutoscalerFailing", "error AutoscalerFailing of ScaledObject x: failed to ensure HPA is correctly created"},
			[]string{scales + ", because it cannot create its HorizontalPodAutoscaler: the events of this object have the reason, such as a missing right or another autoscaler of the same target"},
		},
		"TriggerNotNamed": {
			keda + `status: {conditions: [{type: Ready, status: "False", reason: TriggerError, message: Triggers defined in ScaledObject are not working correctly}]}`,
			[]string{"Failed ScaledObject: AutoscalerFailing", "error AutoscalerFailing of ScaledObject x: Triggers defined in ScaledObject are not working correctly"},
			[]string{scales + ": correct the trigger that the events of this object name, in the template of the component type or trait, or its TriggerAuthentication"},
		},
		"TriggerThatKEDACannotRead": {
			keda + `status: {conditions: [{type: Ready, status: "False", reason: ScaledObjectCheckFailed, message: "failed to ensure HPA is correctly created for ScaledObject: no scaler found for type: carrier-pigeon"}]}`,
			[]string{"Failed ScaledObject: AutoscalerFailing", "error AutoscalerFailing of ScaledObject x: failed to ensure HPA is correctly created for ScaledObject: no scaler found for type: carrier-pigeon"},
			[]string{scales + ": correct the trigger that the message names, in the template of the component type or trait, or its TriggerAuthentication"},
		},
		"AutoscalerRefused": {
			keda + `status: {conditions: [{type: Ready, status: "False", reason: ScaledObjectCheckFailed, message: "failed to ensure HPA is correctly created for ScaledObject: horizontalpodautoscalers.autoscaling is forbidden"}]}`,
			[]string{"Failed ScaledObject: AutoscalerFailing", "error AutoscalerFailing of ScaledObject x: failed to ensure HPA is correctly created for ScaledObject: horizontalpodautoscalers.autoscaling is forbidden"},
			[]string{scales + ", because it cannot create its HorizontalPodAutoscaler: the events of this object have the reason, such as a missing right or another autoscaler of the same target"},
		},
		"TargetNotFound": {
			keda + `status: {conditions: [{type: Ready, status: "False", reason: ScaledObjectCheckFailed, message: "ScaledObject doesn't have correct scaleTargetRef specification: deployments.apps \"ghost\" not found"}]}`,
			[]string{"Failed ScaledObject: AutoscalerFailing", `error AutoscalerFailing of ScaledObject x: ScaledObject doesn't have correct scaleTargetRef specification: deployments.apps "ghost" not found`},
			[]string{scales + ", because the target does not exist: correct its name in spec.scaleTargetRef, in the template of the component type or trait"},
		},
		"TargetNotScalable": {
			keda + `status: {conditions: [{type: Ready, status: "False", reason: ScaledObjectCheckFailed, message: "ScaledObject doesn't have correct scaleTargetRef specification: the server could not find the requested resource"}]}`,
			[]string{"Failed ScaledObject: AutoscalerFailing", "error AutoscalerFailing of ScaledObject x: ScaledObject doesn't have correct scaleTargetRef specification: the server could not find the requested resource"},
			[]string{scales + ": correct spec.scaleTargetRef, in the template of the component type or trait: it must name an object that has replicas"},
		},
		"ReplicasInvalid": {
			keda + `status: {conditions: [{type: Ready, status: "False", reason: ScaledObjectCheckFailed, message: "ScaledObject doesn't have correct Idle/Min/Max Replica Counts specification: MinReplicaCount=5 must be less than MaxReplicaCount=3"}]}`,
			[]string{"Failed ScaledObject: AutoscalerFailing", "error AutoscalerFailing of ScaledObject x: ScaledObject doesn't have correct Idle/Min/Max Replica Counts specification: MinReplicaCount=5 must be less than MaxReplicaCount=3"},
			[]string{scales + ": correct spec.minReplicaCount, spec.maxReplicaCount or spec.idleReplicaCount, in the template of the component type or trait"},
		},
		"ReportedByItsAutoscaler": {
			keda + `status: {currentReplicas: 2, conditions: [{type: AbleToScale, status: "True"}, {type: ScalingActive, status: "True"}, {type: ScalingLimited, status: "False"}]}`,
			[]string{"OK ScaledObject"},
			nil,
		},
		"FailsByItsAutoscaler": {
			keda + `status: {conditions: [{type: AbleToScale, status: "True"}, {type: ScalingActive, status: "False", reason: FailedGetExternalMetric, message: "the server could not find the requested resource (get s0-cron.external.metrics.k8s.io)", lastTransitionTime: <1h>}]}`,
			[]string{"OK ScaledObject", "warning AutoscalerFailing of ScaledObject x: the server could not find the requested resource (get s0-cron.external.metrics.k8s.io)"},
			[]string{stays + ", because no adapter serves this metric: a platform engineer has to install or fix the adapter, or the metric in spec.metrics is misspelt"},
		},
		"ScaledToZero": {hpa + `status: {conditions: [{type: ScalingActive, status: "False", reason: ScalingDisabled, message: scaled to zero, lastTransitionTime: <1h>}]}`, []string{"OK HorizontalPodAutoscaler"}, nil},
		"Paused":       {keda + `status: {conditions: [` + ready + `, {type: Paused, status: "True"}]}`, []string{"OK ScaledObject paused"}, nil},
		"Fallback": {
			keda + `status: {conditions: [` + ready + `, {type: Fallback, status: "True", message: prometheus is down}]}`,
			[]string{"OK ScaledObject", "warning AutoscalerFailing of ScaledObject x: prometheus is down"},
			[]string{"a trigger fails, so spec.fallback sets the number of replicas: correct the trigger that the events of this object name"},
		},
		"OneTriggerFails": {
			keda + `status: {conditions: [{type: Ready, status: "Unknown", reason: PartialTriggerError, message: kafka is down}]}`,
			[]string{"OK ScaledObject", "warning AutoscalerFailing of ScaledObject x: kafka is down"},
			[]string{"the other triggers still scale it: correct the one that the events of this object name"},
		},
	})
}
