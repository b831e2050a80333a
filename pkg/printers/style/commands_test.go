package style

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestRoleHeadings: a heading says who can run a command, and on which data plane if there are several.
func TestRoleHeadings(t *testing.T) {
	t.Parallel()
	for want, step := range map[string]trace.NextStep{
		"":                  {Role: trace.RoleDeveloper, Plane: "eu"},
		"after the fix:":    {Role: trace.RoleDeveloper, AfterFix: true},
		"as administrator:": {Role: trace.RoleAdministrator},
		"as administrator, to print the roles to apply:": {Role: trace.RoleAdministrator, Command: "kubectl choreo rbac --for dora"},
		"if it hangs:": {Role: trace.RoleDeveloper, OnlyIf: "it hangs"},
		"in the Git repository, after you edit the Workload (occ: OpenChoreo CLI):":             {Role: trace.RoleAfterChange, OnlyIf: "you edited the Workload"},
		"in the Git repository, if you edited the Component or Workload (occ: OpenChoreo CLI):": {Role: trace.RoleAfterChange, OnlyIf: "you edited the Component or Workload"},
		"as administrator, if it hangs:":                                           {Role: trace.RoleAdministrator, OnlyIf: "it hangs"},
		"as administrator, after the fix:":                                         {Role: trace.RoleAdministrator, AfterFix: true},
		"as platform engineer, on the control plane:":                              {Role: trace.RoleControlPlane, Plane: facts.Control},
		"as platform engineer, on the data plane:":                                 {Role: trace.RoleDataPlane},
		`as platform engineer, on data plane eu\x1b:`:                              {Role: trace.RoleDataPlane, Plane: "eu\x1b"},
		"as platform engineer, on data plane eu, after the fix:":                   {Role: trace.RoleDataPlane, Plane: "eu", AfterFix: true},
		"in the Git repository:":                                                   {Role: trace.RoleRepository},
		"in the Git repository, after you fix the manifest (occ: OpenChoreo CLI):": {Role: trace.RoleAfterChange},
	} {
		if got := StepCommands(trace.Finding{NextSteps: []trace.NextStep{step}}); len(got) != 1 || got[0].Heading != want {
			t.Errorf("%+v, want the heading %q", got, want)
		}
	}
	fix := []trace.NextStep{{Role: trace.RoleDeveloper, AfterFix: true}, {Role: trace.RoleAfterChange}, {Role: trace.RoleDeveloper, AfterFix: true}, {Role: trace.RoleControlPlane, AfterFix: true}}
	var headings []string
	for _, g := range StepCommands(trace.Finding{NextSteps: fix}) {
		headings = append(headings, g.Heading)
	}
	want := []string{
		"after the fix:", "in the Git repository, after you fix the manifest (occ: OpenChoreo CLI):", "after you push the fix:",
		"as platform engineer, on the control plane, after you push the fix:",
	}
	if diff := cmp.Diff(want, headings); diff != "" {
		t.Errorf("a fix in Git (-want +got)\n%s", diff)
	}
	for hint, want := range map[string]string{
		"correct spec.a of Component shop/cart in Git": "after you push the fix:",
		"remove the field from Git":                    "after you push the fix:",
		"the Secret does not exist: create it":         "after the fix:",
		"correct spec.a in Gitea, or the Secret of it": "after the fix:",
	} {
		f := trace.Finding{Hint: hint, NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, AfterFix: true}}}
		if got := StepCommands(f)[0].Heading; got != want {
			t.Errorf("%s: %q, want %q", hint, got, want)
		}
	}
	mixed := []trace.NextStep{
		{Role: trace.RoleDataPlane, Command: "b"},
		{Role: trace.RoleDeveloper, Command: "c"},
		{Role: trace.RoleAfterChange, OnlyIf: "it rains", Command: "d"},
		{Role: trace.RoleDeveloper, Command: "kubectl choreo reconcile x", AfterFix: true},
		{Role: trace.RoleControlPlane, Command: "flux reconcile x", AfterFix: true},
	}
	headings = nil
	for _, g := range Commands(trace.Finding{Code: "X", NextSteps: mixed}) {
		headings = append(headings, g.Heading)
	}
	want = []string{
		"as platform engineer, on the data plane:", "as application developer:", "in the Git repository, if it rains (occ: OpenChoreo CLI):",
		"after you push the fix:", "or as platform engineer, on the control plane, after you push the fix:", "",
	}
	if diff := cmp.Diff(want, headings); diff != "" {
		t.Errorf("several roles (-want +got)\n%s", diff)
	}
	first := []trace.NextStep{{Role: trace.RoleDeveloper, Plane: facts.Control, Command: "a"}, {Role: trace.RoleRepository, Command: "b"}}
	if got := StepCommands(trace.Finding{NextSteps: first}); got[0].Heading != "as application developer, on the control plane:" {
		t.Errorf("the first of several groups: %q", got[0].Heading)
	}
	first[0].Command = "argocd app diff a"
	if got := StepCommands(trace.Finding{NextSteps: first}); got[0].Heading != "as application developer:" {
		t.Errorf("a client of Argo CD: %q", got[0].Heading)
	}
	if got := Commands(trace.Finding{Code: "X", NextSteps: first[:1]}); len(got) != 1 || got[0].Heading != "" {
		t.Errorf("the only group: %+v", got)
	}
	if got := StepCommands(trace.Finding{NextSteps: []trace.NextStep{{Role: trace.RoleDataPlane, Plane: "default"}}}); got[0].Heading != "as platform engineer, on the data plane:" {
		t.Errorf("the only data plane: %q", got[0].Heading)
	}
}
