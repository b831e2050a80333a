package health

import (
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/certificates"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/secrets"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessKind assesses an object of the data plane by the rules of its kind, from the object itself or from what was reported.
func AssessKind(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	return assessorOf(schema.GroupKind{Group: o.Ref.Group, Kind: o.Ref.Kind})(p, j, o)
}

// assessor assesses an object of one kind.
type assessor func(p *view.Environment, j *result.Result, o facts.Object) *result.Result

// anyKind represents the kinds of a group that have no line of their own.
const anyKind = "*"

// assessorOf is that of the kind, else that of its group, else the one that goes by the standard conditions.
func assessorOf(kind schema.GroupKind) assessor {
	registry := assessors()
	for _, k := range []schema.GroupKind{kind, {Group: kind.Group, Kind: anyKind}} {
		if found, ok := registry[k]; ok {
			return found
		}
	}
	return conditions.Standard
}

// assessors is the registry: a kind with rules of its own is one line here, and a function. One group holds kinds with a
// controller and kinds that are only read by others.
func assessors() map[schema.GroupKind]assessor {
	return map[schema.GroupKind]assessor{
		{Group: kinds.Core, Kind: "PersistentVolumeClaim"}: assessClaim,

		{Group: kinds.Apps, Kind: "Deployment"}:  assessDeployment,
		{Group: kinds.Apps, Kind: "StatefulSet"}: assessStatefulSet,
		{Group: kinds.Apps, Kind: "DaemonSet"}:   assessDaemonSet,
		{Group: kinds.Apps, Kind: "ReplicaSet"}:  assessReplicaSet,

		{Group: kinds.Batch, Kind: "Job"}:     assessJob,
		{Group: kinds.Batch, Kind: "CronJob"}: assessCronJob,

		{Group: kinds.Autoscaling, Kind: anyKind}: assessAutoscaler,

		{Group: kinds.GatewayAPI, Kind: "Gateway"}:        byConditions(trace.CodeGatewayNotReady, "Programmed", "Accepted"),
		{Group: kinds.GatewayAPI, Kind: "ListenerSet"}:    byConditions(trace.CodeGatewayNotReady, "Programmed", "Accepted"),
		{Group: kinds.GatewayAPI, Kind: "GatewayClass"}:   byConditions(trace.CodeGatewayNotReady, "Accepted"),
		{Group: kinds.GatewayAPI, Kind: "ReferenceGrant"}: withoutStatus,
		{Group: kinds.GatewayAPI, Kind: anyKind}:          assessGatewayAPI,

		{Group: kinds.ExternalSecrets, Kind: "ExternalSecret"}:        secrets.AssessExternalSecret,
		{Group: kinds.ExternalSecrets, Kind: "SecretStore"}:           byConditions(trace.CodeSecretStoreNotReady, kinds.ConditionReady),
		{Group: kinds.ExternalSecrets, Kind: "ClusterSecretStore"}:    byConditions(trace.CodeSecretStoreNotReady, kinds.ConditionReady),
		{Group: kinds.ExternalSecrets, Kind: "PushSecret"}:            byConditions(trace.CodeSecretNotSynced, kinds.ConditionReady),
		{Group: kinds.ExternalSecrets, Kind: "ClusterPushSecret"}:     byConditions(trace.CodeSecretNotSynced, kinds.ConditionReady),
		{Group: kinds.ExternalSecrets, Kind: "ClusterExternalSecret"}: byConditions(trace.CodeSecretNotSynced, kinds.ConditionReady),
		{Group: "generators.external-secrets.io", Kind: anyKind}:      withoutStatus,
		{Group: kinds.SealedSecrets, Kind: anyKind}:                   secrets.AssessSealedSecret,
		{Group: kinds.CertManager, Kind: "Certificate"}:               certificates.AssessCertificate,
		{Group: kinds.CertManager, Kind: "CertificateRequest"}:        certificates.AssessCertificateRequest,
		{Group: kinds.CertManager, Kind: anyKind}:                     byConditions(trace.CodeCertificateNotReady, kinds.ConditionReady),
		{Group: kinds.ACME, Kind: "Order"}:                            certificates.AssessOrder,
		{Group: kinds.ACME, Kind: "Challenge"}:                        certificates.AssessOrder,
		{Group: kinds.ACME, Kind: anyKind}:                            byConditions(trace.CodeCertificateNotReady, kinds.ConditionReady),

		{Group: kinds.KEDA, Kind: "TriggerAuthentication"}:        withoutStatus,
		{Group: kinds.KEDA, Kind: "ClusterTriggerAuthentication"}: withoutStatus,
		{Group: kinds.KEDA, Kind: anyKind}:                        assessKEDA,
		{Group: kinds.KEDAHTTP, Kind: anyKind}:                    assessKEDA,

		{Group: kinds.ArgoCD, Kind: "Rollout"}:                 assessRollout,
		{Group: kinds.ArgoCD, Kind: "AnalysisRun"}:             assessAnalysis,
		{Group: kinds.ArgoCD, Kind: "Experiment"}:              assessAnalysis,
		{Group: kinds.ArgoCD, Kind: "Workflow"}:                assessWorkflow,
		{Group: kinds.ArgoCD, Kind: "Application"}:             assessApplication,
		{Group: kinds.ArgoCD, Kind: "AnalysisTemplate"}:        withoutStatus,
		{Group: kinds.ArgoCD, Kind: "ClusterAnalysisTemplate"}: withoutStatus,
		{Group: kinds.ArgoCD, Kind: "WorkflowTemplate"}:        withoutStatus,
		{Group: kinds.ArgoCD, Kind: "ClusterWorkflowTemplate"}: withoutStatus,
		{Group: kinds.ArgoCD, Kind: "AppProject"}:              withoutStatus,

		{Group: kinds.Flagger, Kind: "Canary"}:         assessCanary,
		{Group: kinds.Flagger, Kind: "MetricTemplate"}: withoutStatus,
		{Group: kinds.Flagger, Kind: "AlertProvider"}:  withoutStatus,

		{Group: kinds.KubeVela, Kind: "Application"}: assessVelaApplication,
	}
}

// byConditions goes by conditions of the kind that must be True, in that order.
func byConditions[T ~string](code trace.Code, types ...T) assessor {
	return func(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
		names := make([]string, len(types))
		for i, t := range types {
			names[i] = string(t)
		}
		return conditions.Assess(p, j, o, code, names...)
	}
}

// withoutStatus is for a kind that is only read by others and never gets a status that reports how it is (argo-rollouts v1.8
// pkg/apis/rollouts/v1alpha1; argo-workflows v3; argo-cd v3; flagger v1.41 pkg/apis/flagger/v1beta1: no controller writes the
// conditions of a MetricTemplate or an AlertProvider; keda v2.17 apis/keda/v1alpha1; gateway-api v1.5 apis).
func withoutStatus(_ *view.Environment, j *result.Result, o facts.Object) *result.Result {
	return j.OK("%s", o.Ref.Kind)
}
