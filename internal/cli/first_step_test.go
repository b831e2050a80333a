package cli

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestFirstStep: the first command of a finding does not repeat its message.
func TestFirstStep(t *testing.T) {
	t.Parallel()
	const cell = " -n dp-fleet-demo-development-c1fe68be"
	for scenario, c := range map[string]struct {
		code trace.Code
		want string
	}{
		"flux-instance-failed":         {trace.CodeFluxInstanceFailed, "kubectl get fluxinstance flux -n flux-system -o jsonpath='{.spec.distribution}'"},
		"vela-application-unhealthy":   {trace.CodeApplicationNotHealthy, "kubectl get pods" + cell + " -l app.oam.dev/component=web"},
		"autodeploy-fails":             {trace.CodeAutoDeployFailed, "kubectl get components.openchoreo.dev autodeploy-fails -n fleet -o jsonpath='{.spec.componentType}{.spec.parameters}{.spec.traits}'"},
		"autoscaler-without-metrics":   {trace.CodeAutoscalerFailing, "kubectl get apiservices v1beta1.metrics.k8s.io"},
		"http-scaled-object-not-ready": {trace.CodeAutoscalerFailing, "kubectl get deployments,statefulsets" + cell},
		"pod-unschedulable":            {trace.CodeUnschedulable, "kubectl get nodes -o custom-columns=name:.metadata.name,cpu:.status.allocatable.cpu,memory:.status.allocatable.memory"},
		"pod-out-of-memory":            {trace.CodeOOMKilled, "kubectl get releasebinding greeter-service-development -n pod-out-of-memory -o jsonpath='{.spec.componentTypeEnvironmentConfigs}'"},
		"pod-image-pull":               {trace.CodeImagePullBackOff, "kubectl get componentreleases -n pod-image-pull"},
		"pod-bad-config":               {trace.CodeContainerConfigError, "kubectl get secrets,configmaps -n dp-pod-bad-confi-demo-development-c5bd4049"},
		"pod-volume-missing":           {trace.CodeVolumeNotMounted, "kubectl get configmaps" + cell},
		"kustomization-dry-run-fails":  {trace.CodeKustomizationDryRunFailed, "kubectl choreo lint"},
		"applier-without-rights":       {trace.CodeKustomizationDryRunFailed, "kubectl get serviceaccount nobody -n flux-system"},
		"argo-sync-failed":             {trace.CodeApplicationSyncFailed, "kubectl choreo lint"},
		"argo-sync-outdated":           {trace.CodeApplicationSyncFailed, "argocd app terminate-op argocd/argo-sync-outdated"},
		"argo-sync-retries":            {trace.CodeApplicationSyncFailed, "kubectl choreo lint"},
		"build-pending":                {trace.CodeProgressing, "kubectl describe workflowruns.openchoreo.dev build-pending-1 -n fleet"},
		"argo-hook-waits":              {trace.CodeApplicationSyncFailed, "argocd app get argocd/argo-hook-waits"},
		"argo-comparison-error":        {trace.CodeApplicationComparisonError, "kubectl get applications.argoproj.io argo-comparison-error -n argocd -o jsonpath='{.spec.source}{.spec.sources}'"},
		"bindings-two":                 {trace.CodeMultipleReleaseBindings, "kubectl get renderedreleases -n fleet -o 'custom-columns=Name:.metadata.name,Owner:.metadata.ownerReferences[0].name'"},
		"bucket-unreachable":           {trace.CodeSourceFetchFailed, "kubectl get buckets.source.toolkit.fluxcd.io oc-depot-bucket-unreachable -n flux-system -o jsonpath='{.spec}'"},
		"connection-provider-unbound":  {trace.CodeProviderNotBound, "occ releasebinding generate --mode file-system --project demo --component provider-unbound --target-env development"},
		"generation-not-observed":      {trace.CodeGenerationNotObserved, "kubectl get deployment controller-manager -n openchoreo-control-plane"},
		"kustomization-deleted":        {trace.CodeKustomizationNotFound, "git log --diff-filter=D --name-only -S oc-depot-kustomization-deleted"},
		"kustomization-emptied":        {trace.CodeKustomizationEmpty, "git log -- ./apart/kustomization-emptied"},
		"plane-absent":                 {trace.CodeDataPlaneNotFound, "kubectl get dataplanes -n plane-absent"},
		"rendering-fails":              {trace.CodeRenderingFailed, "kubectl get releasebindings rendering-fails-development -n fleet -o jsonpath='{.spec.componentTypeEnvironmentConfigs}{.spec.traitEnvironmentConfigs}'"},
		"revision-not-fetched":         {trace.CodeRevisionNotFetched, "kubectl choreo reconcile greeter-service -n revision-not-fetched --wait"},
		"sealed-key-absent":            {trace.CodeSecretNotSynced, "kubectl get secrets -A -l sealedsecrets.bitnami.com/sealed-secrets-key"},
		"volume-claim-pending":         {trace.CodeVolumeClaimPending, "kubectl get storageclasses"},
		"route-not-accepted":           {trace.CodeRouteNotAccepted, "kubectl get gateways.gateway.networking.k8s.io -A -o 'custom-columns=namespace:.metadata.namespace,name:.metadata.name,hosts:.spec.listeners[*].hostname,from:.spec.listeners[*].allowedRoutes.namespaces.from'"},
		"workflow-not-allowed":         {trace.CodeWorkflowNotUsable, "kubectl describe components.openchoreo.dev workflow-not-allowed -n fleet"}, // no other command is left
	} {
		s := factstest.Scenario(t, scenario)
		got := ""
		for _, f := range findingsOf(assess.Assess(s, s.TakenAt)) {
			if f.Code == c.code && len(f.Next) > 0 && got == "" {
				got = f.Next[0]
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", scenario, got, c.want)
		}
	}
}
