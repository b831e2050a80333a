package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
)

// TestTraceOfAComponentInTheCloneAlone: the cluster has no such component. The error names the file that declares it, and what applies it.
func TestTraceOfAComponentInTheCloneAlone(t *testing.T) {
	t.Parallel()
	const folder = "namespaces/healthy/projects"
	const declared = "# a new service\napiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: payments, namespace: healthy}\nspec: {owner: {projectName: demo}}\n"
	const delivery = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: oc-healthy, namespace: flux-system}\nspec: {interval: 1m, url: URL}\n---\n" +
		"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: oc-healthy-projects, namespace: flux-system}\nspec:\n  interval: 1m\n  prune: true\n  path: ./" + folder +
		"\n  sourceRef: {kind: GitRepository, name: oc-healthy}\n"
	config := kubeconfig(t, map[string]*cluster{"control": serveObjects(t, factstest.Scenario(t, "healthy").Objects())})
	for name, c := range map[string]struct {
		file  string
		files map[string]string
		want  string
	}{
		"Applied":    {folder + "/payments.yaml", nil, "; the clone declares it at " + folder + "/payments.yaml:2: Kustomization flux-system/oc-healthy-projects applies it, and has not created it yet"},
		"NotApplied": {"elsewhere/payments.yaml", nil, "; the clone declares it at elsewhere/payments.yaml:2: nothing applies this file"},
		"Ignored":    {folder + "/payments.yaml", map[string]string{".sourceignore": "# none\npay*\n"}, "; the clone declares it at " + folder + "/payments.yaml:2: the pattern \"pay*\" excludes its file (.sourceignore:2)"},
		"None":       {"", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := clonedGitOps(t)
			for file, text := range c.files {
				writeFile(t, filepath.Join(dir, file), text)
			}
			if c.file != "" {
				writeFile(t, filepath.Join(dir, c.file), declared)
			}
			writeFile(t, filepath.Join(dir, "flux/projects.yaml"), delivery)
			commitAll(t, dir, "payments")
			stdout, stderr, exit := runIn(t, nil, "trace", "payments", "-n", "healthy", "--kubeconfig", config, "--repo", dir)
			if want := `error: component "payments" not found in namespace healthy` + c.want + "\n"; exit == 0 || stdout != "" || !strings.HasPrefix(stderr, want) {
				t.Errorf("exit code %d, want %q\n%s%s", exit, want, stderr, stdout)
			}
		})
	}
}
