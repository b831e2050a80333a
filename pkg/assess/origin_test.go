package assess

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestOrigin: whatever the code of a finding, its hint has what the rendered object with the error is rendered from.
func TestOrigin(t *testing.T) {
	t.Parallel()
	for scenario, c := range map[string]struct {
		code trace.Code
		want string
	}{
		"es-store-absent":         {trace.CodeSecretStoreNotReady, "The ExternalSecret is rendered from resource object-1 of ClusterComponentType deployment/es-store-absent"},
		"es-merge-without-secret": {trace.CodeSecretNotSynced, "The ExternalSecret is rendered from resource object-2 of ClusterComponentType deployment/es-merge-without-secret"},
		"rollout-invalid":         {trace.CodeProgressiveRolloutFailed, "The Rollout is rendered from resource object-0 of ClusterComponentType proxy/rollout-without-service"},
		"route-not-accepted":      {trace.CodeRouteNotAccepted, "The HTTPRoute is rendered from resource httproute-external of ClusterComponentType deployment/service"},
		"gateway-not-ready":       {trace.CodeGatewayNotReady, ""},
		"gateway-api-too-old":     {trace.CodeApplyFailed, "The HTTPRoute is rendered from resource httproute-external of ClusterComponentType deployment/service"},
		"sealed-not-owned":        {trace.CodeSecretNotSynced, "The SealedSecret is rendered from resource object-2 of ClusterComponentType deployment/sealed-not-owned"},
		"pods-over-quota":         {trace.CodePodsRefused, "The Deployment is rendered from resource deployment of ClusterComponentType deployment/plain"},
		"deployment-degraded":     {trace.CodeDeploymentDegraded, "The Deployment is rendered from resource deployment of ClusterComponentType deployment/impatient"},
		"pod-volume-missing":      {trace.CodeVolumeNotMounted, "create it in the namespace of the pod, or correct the name in the Workload, or in the template of the component type. The Deployment is rendered from resource deployment of ClusterComponentType deployment/plain"},
		"cm-issuer-not-ready":     {trace.CodeCertificateNotReady, "Secret dp-operators-d-demo-development-922e3d28/ghost does not exist: create it, or correct spec.ca.secretName of the issuer"},
		"cm-acme-unreachable":     {trace.CodeCertificateNotReady, "correct spec.acme.server of the issuer"},
		"canary-failed":           {trace.CodeProgressiveRolloutFailed, ""},
		"pod-image-pull":          {trace.CodeImagePullBackOff, ""},
		"pod-crash-loop":          {trace.CodeCrashLoopBackOff, ""},
	} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, scenario)
			failing := Assess(s, s.TakenAt).Failing
			if failing == nil || failing.Code != c.code {
				t.Fatalf("%+v, want %s", failing, c.code)
			}
			hint := failing.Hint
			if !strings.Contains(hint, c.want) || c.want == "" && strings.Contains(hint, "rendered from") {
				t.Errorf("%q, want %q", hint, c.want)
			}
		})
	}
}
