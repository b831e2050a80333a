package findings

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestSteps(t *testing.T) {
	t.Parallel()
	want := []trace.NextStep{
		{Role: trace.RoleAdministrator, Command: "kubectl choreo rbac --for USER"},
		{Role: trace.RoleDeveloper, Command: "kubectl auth whoami"},
		{Role: trace.RoleDeveloper, Command: "kubectl auth can-i get KIND -n OBJECT_NAMESPACE"},
		{Role: trace.RoleDeveloper, Command: "kubectl auth can-i --list -n NAMESPACE"},
	}
	if diff := cmp.Diff(want, Steps(trace.CodeForbidden)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want = []trace.NextStep{
		{Role: trace.RoleDeveloper, Command: "kubectl get componentreleases -n NAMESPACE"},
		{Role: trace.RoleRepository, Command: "occ componentrelease generate --mode file-system --namespace NAMESPACE --project PROJECT --component COMPONENT"},
		{Role: trace.RoleRepository, Command: "occ releasebinding generate --mode file-system --project PROJECT --component COMPONENT --target-env ENVIRONMENT"},
		{Role: trace.RoleDeveloper, Command: "kubectl choreo reconcile COMPONENT -n NAMESPACE -e ENVIRONMENT --wait", AfterFix: true},
	}
	if diff := cmp.Diff(want, Steps(trace.CodeReleaseNotPinned)); diff != "" {
		t.Errorf("after the fix (-want +got)\n%s", diff)
	}
	want = []trace.NextStep{{Role: trace.RoleControlPlane, Command: "kubectl rollout restart deployment/kustomize-controller -n flux-system", OnlyIf: "the controller hangs"}}
	restarts := slices.DeleteFunc(Steps(trace.CodeKustomizationBehind), func(s trace.NextStep) bool { return !strings.Contains(s.Command, "restart") })
	if diff := cmp.Diff(want, restarts); diff != "" {
		t.Errorf("if the controller hangs (-want +got)\n%s", diff)
	}
	if got := Steps("NoSuchCode"); got != nil {
		t.Errorf("%v, want none", got)
	}
}

// BenchmarkSteps reads one page: a trace does it for each of its findings.
func BenchmarkSteps(b *testing.B) {
	codes := Codes()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Steps(trace.Code(codes[i%len(codes)]))
	}
}
