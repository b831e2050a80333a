package cli

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
)

// TestDecidingStep: where one step decides, its command or the sentence that states it is there, with the names filled in.
func TestDecidingStep(t *testing.T) {
	t.Parallel()
	for scenario, want := range map[string][]string{
		"stateful-set-on-delete": {"kubectl delete pod stateful-set-on-delete-development-2a972cd1-0 -n dp-fleet-demo-development-c1fe68be"},
		"connection-cycle": {
			"connection-cycle needs endpoint http of connection-cycle-b, and connection-cycle-b needs endpoint http of connection-cycle",
			"declare endpoint http in spec.endpoints of Workload fleet/connection-cycle-workload and endpoint http in spec.endpoints of the Workload of connection-cycle-b in Git",
			"or remove one dependency from spec.dependencies.endpoints",
		},
		"applier-without-rights": {"kubectl auth can-i patch workloads.openchoreo.dev -n depot --as=system:serviceaccount:flux-system:nobody"},
		"prune-fails":            {"kubectl auth can-i delete configmaps -n depot --as=system:serviceaccount:flux-system:no-delete"},
		"source-not-verified":    {"kubectl get secret ghost -n flux-system"},
		"source-without-secret":  {"kubectl get secret ghost -n flux-system"},
		"sops-key-absent":        {"kubectl get secret sops-key-absent-age -n flux-system"},
		"definition-absent":      {"kubectl api-resources --api-group=example.com"},
		"helm-release-absent":    {"git log --diff-filter=D --name-only -S helm-release-absent"},
		"gateway-api-too-old":    {"kubectl explain httproutes.spec.rules.filters --api-version=gateway.networking.k8s.io/v1"},
		"component-type-absent":  {"kubectl delete components.openchoreo.dev component-type-absent -n fleet", ", or set the kind and recreate"},
		"project-not-ready":      {"kubectl get clusterprojecttypes", ", or recreate the Project"},
		"component-terminating":  {"{.metadata.managedFields[*].manager}", "example.com/hold"},
	} {
		s := factstest.Scenario(t, scenario)
		f := assess.Assess(s, s.TakenAt).Failing
		if f == nil {
			t.Fatalf("%s: nothing fails", scenario)
		}
		text := strings.Join(append([]string{f.Message, f.Hint}, f.Next...), "\n")
		for _, words := range want {
			if !strings.Contains(text, words) {
				t.Errorf("%s: no %q in\n%s", scenario, words, text)
			}
		}
	}
}
