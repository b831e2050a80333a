package kinds

// ReadRule is a right that a trace uses: verbs on resources of one group.
type ReadRule struct {
	Group     string
	Resources []string
	Verbs     []string
	// OnDataPlane: the objects are on the data plane, which may be another cluster.
	OnDataPlane bool
}

// ReadRules are all rights that a trace and diff --live use. docs/clusterrole.yaml has the same, with comments.
func ReadRules() []ReadRule {
	get := []string{"get"}
	return append(TraceRules(), ReadRule{Core, []string{"configmaps", "services"}, get, true}, ReadRule{Networking, []string{"networkpolicies"}, get, true})
}

// TraceRules are the rights that a trace uses.
func TraceRules() []ReadRule {
	return append(controlPlaneRules(), dataPlaneRules()...)
}

func controlPlaneRules() []ReadRule {
	get, list := []string{"get"}, []string{"list"}
	both := []string{"get", "list"}
	return []ReadRule{
		{OpenChoreo, []string{
			"clustercomponenttypes", "clusterdataplanes", "clustertraits", "clusterworkflows", "componentreleases", "components", "componenttypes",
			"dataplanes", "deploymentpipelines", "environments", "projectreleasebindings", "projectreleases", "projects", "releasebindings",
			"renderedreleases", "resourcereleasebindings", "resources", "secretreferences", "traits", "workflowruns", "workflows", "workloads",
		}, both, false},
		{FluxKustomize, []string{"kustomizations"}, both, false},
		{FluxHelm, []string{"helmreleases"}, get, false},
		{FluxOperator, []string{"fluxinstances", "resourcesets"}, get, false},
		{ArgoCD, []string{"applications"}, both, false},
		{FluxSource, []string{"buckets", "externalartifacts", "gitrepositories", "helmcharts", "helmrepositories", "ocirepositories"}, get, false},
		{FluxExtension, []string{"artifactgenerators"}, get, false},
		{Core, []string{"events"}, list, false},
		{Coordination, []string{"leases"}, get, false},
		{Apps, []string{"deployments"}, get, false},
	}
}

func dataPlaneRules() []ReadRule {
	get, list := []string{"get"}, []string{"list"}
	return []ReadRule{
		{Apps, []string{"daemonsets", "deployments", "replicasets", "statefulsets"}, list, true},
		{Batch, []string{"cronjobs", "jobs"}, list, true},
		{Batch, []string{"jobs"}, get, true},
		{Core, []string{"events", "pods"}, list, true},
		{Core, []string{"namespaces", "nodes", "persistentvolumeclaims", "pods/log"}, get, true},
		{ArgoCD, []string{"rollouts"}, list, true},
		{Autoscaling, []string{"horizontalpodautoscalers"}, get, true},
		{GatewayAPI, []string{"gateways", "grpcroutes", "httproutes", "tcproutes", "tlsroutes"}, get, true},
		{ExternalSecrets, []string{"clustersecretstores", "externalsecrets", "secretstores"}, get, true},
		{SealedSecrets, []string{"sealedsecrets"}, get, true},
		{CertManager, []string{"certificaterequests", "certificates", "clusterissuers", "issuers"}, get, true},
		{ACME, []string{"challenges"}, list, true},
		{ACME, []string{"orders"}, get, true},
		{Flagger, []string{"canaries"}, get, true},
		{KEDA, []string{"scaledobjects"}, get, true},
		{KEDAHTTP, []string{"httpscaledobjects"}, get, true},
		{KubeVela, []string{"applications"}, get, true},
	}
}
