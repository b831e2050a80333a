package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
)

// TestDiffShowsANewRelease: a ComponentRelease that no ReleaseBinding names is shown whole, against the cluster and between two revisions. A
// snapshot does not have it.
func TestDiffShowsANewRelease(t *testing.T) {
	t.Parallel()
	const folder = "namespaces/healthy/projects"
	dir := clonedGitOps(t)
	text, err := os.ReadFile(filepath.Join(dir, folder, "componentrelease-greeter-service-20261121-1.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, folder, "new.yaml"), strings.Replace(string(text), "greeter-service-20261121-1", "greeter-service-20261122-1", 1))
	commitAll(t, dir, "a new release")
	live := []string{"diff", "greeter-service", "-n", "healthy", "--repo", dir, "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": serveObjects(t, factstest.Scenario(t, "healthy").Objects())})}
	snapshot := []string{"diff", "--repo", dir, "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml")}
	for name, c := range map[string]struct {
		args []string
		want int
	}{
		"Cluster":   {live, 1},
		"Revisions": {append(live, "--revision", "HEAD~1..HEAD"), 1},
		"Snapshot":  {snapshot, 0},
		"Both":      {append(snapshot, "--revision", "HEAD~1..HEAD"), 1},
	} {
		stdout, stderr, exit := runIn(t, nil, c.args...)
		first, rest, _ := strings.Cut(stdout, "\n")
		shown := first == "ComponentRelease healthy/greeter-service-20261122-1, "+folder+"/new.yaml:1" && strings.HasPrefix(rest, "--- /dev/null\n") && !strings.Contains(rest, "\n-")
		if exit != c.want || shown != (c.want == 1) {
			t.Errorf("%s: exit code %d\n%s%s", name, exit, stdout, stderr)
		}
	}
}
