package kinds

import "k8s.io/apimachinery/pkg/runtime/schema"

// Declared finds the kind of an object that a repository declares, in the API version of the object: the path of a server-side apply
// must have that version. It also finds kinds that are never read.
func Declared(gvk schema.GroupVersionKind) (Kind, bool) {
	k, ok := table[gvk.GroupKind()]
	if !ok {
		k, ok = declared[gvk.GroupKind()]
	}
	k.Version = gvk.Version
	return k, ok
}

// Names returns the names of all kinds that lint knows.
func Names() map[string]bool {
	names := map[string]bool{}
	for _, kinds := range []map[schema.GroupKind]Kind{table, declared} {
		for kind := range kinds {
			names[kind.Kind] = true
		}
	}
	return names
}

// declared lists kinds that repositories declare and that are never read. Sources: those of table; prometheus-operator v0.85;
// kyverno v1.15; argo-workflows v3.7. The versions are unimportant.
var declared = index(
	namespaced(Core, "v1", "ServiceAccount", "serviceaccounts"),
	namespaced(Core, "v1", "ResourceQuota", "resourcequotas"),
	namespaced(Core, "v1", "LimitRange", "limitranges"),
	namespaced(Core, "v1", "Endpoints", "endpoints"),
	clustered(Core, "v1", "PersistentVolume", "persistentvolumes"),
	namespaced(Networking, "v1", "Ingress", "ingresses"),
	clustered(Networking, "v1", "IngressClass", "ingressclasses"),
	namespaced("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
	namespaced("rbac.authorization.k8s.io", "v1", "Role", "roles"),
	namespaced("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
	clustered("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles"),
	clustered("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings"),
	clustered("storage.k8s.io", "v1", "StorageClass", "storageclasses"),
	clustered("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses"),
	namespaced("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
	clustered("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions"),
	clustered("apiregistration.k8s.io", "v1", "APIService", "apiservices"),
	clustered("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations"),
	clustered("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations"),
	clustered("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies"),
	clustered("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings"),
	clustered(GatewayAPI, "v1", "GatewayClass", "gatewayclasses"),
	namespaced(GatewayAPI, "v1beta1", "ReferenceGrant", "referencegrants"),
	clustered(ExternalSecrets, "v1", "ClusterExternalSecret", "clusterexternalsecrets"),
	namespaced(ExternalSecrets, "v1alpha1", "PushSecret", "pushsecrets"),
	namespaced("monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors"),
	namespaced("monitoring.coreos.com", "v1", "PodMonitor", "podmonitors"),
	namespaced("monitoring.coreos.com", "v1", "PrometheusRule", "prometheusrules"),
	namespaced("kyverno.io", "v1", "Policy", "policies"),
	clustered("kyverno.io", "v1", "ClusterPolicy", "clusterpolicies"),

	namespaced(OpenChoreo, "v1alpha1", "AuthzRole", "authzroles"),
	namespaced(OpenChoreo, "v1alpha1", "AuthzRoleBinding", "authzrolebindings"),
	clustered(OpenChoreo, "v1alpha1", "ClusterAuthzRole", "clusterauthzroles"),
	clustered(OpenChoreo, "v1alpha1", "ClusterAuthzRoleBinding", "clusterauthzrolebindings"),
	namespaced(OpenChoreo, "v1alpha1", "ResourceType", "resourcetypes"),
	clustered(OpenChoreo, "v1alpha1", "ClusterResourceType", "clusterresourcetypes"),
	namespaced(OpenChoreo, "v1alpha1", "ObservabilityPlane", "observabilityplanes"),
	clustered(OpenChoreo, "v1alpha1", "ClusterObservabilityPlane", "clusterobservabilityplanes"),
	namespaced(OpenChoreo, "v1alpha1", "WorkflowPlane", "workflowplanes"),
	clustered(OpenChoreo, "v1alpha1", "ClusterWorkflowPlane", "clusterworkflowplanes"),
	namespaced(OpenChoreo, "v1alpha1", "ObservabilityAlertRule", "observabilityalertrules"),
	namespaced(OpenChoreo, "v1alpha1", "ObservabilityAlertsNotificationChannel", "observabilityalertsnotificationchannels"),

	namespaced("image.toolkit.fluxcd.io", "v1", "ImageRepository", "imagerepositories"),
	namespaced("image.toolkit.fluxcd.io", "v1", "ImagePolicy", "imagepolicies"),
	namespaced("image.toolkit.fluxcd.io", "v1", "ImageUpdateAutomation", "imageupdateautomations"),
	namespaced("notification.toolkit.fluxcd.io", "v1beta3", "Alert", "alerts"),
	namespaced("notification.toolkit.fluxcd.io", "v1beta3", "Provider", "providers"),
	namespaced("notification.toolkit.fluxcd.io", "v1", "Receiver", "receivers"),
	namespaced(FluxOperator, "v1", "ResourceSetInputProvider", "resourcesetinputproviders"),
	namespaced(FluxOperator, "v1", "FluxReport", "fluxreports"),
	namespaced(ArgoCD, "v1alpha1", "AppProject", "appprojects"),
	namespaced(ArgoCD, "v1alpha1", "ApplicationSet", "applicationsets"),
	namespaced(ArgoCD, "v1alpha1", "AnalysisTemplate", "analysistemplates"),
	clustered(ArgoCD, "v1alpha1", "ClusterAnalysisTemplate", "clusteranalysistemplates"),
	namespaced(ArgoCD, "v1alpha1", "WorkflowTemplate", "workflowtemplates"),
	clustered(ArgoCD, "v1alpha1", "ClusterWorkflowTemplate", "clusterworkflowtemplates"),
	namespaced(Flagger, "v1beta1", "MetricTemplate", "metrictemplates"),
)
