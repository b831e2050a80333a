package trace

import (
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeKind judges an object of the plane by the rules of its kind, from the object itself or from what was reported. One
// group holds kinds with a controller and kinds that are only read by others, so the kind decides and not the group.
func (p *place) judgeKind(j *judgement, o facts.Object) *judgement {
	if onlyRead(o.Ref) {
		return j.ok("%s", o.Ref.Kind)
	}
	switch o.Ref.Group {
	case kinds.Core:
		return p.judgeCore(j, o)
	case kinds.Apps:
		return p.judgeApps(j, o)
	case kinds.Batch:
		return p.judgeBatch(j, o)
	case kinds.GatewayAPI:
		return p.judgeGatewayAPI(j, o)
	case kinds.Autoscaling:
		return p.judgeAutoscaler(j, o)
	case kinds.ExternalSecrets:
		return p.judgeExternalSecrets(j, o)
	case kinds.SealedSecrets:
		return p.judgeSealedSecret(j, o)
	case kinds.CertManager, kinds.ACME:
		return p.judgeCertManager(j, o)
	case kinds.KEDA, kinds.KEDAHTTP:
		return p.judgeKEDA(j, o)
	case kinds.ArgoCD:
		return p.judgeArgo(j, o)
	case kinds.Flagger:
		return p.judgeFlagger(j, o)
	case kinds.KubeVela:
		return p.judgeVela(j, o)
	}
	return p.judgeOther(j, o)
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

func (p *place) judgeCore(j *judgement, o facts.Object) *judgement {
	if o.Ref.Kind == "PersistentVolumeClaim" {
		return p.judgeClaim(j, o)
	}
	return p.judgeOther(j, o)
}

func (p *place) judgeApps(j *judgement, o facts.Object) *judgement {
	switch o.Ref.Kind {
	case "Deployment":
		return p.judgeDeployment(j, o)
	case "StatefulSet":
		return p.judgeStatefulSet(j, o)
	case "DaemonSet":
		return p.judgeDaemonSet(j, o)
	case "ReplicaSet":
		return p.judgeReplicaSet(j, o)
	}
	return p.judgeOther(j, o)
}

func (p *place) judgeBatch(j *judgement, o facts.Object) *judgement {
	switch o.Ref.Kind {
	case "Job":
		return p.judgeJob(j, o)
	case "CronJob":
		return p.judgeCronJob(j, o)
	}
	return p.judgeOther(j, o)
}
