package kinds

import (
	"maps"
	"slices"
)

// shortNames are kubectl's short names of resources (Kubernetes v1.36 pkg/registry, ShortNames; the shortNames in the
// CustomResourceDefinitions of openchoreo v1.2.3, Flux 2.9, argo-cd v3 and the others in the table of kinds).
var shortNames = map[string]string{
	"po": "pods", "svc": "services", "ns": "namespaces", "no": "nodes", "cm": "configmaps", "pvc": "persistentvolumeclaims",
	"deploy": "deployments", "sts": "statefulsets", "ds": "daemonsets", "rs": "replicasets", "cj": "cronjobs",
	"hpa": "horizontalpodautoscalers", "netpol": "networkpolicies", "gtw": "gateways",
	"es": "externalsecrets", "cert": "certificates", "certs": "certificates", "ro": "rollouts", "so": "scaledobjects",
	"ks": "kustomizations", "hr": "helmreleases", "gitrepo": "gitrepositories", "ocirepo": "ocirepositories",
	"helmrepo": "helmrepositories", "hc": "helmcharts", "rset": "resourcesets", "app": "applications", "apps": "applications",
	"proj": "projects", "projs": "projects", "comp": "components", "comps": "components", "env": "environments", "envs": "environments",
	"dp": "dataplanes", "dps": "dataplanes", "cdp": "clusterdataplanes", "cdps": "clusterdataplanes",
	"deppipe": "deploymentpipelines", "deppipes": "deploymentpipelines",
}

// Resources returns the plurals of all kinds in the table, sorted.
func Resources() []string {
	plurals := map[string]bool{}
	for _, k := range table {
		plurals[k.Plural] = true
	}
	return slices.Sorted(maps.Keys(plurals))
}
