package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"
)

// lintReport is the used part of lint's report.
type lintReport struct {
	Findings []struct {
		Code, Severity, File, Message string
		Line                          int
	}
	Checked struct {
		Against struct {
			Changed, Accepted, Refused int
			NotChecked                 map[string]int
		}
	}
}

// TestLintAgainst lints changes before the merge. The API server accepts a new release, and refuses an edited one and an unknown field.
// Without the permission to patch, objects are not checked.
func TestLintAgainst(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	n := scenario{name: "lint-against"}.healthyTenant(ctx, t)
	reader, err := shared.lab.User(ctx, "lint-reader", `[{apiGroups: [openchoreo.dev], resources: ["*"], verbs: [get, list]}]`)
	if err != nil {
		t.Fatal(err)
	}
	release, err := n.releaseFile("greeter-service")
	if err != nil {
		t.Fatal(err)
	}
	workload := filepath.Join(n.ComponentDir("greeter-service"), "workload.yaml")
	for _, c := range []struct {
		name       string
		kubeconfig string
		change     func() error
		exit       int
		code       string // of an error; "" for none
		file       string
		message    string
		reason     string // why objects were not checked
	}{
		{"Unchanged", shared.lab.Kubeconfig(""), func() error { return nil }, 0, "", "", "", ""},
		{"NewRelease", shared.lab.Kubeconfig(""), func() error {
			_, err := n.Release("greeter-service", "1.0.7", "development")
			return err
		}, 0, "", "", "", ""},
		{"EditedRelease", shared.lab.Kubeconfig(""), func() error {
			return n.Set(release, "registry.example.com/acme/greeter-service:9", "spec", "workload", "container", "image")
		}, 2, "DryRunRefused", release, "immutable", ""},
		{"UnknownField", shared.lab.Kubeconfig(""), func() error { return n.Set(workload, "x", "spec", "container", "imagge") }, 2, "DryRunRefused", workload, "imagge", ""},
		{"Forbidden", reader, func() error { return n.SetImage("greeter-service", "1.0.7") }, 2, "Forbidden", workload, `cannot patch resource "workloads"`, "forbidden"},
	} {
		if err := c.change(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		report, r := n.lintAgainst(ctx, t, c.kubeconfig)
		if err := n.discard(ctx); err != nil {
			t.Fatal(err)
		}
		found := c.code == ""
		for _, f := range report.Findings {
			if c.code == "" && f.Severity == "error" {
				t.Errorf("%s: %+v", c.name, f)
			}
			found = found || f.Code == c.code && f.File == c.file && f.Line > 0 && strings.Contains(f.Message, c.message)
		}
		against := report.Checked.Against
		rest := against.Changed - against.Accepted - against.Refused
		if !found || r.exit != c.exit || rest != against.NotChecked[c.reason] || (c.name == "Unchanged") != (against.Changed == 0) {
			t.Errorf("%s: exit %d, want %d, and %s in %s\n%s%s", c.name, r.exit, c.exit, c.code, c.file, r.stdout, r.stderr)
		}
	}
}

// releaseFile returns the file of a component's only release.
func (n *tenant) releaseFile(component string) (string, error) {
	files, err := filepath.Glob(filepath.Join(n.Repo.Dir, n.ComponentDir(component), "releases", "*.yaml"))
	if err != nil || len(files) != 1 {
		return "", fmt.Errorf("find the release of %s: %v, %w", component, files, err)
	}
	return filepath.Rel(n.Repo.Dir, files[0])
}

// lintAgainst lints the uncommitted changes of the clone against a cluster.
func (n *tenant) lintAgainst(ctx context.Context, t *testing.T, kubeconfig string) (lintReport, result) {
	t.Helper()
	config, err := clientcmd.LoadFromFile(kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	r := choreoIn(ctx, t, n.Repo.Dir, kubeconfig, "lint", "--base", "HEAD", "--against", config.CurrentContext, "-o", "json")
	var report lintReport
	if err := json.Unmarshal([]byte(r.stdout), &report); err != nil {
		t.Fatalf("%v\n%s%s", err, r.stdout, r.stderr)
	}
	return report, r
}

// discard removes the uncommitted changes.
func (n *tenant) discard(ctx context.Context) error {
	for _, args := range [][]string{{"checkout", "--quiet", "--", "."}, {"clean", "--quiet", "--force", "-d"}} {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir = n.Repo.Dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("git %v: %w: %s", args, err, out)
		}
	}
	return nil
}
