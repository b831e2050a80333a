//go:build !race

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
