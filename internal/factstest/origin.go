package factstest

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// OriginFile is the file of a scenario that reports who wrote the statuses of other systems, one line for each system.
const OriginFile = "origin"

// Origin is the line of a system: its version, or "" if the test wrote the status.
func Origin(system, version string) string {
	if version == "" {
		return system + ": written by the test"
	}
	return system + " " + version
}

// systems are the systems beside Kubernetes, Flux's first controllers and OpenChoreo, by the groups, or else the kinds, of their objects.
func systems() map[string]string {
	return map[string]string{
		"Application." + kinds.ArgoCD: "Argo CD",
		"Rollout." + kinds.ArgoCD:     "Argo Rollouts",
		"AnalysisRun." + kinds.ArgoCD: "Argo Rollouts",
		"Experiment." + kinds.ArgoCD:  "Argo Rollouts",
		kinds.Flagger:                 "Flagger",
		kinds.ExternalSecrets:         "External Secrets",
		kinds.SealedSecrets:           "Sealed Secrets",
		kinds.CertManager:             "cert-manager",
		kinds.ACME:                    "cert-manager",
		kinds.KEDA:                    "KEDA",
		kinds.KEDAHTTP:                "KEDA HTTP add-on",
		kinds.KubeVela:                "KubeVela",
		kinds.GatewayAPI:              "Gateway API",
		"helm.toolkit.fluxcd.io":      "helm-controller",
		"fluxcd.controlplane.io":      "Flux Operator",
		"source.extensions.fluxcd.io": "source-watcher",
	}
}

// Systems are those of which the snapshot holds an object with a status, or OpenChoreo's report of one, sorted.
func Systems(s *facts.Snapshot) []string {
	var found []string
	add := func(group, kind string, object map[string]any) {
		name, known := systems()[kind+"."+group]
		if !known {
			name, known = systems()[group]
		}
		if known && len(kinds.Fields(object, "status")) > 0 && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	for o := range s.Each() {
		if o.Body == nil {
			continue
		}
		add(o.Ref.Group, o.Ref.Kind, o.Body.Object)
		for _, reported := range kinds.Items(o.Body, "status", "resources") {
			add(kinds.String(reported, "group"), kinds.String(reported, "kind"), reported)
		}
	}
	slices.Sort(found)
	return found
}
