package cli

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
)

// historyClone is a clone of the repository of a snapshot, with one commit that releases greeter-service; it returns the commit.
func historyClone(t *testing.T, dir, url, at string) string {
	t.Helper()
	const api, owner = "apiVersion: openchoreo.dev/v1alpha1\n", "owner: {projectName: demo, componentName: greeter-service}"
	git := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_COMMITTER_DATE="+at, "GIT_AUTHOR_DATE="+at,
			"GIT_AUTHOR_NAME=Dana", "GIT_AUTHOR_EMAIL=d@example.com", "GIT_COMMITTER_NAME=Dana", "GIT_COMMITTER_EMAIL=d@example.com")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v: %s", strings.Join(args, " "), err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "--quiet", "--initial-branch=main")
	git("remote", "add", "origin", url)
	for name, text := range map[string]string{
		"release.yaml": "kind: ComponentRelease\nmetadata: {name: greeter-service-20261121-1}\nspec: {" + owner + "}\n",
		"binding.yaml": "kind: ReleaseBinding\nmetadata: {name: b}\nspec: {" + owner + ", environment: development, releaseName: greeter-service-20261121-1}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(api+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git("add", "--all")
	git("commit", "--quiet", "--message", "release greeter")
	return git("rev-parse", "HEAD")
}

// historySnapshot is the recorded healthy cluster, with the commit of a clone in the place of its own.
func historySnapshot(t *testing.T, change func(s *facts.Snapshot)) string {
	t.Helper()
	s := factstest.Scenario(t, "healthy")
	change(s)
	file := filepath.Join(t.TempDir(), "case.yaml")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := snapshotfile.Write(f, s, snapshotfile.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestHistoryCommand: the clone has the commits, the snapshot the times. --for prints one commit, and fails for one that is not there.
func TestHistoryCommand(t *testing.T) {
	t.Parallel()
	clone := t.TempDir()
	var url string
	for _, o := range factstest.Scenario(t, "healthy").Objects() {
		if o.Ref.Kind == "GitRepository" {
			url = kinds.Text(o.Body, "spec", "url")
		}
	}
	commit := historyClone(t, clone, url, "2026-11-21T09:21:40Z")
	snapshot := historySnapshot(t, func(s *facts.Snapshot) {
		for _, o := range s.Objects() {
			if o.Ref.Kind == "GitRepository" {
				kinds.Fields(o.Body.Object, "status", "artifact")["revision"] = "main@sha1:" + commit
			}
		}
	})
	out, exit := run(t, "history", "--snapshot", snapshot, "--repo", clone, "-o", "json")
	var got struct {
		Kind string
		Rows []history.Row
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || exit != 0 || got.Kind != "ComponentHistory" || len(got.Rows) != 3 {
		t.Fatalf("exit %d, %v:\n%s", exit, err, out)
	}
	row := got.Rows[0]
	if row.Commit == nil || row.Commit.ID != commit || row.Commit.Author != "Dana" || row.LeadTimeSeconds == nil || *row.LeadTimeSeconds != 19 {
		t.Errorf("row %+v, commit %+v", row, row.Commit)
	}
	life, exit := run(t, "history", "--snapshot", snapshot, "--repo", clone, "--for", commit[:8])
	for _, want := range []string{"by Dana at 2026-11-21T09:21:40Z: release greeter", "development: greeter-service-20261121-1 is running", "status.artifact.lastUpdateTime of GitRepository"} {
		if !strings.Contains(strings.Join(strings.Fields(life), " "), want) || exit != 0 {
			t.Errorf("exit %d, no %q in\n%s", exit, want, life)
		}
	}
	for args, want := range map[string]string{
		"--for 1234567 --repo " + clone:            `commit "1234567" changes no object of greeter-service`,
		"--for " + commit[:5] + " --repo " + clone: "at least seven characters",
		"--for 1234567":                            "no clone of the source's repository was found",
		"-o tree":                                  "unknown output format",
		"--color blue":                             "--color",
	} {
		_, stderr, exit := runIn(t, nil, append([]string{"history", "--snapshot", snapshot}, strings.Fields(args)...)...)
		if exit != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %q, want %q", args, exit, stderr, want)
		}
	}
}
