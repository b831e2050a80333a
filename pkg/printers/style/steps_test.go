package style

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestFirstSteps: beyond the first ones, the first step after the fix of each role is printed.
func TestFirstSteps(t *testing.T) {
	t.Parallel()
	step := func(name string, role trace.Role, afterFix bool) trace.NextStep {
		return trace.NextStep{Command: name, Role: role, AfterFix: afterFix}
	}
	var f trace.Finding
	for i := range 4 {
		f.NextSteps = append(f.NextSteps, step(strconv.Itoa(i), trace.RoleDeveloper, false))
	}
	f.NextSteps = append(f.NextSteps, step("annotate", trace.RoleDataPlane, true), step("read", trace.RoleDeveloper, false),
		step("reconcile", trace.RoleDeveloper, true), step("again", trace.RoleDeveloper, true), step("other", trace.RoleDataPlane, true))
	var got []string
	for _, s := range firstSteps(f) {
		got = append(got, s.Command)
	}
	if diff := cmp.Diff([]string{"0", "1", "2", "3", "annotate", "reconcile"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
