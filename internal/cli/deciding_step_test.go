package cli

import (
	"os"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
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

// TestOneRolePerCommand: the same command is for the same role in all scenarios. Who corrects a file does so before or after a fix.
func TestOneRolePerCommand(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(scenarioDir)
	if err != nil {
		t.Fatal(err)
	}
	roles, seen := map[string]trace.Role{}, map[string]string{}
	for _, e := range entries {
		s := factstest.Scenario(t, e.Name())
		for _, f := range findingsOf(assess.Assess(s, s.TakenAt)) {
			for _, step := range f.NextSteps {
				words := command.Words(step.Command)
				if step.Role == trace.RoleRepository || step.Role == trace.RoleAfterChange || words[0] != "kubectl" || words[1] == "auth" {
					continue
				}
				kind, _, _ := strings.Cut(words[2], "/")
				key := strings.Join(append(words[:2:2], kind, map[bool]string{true: "control"}[step.Plane == facts.Control]), " ")
				if known, isKnown := roles[key]; isKnown && known != step.Role {
					t.Errorf("%s: %s is for the %s, in %s for the %s", e.Name(), step.Command, step.Role, seen[key], known)
				}
				roles[key], seen[key] = step.Role, e.Name()
			}
		}
	}
	if len(roles) < 20 {
		t.Errorf("only %d commands were seen", len(roles))
	}
}
