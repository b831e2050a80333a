package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// only leaves the components of these names in a cluster.
func (g gated) only(names ...string) {
	g.change(func(objects []facts.Object) []facts.Object {
		return slices.DeleteFunc(objects, func(o facts.Object) bool { return o.Ref.Kind == "Component" && !slices.Contains(names, o.Ref.Name) })
	})
}

// TestTraceWithoutAName: the only component of a namespace is traced. Of several, the names are printed where nobody can pick one.
func TestTraceWithoutAName(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 2)
		args := []string{"trace", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir()}
		stdout, stderr, exit := g.run(t, args...)
		want := "error: name one of the components in namespace healthy, or run kubectl choreo status for an overview:\n  greeter-0000\n  greeter-0001\n"
		if diff := cmp.Diff(want, stderr); diff != "" || exit != 1 || stdout != "" {
			t.Errorf("exit %d, stdout %q (-want +got)\n%s", exit, stdout, diff)
		}
		if _, stderr, exit := g.run(t, append(args, "-p", "nosuch")...); exit != 1 || stderr != "error: no component found of project nosuch in namespace healthy; use -n or -p\n" {
			t.Errorf("of no project: exit %d: %s", exit, stderr)
		}
		g.only("greeter-0001")
		stdout, stderr, exit = g.run(t, append(args, "-p", "demo")...)
		if exit != 0 || stderr != "" || !strings.HasPrefix(stdout, "greeter-0001   project demo") {
			t.Errorf("the only one: exit %d, %s%s", exit, stdout, stderr)
		}
	})
}
