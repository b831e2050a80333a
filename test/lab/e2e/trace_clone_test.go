package e2e

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// TestBrokenFileIsNamed expects, in a clone, the file that breaks the Kustomization and its last author.
func TestBrokenFileIsNamed(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	s := scenario{
		name: "broken-file-named", timeout: 3 * time.Minute,
		want: want{
			exit: 2, verdict: "Failed", rung: "delivery", code: "KustomizationBuildFailed", kind: "Kustomization", object: "oc-TENANT-projects",
			message: "components/greeter-service/workload.yaml: MalformedYAMLError",
		},
	}
	n := s.healthyTenant(ctx, t)
	file := filepath.Join(n.ComponentDir("greeter-service"), "workload.yaml")
	pushed, err := n.Commit(ctx, "change the port of greeter-service", func(c *gitops.Checkout) error {
		return c.Write(file, "spec:\n  endpoints: {http: {port: [9090}\n")
	})
	if err != nil {
		t.Fatal(err)
	}
	s.await(ctx, t, n)
	r := choreoIn(ctx, t, n.Repo.Dir, shared.lab.Kubeconfig(""), s.commandArgs("trace")...)
	output := strings.Join(strings.Fields(r.stdout), " ") // without line breaks
	text := "the file is " + file + ", last changed by Dana Developer in " + pushed[:7]
	if r.exit != 2 || !strings.Contains(output, text) {
		t.Errorf("in the clone: exit %d, want 2 and %q\n%s%s", r.exit, text, r.stdout, r.stderr)
	}
}
