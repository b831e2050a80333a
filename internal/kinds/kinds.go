// Package kinds defines the kinds, labels, condition types and reasons of Kubernetes, Flux and OpenChoreo, with small typed
// accessors for the fields that a trace needs. Objects stay unstructured, so that one binary supports several versions.
package kinds

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// API groups.
const (
	Core          = ""
	Apps          = "apps"
	Batch         = "batch"
	Autoscaling   = "autoscaling"
	Networking    = "networking.k8s.io"
	GatewayAPI    = "gateway.networking.k8s.io"
	OpenChoreo    = "openchoreo.dev"
	FluxSource    = "source.toolkit.fluxcd.io"
	FluxKustomize = "kustomize.toolkit.fluxcd.io"
	FluxHelm      = "helm.toolkit.fluxcd.io"
	FluxOperator  = "fluxcd.controlplane.io"
	FluxExtension = "source.extensions.fluxcd.io"
	ArgoCD        = "argoproj.io"
	Coordination  = "coordination.k8s.io"

	ExternalSecrets = "external-secrets.io"
	SealedSecrets   = "bitnami.com"
	CertManager     = "cert-manager.io"
	ACME            = "acme.cert-manager.io"
	Flagger         = "flagger.app"
	KEDA            = "keda.sh"
	KEDAHTTP        = "http.keda.sh"
	KubeVela        = "core.oam.dev"
)

// Kind is the API path of a kind. The table is fixed so that a trace never needs discovery.
type Kind struct {
	schema.GroupVersionKind
	Plural     string
	Namespaced bool
}

// Resource returns the GroupVersionResource of the kind.
func (k Kind) Resource() schema.GroupVersionResource {
	return k.GroupVersion().WithResource(k.Plural)
}

// Lookup finds a kind by group and kind; ok is false for a kind that is not in the table.
func Lookup(group, kind string) (Kind, bool) {
	k, ok := table[schema.GroupKind{Group: group, Kind: kind}]
	return k, ok
}

// LookupResource finds a kind by its GroupVersionResource.
func LookupResource(resource schema.GroupVersionResource) (Kind, bool) {
	for _, k := range table {
		if k.Resource() == resource {
			return k, true
		}
	}
	return Kind{}, false
}

// table lists every kind that is read. Sources: openchoreo v1.2.3 config/crd/bases; source-controller and kustomize-controller
// v1.9.3 config/crd/bases; helm-controller v1.6; flux-operator v0.30; source-watcher v2.2; argo-cd v3; gateway-api v1.5.1;
// external-secrets v1; sealed-secrets v0.27; cert-manager v1.18; argo-rollouts v1.8; flagger v1.41; keda v2.17 and its
// http-add-on v0.10; kubevela v1.10; Kubernetes v1.36. A kind that a cluster serves only in another version reads as not
// installed; it is then assessed by OpenChoreo's report.
var table = index(
	namespaced(Core, "v1", "Pod", "pods"),
	namespaced(Core, "v1", "Service", "services"),
	namespaced(Core, "v1", "Event", "events"),
	namespaced(Core, "v1", "ConfigMap", "configmaps"),
	namespaced(Core, "v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
	clustered(Core, "v1", "Namespace", "namespaces"),
	clustered(Core, "v1", "Node", "nodes"),
	namespaced(Apps, "v1", "Deployment", "deployments"),
	namespaced(Apps, "v1", "StatefulSet", "statefulsets"),
	namespaced(Apps, "v1", "DaemonSet", "daemonsets"),
	namespaced(Apps, "v1", "ReplicaSet", "replicasets"),
	namespaced(Batch, "v1", "Job", "jobs"),
	namespaced(Batch, "v1", "CronJob", "cronjobs"),
	namespaced(Autoscaling, "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
	namespaced(Networking, "v1", "NetworkPolicy", "networkpolicies"),
	namespaced(GatewayAPI, "v1", "HTTPRoute", "httproutes"),
	namespaced(GatewayAPI, "v1", "GRPCRoute", "grpcroutes"),
	namespaced(GatewayAPI, "v1alpha2", "TLSRoute", "tlsroutes"),
	namespaced(GatewayAPI, "v1alpha2", "TCPRoute", "tcproutes"),
	namespaced(GatewayAPI, "v1", "Gateway", "gateways"),
	namespaced(Coordination, "v1", "Lease", "leases"),
	namespaced(ExternalSecrets, "v1", "ExternalSecret", "externalsecrets"),
	namespaced(ExternalSecrets, "v1", "SecretStore", "secretstores"),
	clustered(ExternalSecrets, "v1", "ClusterSecretStore", "clustersecretstores"),
	namespaced(SealedSecrets, "v1alpha1", "SealedSecret", "sealedsecrets"),
	namespaced(CertManager, "v1", "Certificate", "certificates"),
	namespaced(CertManager, "v1", "CertificateRequest", "certificaterequests"),
	namespaced(CertManager, "v1", "Issuer", "issuers"),
	clustered(CertManager, "v1", "ClusterIssuer", "clusterissuers"),
	namespaced(ACME, "v1", "Order", "orders"),
	namespaced(ACME, "v1", "Challenge", "challenges"),
	namespaced(ArgoCD, "v1alpha1", "Rollout", "rollouts"),
	namespaced(ArgoCD, "v1alpha1", "Application", "applications"),
	namespaced(Flagger, "v1beta1", "Canary", "canaries"),
	namespaced(KEDA, "v1alpha1", "ScaledObject", "scaledobjects"),
	namespaced(KEDAHTTP, "v1alpha1", "HTTPScaledObject", "httpscaledobjects"),
	namespaced(KubeVela, "v1beta1", "Application", "applications"),

	namespaced(OpenChoreo, "v1alpha1", "Project", "projects"),
	namespaced(OpenChoreo, "v1alpha1", "ProjectType", "projecttypes"),
	clustered(OpenChoreo, "v1alpha1", "ClusterProjectType", "clusterprojecttypes"),
	namespaced(OpenChoreo, "v1alpha1", "ProjectRelease", "projectreleases"),
	namespaced(OpenChoreo, "v1alpha1", "ProjectReleaseBinding", "projectreleasebindings"),
	namespaced(OpenChoreo, "v1alpha1", "DeploymentPipeline", "deploymentpipelines"),
	namespaced(OpenChoreo, "v1alpha1", "Environment", "environments"),
	namespaced(OpenChoreo, "v1alpha1", "DataPlane", "dataplanes"),
	clustered(OpenChoreo, "v1alpha1", "ClusterDataPlane", "clusterdataplanes"),
	namespaced(OpenChoreo, "v1alpha1", "Component", "components"),
	namespaced(OpenChoreo, "v1alpha1", "ComponentType", "componenttypes"),
	clustered(OpenChoreo, "v1alpha1", "ClusterComponentType", "clustercomponenttypes"),
	namespaced(OpenChoreo, "v1alpha1", "Trait", "traits"),
	clustered(OpenChoreo, "v1alpha1", "ClusterTrait", "clustertraits"),
	namespaced(OpenChoreo, "v1alpha1", "Workload", "workloads"),
	namespaced(OpenChoreo, "v1alpha1", "Workflow", "workflows"),
	clustered(OpenChoreo, "v1alpha1", "ClusterWorkflow", "clusterworkflows"),
	namespaced(OpenChoreo, "v1alpha1", "WorkflowRun", "workflowruns"),
	namespaced(OpenChoreo, "v1alpha1", "Resource", "resources"),
	namespaced(OpenChoreo, "v1alpha1", "ResourceRelease", "resourcereleases"),
	namespaced(OpenChoreo, "v1alpha1", "ResourceReleaseBinding", "resourcereleasebindings"),
	namespaced(OpenChoreo, "v1alpha1", "Release", "releases"),
	namespaced(OpenChoreo, "v1alpha1", "ComponentRelease", "componentreleases"),
	namespaced(OpenChoreo, "v1alpha1", "ReleaseBinding", "releasebindings"),
	namespaced(OpenChoreo, "v1alpha1", "RenderedRelease", "renderedreleases"),
	namespaced(OpenChoreo, "v1alpha1", "SecretReference", "secretreferences"),

	namespaced(FluxSource, "v1", "GitRepository", "gitrepositories"),
	namespaced(FluxSource, "v1", "OCIRepository", "ocirepositories"),
	namespaced(FluxSource, "v1", "Bucket", "buckets"),
	namespaced(FluxSource, "v1", "ExternalArtifact", "externalartifacts"),
	namespaced(FluxSource, "v1", "HelmRepository", "helmrepositories"),
	namespaced(FluxSource, "v1", "HelmChart", "helmcharts"),
	namespaced(FluxExtension, "v1beta1", "ArtifactGenerator", "artifactgenerators"),
	namespaced(FluxKustomize, "v1", "Kustomization", "kustomizations"),
	namespaced(FluxHelm, "v2", "HelmRelease", "helmreleases"),
	namespaced(FluxOperator, "v1", "ResourceSet", "resourcesets"),
	namespaced(FluxOperator, "v1", "FluxInstance", "fluxinstances"),
)

func namespaced(group, version, kind, plural string) Kind {
	return Kind{schema.GroupVersionKind{Group: group, Version: version, Kind: kind}, plural, true}
}

func clustered(group, version, kind, plural string) Kind {
	return Kind{schema.GroupVersionKind{Group: group, Version: version, Kind: kind}, plural, false}
}

func index(all ...Kind) map[schema.GroupKind]Kind {
	byGroupKind := make(map[schema.GroupKind]Kind, len(all))
	for _, k := range all {
		byGroupKind[k.GroupKind()] = k
	}
	return byGroupKind
}

// ByResource are the kinds that kubectl may mean by a name: the singular, the plural or the short name, perhaps with the group, or
// with version and group; sorted by group.
func ByResource(name string) []Kind {
	resource, group, hasGroup := strings.Cut(strings.ToLower(name), ".")
	if plural, known := shortNames[resource]; known && !hasGroup {
		resource = plural
	}
	var found []Kind
	for _, k := range table {
		if (resource == k.Plural || strings.EqualFold(resource, k.Kind)) && (!hasGroup || group == k.Group || group == k.Version+"."+k.Group) {
			found = append(found, k)
		}
	}
	slices.SortFunc(found, func(a, b Kind) int { return strings.Compare(a.Group, b.Group) })
	return found
}

// ResourceName is how kubectl takes a kind: with its group, unless Kubernetes itself has the kind.
func ResourceName(group, kind string) string {
	name := strings.ToLower(kind)
	if k, known := Lookup(group, kind); known {
		name = k.Plural
	}
	switch group {
	case Core, Apps, Batch, Autoscaling, Networking, Coordination:
		return name
	}
	return name + "." + group
}
