package cli

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestDiffNamesWhatSetsAField: the value of the binding is not that of its file. The line above the diff names the patch or the variable that
// sets it, or that Git does not set the release.
func TestDiffNamesWhatSetsAField(t *testing.T) {
	t.Parallel()
	const folder, binding = "namespaces/healthy/projects", "releasebinding-greeter-service-staging.yaml"
	const kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
	const delivery = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: oc-healthy-projects, namespace: flux-system}\nspec:\n  interval: 1m\n  prune: true\n" +
		"  path: ./" + folder + "\n  sourceRef: {kind: GitRepository, name: oc-healthy}\n"
	for name, c := range map[string]struct {
		file  func(text string) string
		files map[string]string
		want  string // of the line above the diff
	}{
		"PatchOfKustomization": {
			nil,
			map[string]string{folder + "/kustomization.yaml": "RESOURCES" + "patches:\n  - target: {kind: ReleaseBinding, name: greeter-service-s.*}\n    patch: |\n      - op: replace\n        path: /spec/state\n        value: Undeploy\n"},
			": spec.state is set by a patch (" + folder + "/kustomization.yaml:LINE)",
		},
		"PatchInAFile": {nil, map[string]string{
			folder + "/kustomization.yaml": "RESOURCES" + "patches: [{path: patches/state.yaml}]\n",
			folder + "/patches/state.yaml": "apiVersion: openchoreo.dev/v1alpha1\nkind: ReleaseBinding\nmetadata: {name: greeter-service-staging, namespace: healthy}\nspec:\n  state: Undeploy\n",
		}, ": spec.state is set by a patch (" + folder + "/patches/state.yaml:5)"},
		"PatchOfFlux": {
			nil,
			map[string]string{"flux/projects.yaml": delivery + "  patches:\n    - target: {kind: ReleaseBinding, name: greeter-service-staging}\n      patch: |\n        - op: replace\n          path: /spec/state\n          value: Undeploy\n"},
			": spec.state is set by a patch (flux/projects.yaml:LINE)",
		},
		"Variable": {
			func(text string) string { return strings.Replace(text, "state: Active", "state: ${STATE:=Active}", 1) },
			map[string]string{"flux/projects.yaml": delivery + "  postBuild:\n    substitute:\n      STATE: Undeploy\n"},
			": spec.state is set by the variable STATE of Kustomization flux-system/oc-healthy-projects (flux/projects.yaml:11)",
		},
		"OwnFile":       {func(text string) string { return strings.Replace(text, "state: Active", "state: Undeploy", 1) }, nil, ""},
		"ReleaseNotSet": {func(text string) string { return withoutLine(text, "releaseName:") }, nil, ": Git does not set spec.releaseName; OpenChoreo keeps the value in the cluster"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := clonedGitOps(t)
			writeFile(t, filepath.Join(dir, "namespaces/kustomization.yaml"), "resources: [namespace.yaml]\n") // of another Kustomization
			writeFile(t, filepath.Join(dir, "namespaces/namespace.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: healthy}\n")
			file := filepath.Join(dir, folder, binding)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(name, "Variable") { // a release contains expressions
				releases, err := filepath.Glob(filepath.Join(dir, folder, "*"))
				if err != nil {
					t.Fatal(err)
				}
				for _, name := range releases {
					text, err := os.ReadFile(name)
					if err != nil {
						t.Fatal(err)
					}
					writeFile(t, name, strings.ReplaceAll(string(text), "${", "$${"))
				}
			}
			if c.file != nil {
				writeFile(t, file, c.file(string(text)))
			}
			entries, err := os.ReadDir(filepath.Join(dir, folder))
			if err != nil {
				t.Fatal(err)
			}
			resources := kustomization
			for _, e := range entries {
				resources += "  - " + e.Name() + "\n"
			}
			want := c.want
			for name, text := range c.files {
				text = strings.ReplaceAll(text, "RESOURCES", resources)
				before, _, _ := strings.Cut(text, "path: /spec/state")
				want = strings.ReplaceAll(want, "LINE", strconv.Itoa(strings.Count(before, "\n")+1))
				writeFile(t, filepath.Join(dir, name), text)
			}
			commitAll(t, dir, "change")
			stdout, stderr, exit := runIn(t, nil, "diff", "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"), "--repo", dir)
			first, _, _ := strings.Cut(stdout, "\n")
			if exit != 1 || first != "ReleaseBinding healthy/greeter-service-staging, "+folder+"/"+binding+":1"+want {
				t.Errorf("exit code %d, want %q\n%s%s", exit, want, stdout, stderr)
			}
		})
	}
}

// TestDiffNamesWhatLeavesAnObjectOut: the binding is in the cluster and in a file, and not in the build.
func TestDiffNamesWhatLeavesAnObjectOut(t *testing.T) {
	t.Parallel()
	const folder, binding = "namespaces/healthy/projects", "releasebinding-greeter-service-staging.yaml"
	for name, c := range map[string]struct {
		file, text string
		want       string
	}{
		"Pattern": {".sourceignore", "*-staging.yaml\n", `the pattern "*-staging.yaml" excludes its file (.sourceignore:1)`},
		"Patch": {
			folder + "/kustomization.yaml", "RESOURCESpatches:\n  - patch: |\n      kind: ReleaseBinding\n      apiVersion: openchoreo.dev/v1alpha1\n      metadata: {name: greeter-service-staging, namespace: healthy}\n      $patch: delete\n",
			"a patch removes it (" + folder + "/kustomization.yaml:LINE)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := clonedGitOps(t)
			writeFile(t, filepath.Join(dir, "namespaces/kustomization.yaml"), "resources: [namespace.yaml]\n") // of another Kustomization
			writeFile(t, filepath.Join(dir, "namespaces/namespace.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: healthy}\n")
			entries, err := os.ReadDir(filepath.Join(dir, folder))
			if err != nil {
				t.Fatal(err)
			}
			resources := "resources:\n"
			for _, e := range entries {
				resources += "  - " + e.Name() + "\n"
			}
			text := strings.ReplaceAll(c.text, "RESOURCES", resources)
			want := strings.ReplaceAll(c.want, "LINE", strconv.Itoa(strings.Count(text, "\n")))
			writeFile(t, filepath.Join(dir, c.file), text)
			commitAll(t, dir, "change")
			stdout, stderr, exit := runIn(t, nil, "diff", "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"), "--repo", dir)
			first, _, _ := strings.Cut(stdout, "\n")
			if exit != 1 || first != "ReleaseBinding healthy/greeter-service-staging: "+folder+"/"+binding+":1 declares it, and "+want {
				t.Errorf("exit code %d, want %q\n%s%s", exit, want, stdout, stderr)
			}
		})
	}
}

// TestDiffOfTwoAppliers: the Kustomization of a folder and the one of the folder around it apply the same files, and only the one that the
// object in the cluster names has the variable or the patch.
func TestDiffOfTwoAppliers(t *testing.T) {
	t.Parallel()
	const folder, binding = "namespaces/healthy/projects", "releasebinding-greeter-service-staging.yaml"
	const delivery = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: oc-healthy-projects, namespace: flux-system}\nspec:\n  interval: 1m\n  prune: true\n" +
		"  path: ./" + folder + "\n  sourceRef: {kind: GitRepository, name: oc-healthy}\n"
	const object = "ReleaseBinding healthy/greeter-service-staging, " + folder + "/" + binding + ":1"
	for name, c := range map[string]struct {
		spec string
		want string
	}{
		"None":  {"", ""},
		"Patch": {"  patches:\n    - target: {kind: ReleaseBinding, name: greeter-service-staging}\n      patch: |\n        - op: replace\n          path: /spec/state\n          value: Undeploy\n", object + ": spec.state is set by a patch (flux/projects.yaml:13)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := clonedGitOps(t)
			writeFile(t, filepath.Join(dir, "flux/projects.yaml"), delivery+c.spec)
			commitAll(t, dir, "change")
			stdout, stderr, exit := runIn(t, nil, "diff", "--snapshot", filepath.Join(scenarioDir, "healthy", "snapshot.yaml"), "--repo", dir)
			first, _, _ := strings.Cut(stdout, "\n")
			if first != c.want || (exit == 0) != (c.want == "") {
				t.Errorf("exit code %d, want %q\n%s%s", exit, c.want, stdout, stderr)
			}
		})
	}
}

func withoutLine(text, part string) string {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.Contains(line, part) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
