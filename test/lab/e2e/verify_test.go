package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// verify runs verify in the tenant's clone, and checks the outcome.
func (n *tenant) verify(ctx context.Context, t *testing.T, want outcome, args ...string) result {
	t.Helper()
	return n.choreoAs(ctx, t, shared.lab.Kubeconfig(""), want, "verify", args...)
}

// merge pushes a commit and triggers Flux, like a webhook.
func (n *tenant) merge(ctx context.Context, t *testing.T, message string, edit func(c *gitops.Checkout) error) string {
	t.Helper()
	sha := n.push(ctx, t, message, edit)
	if err := shared.lab.RequestReconcile(ctx, n.Source(), sha); err != nil {
		t.Fatal(err)
	}
	return sha
}

// undo reverts the last commit and triggers Flux.
func (n *tenant) undo(ctx context.Context, t *testing.T) {
	t.Helper()
	sha, err := n.Revert(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.RequestReconcile(ctx, n.Source(), fmt.Sprint("undo ", sha)); err != nil {
		t.Fatal(err)
	}
}

// TestVerify runs verify after a merge: exit 0 for good commits, and 2 with the reason for bad ones, as soon as the cluster reports it.
func TestVerify(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	n := scenario{name: "verify" + *suffix}.healthyTenant(ctx, t)
	good := outcome{exit: 0, contains: []string{"greeter-service passed"}, within: 2 * slow}
	at := []string{"greeter-service", "-e", "development", "--revision", "HEAD"}

	t.Run("NotMergedYet", func(t *testing.T) {
		unmerged := []string{"greeter-service", "-e", "development", "--revision", n.unpushedCommit(ctx, t)}
		n.verify(ctx, t, outcome{exit: 3, contains: []string{"RevisionNotFetched", "timed out"}, within: slow}, append(unmerged, "--timeout", "3s")...)
		n.verify(ctx, t, outcome{exit: 3, contains: []string{"not ready"}, within: slow}, append(unmerged, "--timeout", "0")...)
	})
	t.Run("GoodCommit", func(t *testing.T) {
		sha := n.merge(ctx, t, "run two", replicas(2))
		n.verify(ctx, t, good, at...)
		n.expectApplied(ctx, t, sha)
	})
	t.Run("AlreadyGood", func(t *testing.T) {
		n.verify(ctx, t, outcome{exit: 0, contains: []string{"passed"}, within: slow / 2}, append(at, "--stable-for", "1s")...)
	})
	testFailure := func(name string, texts []string, edit func(c *gitops.Checkout) error) {
		t.Run(name, func(t *testing.T) {
			n.merge(ctx, t, "break: "+name, edit)
			merged := time.Now()
			n.verify(ctx, t, outcome{exit: 2, contains: append(texts, "greeter-service failed"), within: 2 * slow}, at...)
			t.Logf("failed %.0f s after the merge", time.Since(merged).Seconds())
			if name == "BadImage" {
				n.expectFailedSoon(ctx, t)
			}
			n.undo(ctx, t)
			n.verify(ctx, t, good, at...)
		})
	}
	testFailure("BadImage", []string{"ImagePullBackOff", "pod (development)"}, func(c *gitops.Checkout) error {
		_, err := c.Release("greeter-service", "missing", "development")
		return err
	})
	testFailure("BadManifest", []string{"KustomizationDryRunFailed", ".spec.replicaz: field not declared in schema"}, func(c *gitops.Checkout) error {
		return c.Set(filepath.Join(c.ComponentDir("greeter-service"), "component.yaml"), int64(3), "spec", "replicaz")
	})
	testFailure("BadFile", []string{"KustomizationBuildFailed", "MalformedYAMLError"}, func(c *gitops.Checkout) error {
		return c.Write(filepath.Join(c.ComponentDir("greeter-service"), "workload.yaml"), "spec:\n  endpoints: {http: {port: [9090}\n")
	})
	t.Run("Annotation", func(t *testing.T) { n.testGitHubAnnotation(ctx, t) })
}

// testGitHubAnnotation expects one GitHub annotation with the broken file, and no other output.
func (n *tenant) testGitHubAnnotation(ctx context.Context, t *testing.T) {
	t.Helper()
	file := filepath.Join(n.ComponentDir("greeter-service"), "workload.yaml")
	n.merge(ctx, t, "break a file", func(c *gitops.Checkout) error { return c.Write(file, "spec:\n  endpoints: {http: {port: [9090}\n") })
	r := n.verify(ctx, t, outcome{exit: 2, within: 2 * slow}, "greeter-service", "--revision", "HEAD", "-o", "github")
	if !strings.HasPrefix(r.stdout, "::error file="+filepath.ToSlash(file)) || strings.Count(r.stdout, "\n") != 1 {
		t.Errorf("want one annotation of %s:\n%s", file, r.stdout)
	}
	n.undo(ctx, t)
}

// TestVerifyWithRights verifies with the documented permissions, which have no watch, and expects unknown with fewer.
func TestVerifyWithRights(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	n := scenario{name: "verify-rights" + *suffix}.healthyTenant(ctx, t)
	documented, err := documentedRights()
	if err != nil {
		t.Fatal(err)
	}
	n.choreoAs(ctx, t, documented, outcome{exit: 0, contains: []string{"passed"}, within: slow}, "verify", "greeter-service")
	sha := n.merge(ctx, t, "run two", replicas(2))
	n.choreoAs(ctx, t, documented, outcome{exit: 0, contains: []string{"passed"}, within: 2 * slow}, "verify", "greeter-service", "--revision", sha)
	restricted, err := shared.lab.User(ctx, "vera", `
  - {apiGroups: [openchoreo.dev], resources: [components, workloads, releasebindings, projects, environments, componentreleases, renderedreleases, deploymentpipelines, projectreleasebindings], verbs: [get, list]}`)
	if err != nil {
		t.Fatal(err)
	}
	n.choreoAs(ctx, t, restricted, outcome{exit: 4, contains: []string{"Forbidden", "greeter-service unknown"}, within: slow}, "verify", "greeter-service")
	nobody, err := shared.lab.User(ctx, "noah", `[]`)
	if err != nil {
		t.Fatal(err)
	}
	n.choreoAs(ctx, t, nobody, outcome{exit: 4, contains: []string{`cannot list resource "components"`}, within: slow}, "verify")
}

// TestVerifySharedCause expects one cause with all components if a Kustomization that they depend on fails.
func TestVerifySharedCause(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	components := []string{"greeter-service", "greeter-client", "cleanup", "session-store"}
	n := scenario{name: "verify-shared" + *suffix, options: lab.TenantOptions{Components: components}}.healthyTenant(ctx, t)
	n.verify(ctx, t, outcome{exit: 0, contains: []string{"4 of 4 components passed"}, within: 2 * slow}, "-p", "demo", "--revision", "HEAD")
	n.merge(ctx, t, "break the platform", func(c *gitops.Checkout) error {
		return c.Write(filepath.Join("namespaces", c.Options.Namespace, "platform", "qa.yaml"), "apiVersion: openchoreo.dev/v1alpha1\nkind: [Environment\n")
	})
	r := n.verify(ctx, t, outcome{exit: 2, within: 2 * slow}, "--revision", "HEAD", "-o", "json")
	var report struct {
		Causes []struct {
			Code     string
			Object   struct{ Name string }
			Subjects []struct{ Component string }
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &report); err != nil {
		t.Fatalf("%v\n%s", err, r.stdout)
	}
	if len(report.Causes) != 1 || len(report.Causes[0].Subjects) != len(components) || report.Causes[0].Object.Name != "oc-"+n.Namespace+"-platform" {
		t.Errorf("causes %+v, want one, of the platform, with %d names", report.Causes, len(components))
	}
}

// TestVerifyBudget expects that the number of requests does not depend on the number of components.
func TestVerifyBudget(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	requests := map[int]int{}
	for _, size := range []int{10, 60} {
		name := fmt.Sprintf("verify-crowd-%d%s", size, *suffix)
		n := scenario{name: name}.healthyTenant(ctx, t)
		if err := shared.lab.AddComponents(ctx, name, n.Project, 0, size); err != nil {
			t.Fatal(err)
		}
		p, kubeconfig := startProxy(t)
		r := choreoAs(ctx, t, kubeconfig, "verify", "-n", name, "--timeout", "0", "-o", "json")
		if r.exit != 2 { // the releases of the added components do not exist
			t.Errorf("exit %d, want 2\n%s", r.exit, r.stderr)
		}
		requests[size] = len(p.Requests())
		if got := p.Secrets(); len(got) > 0 {
			t.Errorf("requests for Secrets: %v", got)
		}
	}
	if grown := requests[60] - requests[10]; grown > 5 {
		t.Errorf("10 components cost %d requests, 60 cost %d", requests[10], requests[60])
	}
}

// TestMeasureVerify measures a fleet of 300 components in three environments.
func TestMeasureVerify(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	added := scenario{name: "fleet-300" + *suffix}.healthyTenant(ctx, t)
	if err := shared.lab.AddComponents(ctx, added.Namespace, added.Project, 0, 300); err != nil {
		t.Fatal(err)
	}
	p, kubeconfig := startProxy(t)
	best := time.Hour
	for range 5 {
		p.Reset(0)
		begin := time.Now()
		choreoAs(ctx, t, kubeconfig, "verify", "-n", added.Namespace, "--timeout", "0", "-o", "json")
		best = min(best, time.Since(begin))
	}
	fmt.Printf("| verify, 301 components | %d requests | %.1f s |\n", len(p.Requests()), best.Seconds())
}
