package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// TestTraceNamesAReleaseThatGitDoesNotSet: the file of a binding has no release, and no patch sets it. A manager that is no applier has set it
// by hand, and OpenChoreo sets it with autoDeploy.
func TestTraceNamesAReleaseThatGitDoesNotSet(t *testing.T) {
	t.Parallel()
	const folder, binding = "namespaces/healthy/projects", "releasebinding-greeter-service-staging.yaml"
	for name, c := range map[string]struct {
		patch      bool
		managers   string
		autoDeploy bool
		isSet      bool
		want       bool
	}{
		"Removed":    {want: true},
		"Set":        {isSet: true},
		"Patched":    {patch: true},
		"ByHand":     {managers: "kubectl-edit=spec.releaseName;kustomize-controller=spec.environment"},
		"AutoDeploy": {autoDeploy: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := clonedGitOps(t)
			file := filepath.Join(dir, folder, binding)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !c.isSet {
				writeFile(t, file, withoutLine(string(text), "releaseName:"))
			}
			resources := "resources:\n"
			entries, err := os.ReadDir(filepath.Join(dir, folder))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				resources += "  - " + e.Name() + "\n"
			}
			if c.patch {
				resources += "patches:\n  - target: {kind: ReleaseBinding, name: greeter-service-staging}\n    patch: |\n      - {op: add, path: /spec/releaseName, value: greeter-service-20261121-1}\n"
			}
			writeFile(t, filepath.Join(dir, folder, "kustomization.yaml"), resources)
			writeFile(t, filepath.Join(dir, "namespaces/kustomization.yaml"), "resources: []\n") // of another Kustomization
			commitAll(t, dir, "no release")
			objects := factstest.Scenario(t, "healthy").Objects()
			for i, o := range objects {
				switch {
				case o.Ref.Kind == "ReleaseBinding" && o.Ref.Name == "greeter-service-staging" && c.managers != "":
					objects[i].Body = o.Body.DeepCopy()
					objects[i].Body.SetAnnotations(map[string]string{"kubectl-choreo.dev/spec-managers": c.managers})
				case o.Ref.Kind == "Component" && c.autoDeploy:
					objects[i].Body = o.Body.DeepCopy()
					kinds.Fields(objects[i].Body.Object, "spec")["autoDeploy"] = true
				}
			}
			config := kubeconfig(t, map[string]*cluster{"control": serveObjects(t, objects)})
			stdout, stderr, _ := runIn(t, nil, "trace", "greeter-service", "-n", "healthy", "--kubeconfig", config, "--repo", dir, "-o", "json")
			want := "Git does not set spec.releaseName of ReleaseBinding healthy/greeter-service-staging at " + folder + "/" + binding + ":"
			if got := strings.Contains(stdout, want); got != c.want || strings.Contains(stdout, "ReleaseNameKept") != c.want {
				t.Errorf("named %t, want %t\n%s%.3000s", got, c.want, stderr, stdout)
			}
		})
	}
}
