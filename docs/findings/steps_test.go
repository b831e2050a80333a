package findings

import (
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
		{Role: trace.RoleDeveloper, Command: "kubectl auth can-i list releasebindings.openchoreo.dev -n NAMESPACE"},
	}
	if diff := cmp.Diff(want, Steps(trace.CodeForbidden)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
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
