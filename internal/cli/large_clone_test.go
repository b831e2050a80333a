//go:build !windows

package cli

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// TestMeasureClone prints the figures of docs/performance.md about a clone. It is no test of them: times depend on the machine.
func TestMeasureClone(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure")
	}
	dir := clonedGitOps(t)
	writeFile(t, filepath.Join(dir, "namespaces/kustomization.yaml"), "resources: []\n")
	commitAll(t, dir, "as in the documentation")
	c, namespace := newLargeCluster(t, 0, 200)
	server := httptest.NewServer(requestguard.Handler(t, c))
	defer server.Close()
	c.url = server.URL
	path := kubeconfig(t, map[string]*cluster{"control": c.cluster})
	commands := [][]string{{"trace"}, {"history"}, {"diff"}}
	exits := []int{cmdutil.ExitUnsettled, cmdutil.ExitOK, cmdutil.ExitOK} // the cluster has another commit
	show := func(files int) {
		for i, args := range commands {
			best := time.Hour
			for range 3 {
				wall, _ := runBinary(t, exits[i], append(slices.Clone(args), "greeter-service", "-n", namespace, "--repo", dir, "--kubeconfig", path)...)
				best = min(best, wall)
			}
			t.Logf("| %v | %d files | %.3f s |", args, files, best.Seconds())
		}
	}
	c.delay = 50 * time.Millisecond
	show(10)
	for i := range 2000 {
		layComponent(t, dir, i)
	}
	commitAll(t, dir, "2,000 components")
	show(16000)
	best, processor := time.Hour, time.Hour
	for range 3 {
		begin, before := time.Now(), processorTime(t)
		if _, err := revision.Load(t.Context(), checkout.Options{Dir: dir}, "HEAD", nil); err != nil {
			t.Fatal(err)
		}
		best, processor = min(best, time.Since(begin)), min(processor, processorTime(t)-before)
	}
	t.Logf("| build | %.3f s | %.3f s of the processor, without git |", best.Seconds(), processor.Seconds())
}

// processorTime is that of this process.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// layComponent writes a component with three releases and three bindings: 8 files.
func layComponent(t *testing.T, dir string, i int) {
	t.Helper()
	name := fmt.Sprintf("service-%d", i)
	owner := "  owner:\n    projectName: demo\n    componentName: " + name + "\n"
	lay := func(file, kind, object, spec string) {
		writeFile(t, filepath.Join(dir, "namespaces/healthy/projects/demo/components", name, file), "apiVersion: openchoreo.dev/v1alpha1\nkind: "+kind+"\nmetadata:\n  name: "+object+"\n  namespace: healthy\nspec:\n"+spec)
	}
	const container = "    container:\n      image: registry.example.com/acme/service:1.0.0\n      env:\n      - key: LOG_LEVEL\n        value: info\n      - key: PORT\n        value: \"8080\"\n"
	const endpoints = "    endpoints:\n      http:\n        type: HTTP\n        port: 8080\n"
	lay("component.yaml", "Component", name, "  owner:\n    projectName: demo\n  componentType:\n    name: deployment/service\n    kind: ClusterComponentType\n")
	lay("workload.yaml", "Workload", name+"-workload", owner+"  container:\n    image: registry.example.com/acme/service:1.0.0\n")
	for j, environment := range []string{"development", "staging", "production"} {
		release := fmt.Sprintf("%s-20261121-%d", name, j+1)
		lay(fmt.Sprintf("releases/%d.yaml", j), "ComponentRelease", release, owner+"  workload:\n"+container+endpoints)
		lay("bindings/"+environment+".yaml", "ReleaseBinding", name+"-"+environment, owner+"  environment: "+environment+"\n  releaseName: "+release+"\n  state: Active\n")
	}
}
