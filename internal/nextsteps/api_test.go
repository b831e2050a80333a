package nextsteps

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestThroughTheAPI: for a plane without a context no command of kubectl is printed, which would go to the control plane. Logs and events
// come through the API.
func TestThroughTheAPI(t *testing.T) {
	t.Parallel()
	s := scope()
	s.Object = facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "dp", Name: "cart-1"}
	s.DataPlane, s.Planes, s.Restarted = "eu", []string{"eu=openchoreo"}, true
	s.API = &facts.API{Address: "https://api.example.com", Reads: func(p facts.Plane) bool { return p == "eu" }}
	for name, value := range map[string]string{"POD": "cart-1", "CONTAINER": "main", "CELL_NAMESPACE": "dp", "KIND": "pods", "NAME": "cart-1", "OBJECT_NAMESPACE": "dp", "NODE": "n"} {
		s.Names[name] = value
	}
	const flags = " cart -n shop -e dev --plane eu=openchoreo --openchoreo-api https://api.example.com"
	got := commands(Of(trace.Finding{Code: trace.CodeCrashLoopBackOff}, s))
	if diff := cmp.Diff([]string{"kubectl choreo logs" + flags, "kubectl choreo events" + flags}, got[:min(2, len(got))]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, code := range findings.Codes() {
		for _, step := range Of(trace.Finding{Code: trace.Code(code)}, s) {
			if step.Plane == "eu" || strings.HasPrefix(step.Command, "kubectl ") && !strings.HasPrefix(step.Command, "kubectl choreo ") && step.Role == trace.RoleDataPlane {
				t.Errorf("%s: %s: %s", code, step.Role, step.Command)
			}
		}
	}
	for _, command := range commands(Of(trace.Finding{Code: trace.CodeAgentDisconnected}, s)) {
		if strings.HasPrefix(command, "kubectl choreo logs") {
			t.Errorf("the log of the agent is not that of the component: %s", command)
		}
	}
	s.API = nil
	if step := Of(trace.Finding{Code: trace.CodeCrashLoopBackOff}, s)[0]; step.Plane != "eu" {
		t.Errorf("with a context: %+v", step)
	}
}

// TestWithoutAKubeconfig: no command requires the cluster of the control plane.
func TestWithoutAKubeconfig(t *testing.T) {
	t.Parallel()
	s := scope()
	s.Object = facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "dp", Name: "cart-1"}
	s.DataPlane, s.Restarted = "eu", true
	s.API = &facts.API{Reads: func(facts.Plane) bool { return true }}
	given := trace.NextStep{Role: trace.RoleControlPlane, Command: "kubectl get releasebinding cart-dev -n shop -o yaml", Plane: facts.Control}
	if got := commands(Of(trace.Finding{Code: trace.CodeOOMKilled, NextSteps: []trace.NextStep{given}}, s)); slices.Contains(got, given.Command) || !slices.Contains(got, "kubectl choreo logs cart -n shop -e dev") {
		t.Errorf("%q", got)
	}
	for _, code := range findings.Codes() {
		for _, command := range commands(Of(trace.Finding{Code: trace.Code(code)}, s)) {
			words := strings.Fields(command)
			if words[0] == "flux" || words[0] == "kubectl" && !slices.Contains([]string{"choreo", "config", "kustomize"}, words[1]) || strings.HasPrefix(command, "kubectl choreo reconcile ") {
				t.Errorf("%s: %s", code, command)
			}
		}
	}
}

// TestRefusalOfTheAPI: the page of such a finding is about an API server of Kubernetes.
func TestRefusalOfTheAPI(t *testing.T) {
	t.Parallel()
	for _, code := range []trace.Code{trace.CodeForbidden, trace.CodeUnreachable} {
		if got := commands(Of(trace.Finding{Code: code, Message: facts.OpenChoreoAPI + ": no connection"}, scope())); len(got) > 0 {
			t.Errorf("%s: %q", code, got)
		}
	}
}
