package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// clonedGitOps is a clone of the repository of the healthy scenario, with the objects that Flux has applied, in one file each.
func clonedGitOps(t *testing.T) string {
	t.Helper()
	dir, url := t.TempDir(), ""
	for _, o := range factstest.Scenario(t, "healthy").Objects() {
		if o.Ref.Kind == "GitRepository" {
			url = kinds.Text(o.Body, "spec", "url")
		}
		if o.Ref.Group != kinds.OpenChoreo || kinds.Label(o.Body, "kustomize.toolkit.fluxcd.io/name") != "oc-healthy-projects" {
			continue
		}
		text, err := yaml.Marshal(map[string]any{
			"apiVersion": o.Body.GetAPIVersion(), "kind": o.Ref.Kind, "metadata": map[string]any{"name": o.Ref.Name, "namespace": o.Ref.Namespace}, "spec": o.Body.Object["spec"],
		})
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, "namespaces/healthy/projects", strings.ToLower(o.Ref.Kind)+"-"+o.Ref.Name+".yaml"), string(text))
	}
	inClone(t, dir, "init", "--quiet", "--initial-branch=main")
	inClone(t, dir, "remote", "add", "origin", url)
	commitAll(t, dir, "as in the cluster")
	return dir
}

func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func inClone(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func commitAll(t *testing.T, dir, message string) {
	t.Helper()
	inClone(t, dir, "add", "--all")
	inClone(t, dir, "commit", "--quiet", "--message="+message)
}

// TestDiffGit: the commit counts, not the working tree; the object has its file and line.
func TestDiffGit(t *testing.T) {
	t.Parallel()
	dir := clonedGitOps(t)
	snapshot := filepath.Join(scenarioDir, "healthy", "snapshot.yaml")
	args := []string{"diff", "--snapshot", snapshot, "--repo", dir}
	stdout, stderr, exit := runIn(t, nil, args...)
	if exit != 0 || stdout != "" || !strings.Contains(stderr, "no difference between cluster and ") {
		t.Fatalf("exit code %d\n%s%s", exit, stdout, stderr)
	}
	file := filepath.Join(dir, "namespaces/healthy/projects", "releasebinding-greeter-service-staging.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, file, strings.Replace(string(text), "state: Active", "state: Undeploy", 1))
	if _, stderr, exit := runIn(t, nil, args...); exit != 0 {
		t.Errorf("what is not committed counts: exit code %d\n%s", exit, stderr)
	}
	commitAll(t, dir, "undeploy")
	for _, more := range [][]string{nil, {"--revision", "HEAD"}, {"-e", "staging"}} {
		stdout, stderr, exit = runIn(t, nil, append(args, more...)...)
		want := "ReleaseBinding healthy/greeter-service-staging, namespaces/healthy/projects/releasebinding-greeter-service-staging.yaml:1\n--- cluster/"
		if exit != 1 || stderr != "" || !strings.HasPrefix(stdout, want) || !strings.Contains(stdout, "-  state: Active\n+  state: Undeploy\n") || strings.Count(stdout, "@@ ") != 1 {
			t.Errorf("%v: exit code %d\n%s%s", more, exit, stdout, stderr)
		}
	}
	for revision, want := range map[string]int{"HEAD~1": 0, "HEAD~1..HEAD": 1, "HEAD..HEAD": 0, "nowhere": 2, "HEAD..nowhere": 2} {
		if stdout, stderr, exit := runIn(t, nil, append(args, "--revision", revision)...); exit != want {
			t.Errorf("%s: exit code %d, want %d\n%s%s", revision, exit, want, stdout, stderr)
		}
	}
	if _, _, exit := runIn(t, nil, append(args, "-e", "development")...); exit != 0 {
		t.Errorf("another environment: exit code %d", exit)
	}
	writeFile(t, filepath.Join(dir, "namespaces/healthy/projects/kustomization.yaml"), "resources: [nowhere.yaml]\n")
	commitAll(t, dir, "break the build")
	if stdout, stderr, exit := runIn(t, nil, args...); exit != 2 || stdout != "" || !strings.Contains(stderr, "cannot build Kustomization flux-system/oc-healthy-projects at ") {
		t.Errorf("a broken build: exit code %d\n%s%s", exit, stdout, stderr)
	}
	inClone(t, dir, "rm", "--quiet", "-r", "namespaces")
	commitAll(t, dir, "delete all")
	if stdout, stderr, exit := runIn(t, nil, args...); exit != 2 || stdout != "" || !strings.Contains(stderr, "cannot ") {
		t.Errorf("an absent path: exit code %d\n%s%s", exit, stdout, stderr)
	}
	if _, stderr, exit := runIn(t, nil, "diff", "--snapshot", snapshot, "--repo", t.TempDir()); exit != 2 || !strings.Contains(stderr, "--repo") {
		t.Errorf("no clone: exit code %d: %s", exit, stderr)
	}
}
