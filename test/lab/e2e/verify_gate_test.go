package e2e

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
)

// TestVerifyRevision verifies a commit, a tag, HEAD and an ancestor. Without a clone, only the deployed commit itself passes.
func TestVerifyRevision(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	n := scenario{name: "verify-revision" + *suffix}.healthyTenant(ctx, t)
	at := func(revision string, more ...string) []string {
		return append([]string{"greeter-service", "-e", "development", "--timeout", "1m", "--revision", revision}, more...)
	}
	passes := outcome{exit: 0, contains: []string{"greeter-service passed"}, within: slow}
	older := n.merge(ctx, t, "run two", replicas(2))
	n.git(ctx, t, n.Repo.Dir, "tag", "v1", older)
	n.verify(ctx, t, passes, at("v1")...)
	newer := n.merge(ctx, t, "run one", replicas(1))
	for _, revision := range []string{"HEAD", newer, newer[:9], "main", "v1", older} {
		n.verify(ctx, t, passes, at(revision)...)
	}
	elsewhere := t.TempDir()
	n.verify(ctx, t, passes, at(newer, "--repo", elsewhere)...)
	exactly := outcome{exit: 3, contains: []string{"RevisionNotFetched", "so they cannot be compared"}, within: slow}
	n.verify(ctx, t, exactly, at(older, "--repo", elsewhere, "--timeout", "2s")...)
	n.verify(ctx, t, outcome{exit: 4, contains: []string{"RevisionUnknown", "does not have revision HEAD"}, within: slow}, at("HEAD", "--repo", elsewhere)...)
	shallow := filepath.Join(t.TempDir(), "shallow")
	n.git(ctx, t, elsewhere, "clone", "--quiet", "--depth=1", n.URL, shallow)
	n.verify(ctx, t, passes, at("HEAD", "--repo", shallow)...)
	n.verify(ctx, t, exactly, at(older, "--repo", shallow, "--timeout", "0")...)
}

func (n *tenant) git(ctx context.Context, t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "user.name=Dana Developer", "-c", "user.email=dana@example.com"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// unpushedCommit returns a commit of the clone that is not pushed. A pushed commit would be fetched within a minute even without a trigger.
func (n *tenant) unpushedCommit(ctx context.Context, t *testing.T) string {
	t.Helper()
	return n.git(ctx, t, n.Repo.Dir, "commit-tree", "-p", "HEAD", "-m", "not merged", "HEAD^{tree}")
}

// TestVerifyRequire checks each requirement of --require, met and not met.
func TestVerifyRequire(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "verify-require" + *suffix, options: lab.TenantOptions{Components: []string{"greeter-service", "cleanup"}}}.healthyTenant(ctx, t)
	all := []string{"-e", "development", "-e", "staging", "--timeout", "1m", "--revision", "HEAD"}
	at := func(more ...string) []string { return append(more, all...) }
	fails := func(texts ...string) outcome { return outcome{exit: 2, contains: texts, within: 2 * slow} }
	passes := outcome{exit: 0, within: 2 * slow}

	everything := []string{"greeter-service", "--require", "current,healthy,no-drift,promoted,endpoint", "--fail-on", "warning"}
	n.verify(ctx, t, passes, at(everything...)...)
	n.verify(ctx, t, fails("EndpointNotResolved", "there is no endpoint with a URL"), "cleanup", "-e", "development", "--timeout", "0", "--require", "endpoint")

	n.merge(ctx, t, "release to development", release("1.0.7"))
	n.verify(ctx, t, passes, at("greeter-service", "--require", "current,healthy,no-drift,endpoint")...)
	n.verify(ctx, t, fails("ReleaseNotPromoted", "staging"), at("greeter-service", "--require", "promoted")...)

	if err := shared.lab.Patch(ctx, n.Choreo("ReleaseBinding", "greeter-service-development"), `{"spec":{"componentTypeEnvironmentConfigs":{"replicas":1}}}`); err != nil {
		t.Fatal(err)
	}
	n.verify(ctx, t, passes, at("greeter-service")...)
	n.verify(ctx, t, fails("FieldDrift"), at("greeter-service", "--require", "no-drift", "--grace", "6s")...)
	n.verify(ctx, t, fails("FieldDrift"), at("greeter-service", "--fail-on", "warning", "--grace", "6s")...)

	restricted, err := shared.lab.User(ctx, "valerie", `
  - {apiGroups: [openchoreo.dev], resources: ["*"], verbs: [get, list]}`)
	if err != nil {
		t.Fatal(err)
	}
	n.choreoAs(ctx, t, restricted, outcome{exit: 4, contains: []string{"Forbidden"}, within: slow}, "verify", at("greeter-service")...)
	n.choreoAs(ctx, t, restricted, passes, "verify", at("greeter-service", "--allow-unknown")...)
}

// TestVerifyOneDeadline expects that --timeout is for all components together.
func TestVerifyOneDeadline(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	components := []string{"greeter-service", "greeter-client", "cleanup", "session-store"}
	n := scenario{name: "verify-deadline" + *suffix, options: lab.TenantOptions{Components: components}}.healthyTenant(ctx, t)
	begin := time.Now()
	n.verify(ctx, t, outcome{exit: 3, contains: []string{"4 of 4 components timed out", "RevisionNotFetched", "Affects 4 components"}},
		"--revision", n.unpushedCommit(ctx, t), "--timeout", "8s")
	if took := time.Since(begin); took < 8*time.Second || took > 20*time.Second {
		t.Errorf("took %s, want a little over 8s", took)
	}
}
