// Package kinds names the kinds, labels, condition types and reasons of Kubernetes, Flux and OpenChoreo, and reads
// the fields that a trace needs through small typed accessors. Objects stay unstructured, so that one binary
// serves several versions.
package kinds

import "k8s.io/apimachinery/pkg/runtime/schema"

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
)

// Kind says how a kind is addressed. The table is fixed so that a trace never needs discovery.
type Kind struct {
	schema.GroupVersionKind
	Plural     string
	Namespaced bool
}

// Resource is the kind's place in the API.
func (k Kind) Resource() schema.GroupVersionResource {
	return k.GroupVersion().WithResource(k.Plural)
}

// Lookup finds a kind by group and kind; ok is false for a kind that this program does not address by itself.
func Lookup(group, kind string) (Kind, bool) {
	k, ok := table[schema.GroupKind{Group: group, Kind: kind}]
	return k, ok
}

// table lists every kind that is read. Sources: openchoreo v1.2.3 config/crd/bases; source-controller and
// kustomize-controller v1.9.3 config/crd/bases; helm-controller v1.6; gateway-api v1.5.1; Kubernetes v1.36.
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
	namespaced(OpenChoreo, "v1alpha1", "WorkflowRun", "workflowruns"),
	namespaced(OpenChoreo, "v1alpha1", "ComponentRelease", "componentreleases"),
	namespaced(OpenChoreo, "v1alpha1", "ReleaseBinding", "releasebindings"),
	namespaced(OpenChoreo, "v1alpha1", "RenderedRelease", "renderedreleases"),
	namespaced(OpenChoreo, "v1alpha1", "SecretReference", "secretreferences"),

	namespaced(FluxSource, "v1", "GitRepository", "gitrepositories"),
	namespaced(FluxSource, "v1", "OCIRepository", "ocirepositories"),
	namespaced(FluxSource, "v1", "Bucket", "buckets"),
	namespaced(FluxSource, "v1", "ExternalArtifact", "externalartifacts"),
	namespaced(FluxKustomize, "v1", "Kustomization", "kustomizations"),
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
