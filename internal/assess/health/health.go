package health

import (
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// AssessKind judges an object of the plane by the rules of its kind, from the object itself or from what was reported. One
// group holds kinds with a controller and kinds that are only read by others, so the kind decides and not the group.
func AssessKind(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if onlyRead(o.Ref) {
		return j.OK("%s", o.Ref.Kind)
	}
	switch o.Ref.Group {
	case kinds.Core:
		return assessCore(p, j, o)
	case kinds.Apps:
		return assessApps(p, j, o)
	case kinds.Batch:
		return assessBatch(p, j, o)
	case kinds.GatewayAPI:
		return assessGatewayAPI(p, j, o)
	case kinds.Autoscaling:
		return assessAutoscaler(p, j, o)
	case kinds.ExternalSecrets:
		return assessExternalSecrets(p, j, o)
	case kinds.SealedSecrets:
		return assessSealedSecret(p, j, o)
	case kinds.CertManager, kinds.ACME:
		return assessCertManager(p, j, o)
	case kinds.KEDA, kinds.KEDAHTTP:
		return assessKEDA(p, j, o)
	case kinds.ArgoCD:
		return assessArgo(p, j, o)
	case kinds.Flagger:
		return assessFlagger(p, j, o)
	case kinds.KubeVela:
		return assessVela(p, j, o)
	}
	return assessOtherKind(p, j, o)
}

// onlyRead reports whether a kind is only read by others and never gets a status that says how it is (argo-rollouts v1.8
// pkg/apis/rollouts/v1alpha1; argo-workflows v3; argo-cd v3; flagger v1.41 pkg/apis/flagger/v1beta1: no controller writes the
// conditions of a MetricTemplate or an AlertProvider; keda v2.17 apis/keda/v1alpha1; gateway-api v1.5 apis).
func onlyRead(ref facts.Ref) bool {
	switch (schema.GroupKind{Group: ref.Group, Kind: ref.Kind}) {
	case schema.GroupKind{Group: kinds.ArgoCD, Kind: "AnalysisTemplate"}, schema.GroupKind{Group: kinds.ArgoCD, Kind: "ClusterAnalysisTemplate"},
		schema.GroupKind{Group: kinds.ArgoCD, Kind: "WorkflowTemplate"}, schema.GroupKind{Group: kinds.ArgoCD, Kind: "ClusterWorkflowTemplate"},
		schema.GroupKind{Group: kinds.ArgoCD, Kind: "AppProject"},
		schema.GroupKind{Group: kinds.Flagger, Kind: "MetricTemplate"}, schema.GroupKind{Group: kinds.Flagger, Kind: "AlertProvider"},
		schema.GroupKind{Group: kinds.KEDA, Kind: "TriggerAuthentication"}, schema.GroupKind{Group: kinds.KEDA, Kind: "ClusterTriggerAuthentication"},
		schema.GroupKind{Group: kinds.GatewayAPI, Kind: "ReferenceGrant"}:
		return true
	}
	return ref.Group == "generators.external-secrets.io"
}

func assessCore(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if o.Ref.Kind == "PersistentVolumeClaim" {
		return assessClaim(p, j, o)
	}
	return assessOtherKind(p, j, o)
}

func assessApps(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	switch o.Ref.Kind {
	case "Deployment":
		return assessDeployment(p, j, o)
	case "StatefulSet":
		return assessStatefulSet(p, j, o)
	case "DaemonSet":
		return assessDaemonSet(p, j, o)
	case "ReplicaSet":
		return assessReplicaSet(p, j, o)
	}
	return assessOtherKind(p, j, o)
}

func assessBatch(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	switch o.Ref.Kind {
	case "Job":
		return assessJob(p, j, o)
	case "CronJob":
		return assessCronJob(p, j, o)
	}
	return assessOtherKind(p, j, o)
}
