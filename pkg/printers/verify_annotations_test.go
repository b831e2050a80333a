package printers

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// TestAnnotations: one affected component is the subject, several are counted and listed; the file and the line are those of the evidence.
func TestAnnotations(t *testing.T) {
	t.Parallel()
	one, two, none := causeOn("X", "it failed", "pay"), causeOn("X", "line 12: bad", "a", "b"), causeOn("X", "line 12: bad")
	one.Hint = "look"
	one.NextSteps = []trace.NextStep{{Role: trace.RoleDeveloper, Command: "kubectl get pods"}}
	two.Evidence = []trace.Evidence{{Path: "git apps/a.yaml", Value: "x"}}
	pod := facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "shop", Name: "p"}
	explain := []string{"kubectl choreo explain X"}
	want := []Annotation{
		{Code: "X", Severity: "error", Object: pod, Message: "it failed", Hint: "look", Subject: "pay", Next: []string{"kubectl get pods", "kubectl choreo explain X"}},
		{Code: "X", Severity: "error", Object: pod, Message: "line 12: bad", Subject: "2 components", Names: []string{"a", "b"}, File: "apps/a.yaml", Line: 12, Next: explain},
		{Code: "X", Severity: "error", Object: pod, Message: "line 12: bad", Names: []string{}, Next: explain},
	}
	if diff := cmp.Diff(want, VerifyReport{Causes: []verify.Cause{one, two, none}}.Annotations()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCommandLines: a command that needs another role than the developer's has that role as a comment of the shell before it.
func TestCommandLines(t *testing.T) {
	t.Parallel()
	steps := []trace.NextStep{{Role: trace.RoleDataPlane, Plane: "eu", Command: "kubectl get nodes"}}
	got := commandLines(trace.Finding{NextSteps: steps})
	if len(got) != 2 || got[0][:2] != "# " || got[1] != "kubectl get nodes" {
		t.Errorf("%q", got)
	}
	if got := commandLines(trace.Finding{NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "kubectl get pods"}}}); len(got) != 1 || got[0] != "kubectl get pods" {
		t.Errorf("%q", got)
	}
}
