package gitops

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// fakeOcc writes a release file like OpenChoreo's occ.
const fakeOcc = `#!/bin/sh
while [ $# -gt 0 ]; do case "$1" in --root-dir) root=$2;; --component) c=$2;; --namespace) n=$2;; --project) p=$2;; esac; shift; done
d=namespaces/$n/projects/$p/components/$c/releases
mkdir -p "$root/$d" && echo "kind: ComponentRelease" > "$root/$d/$c-20260101-1.yaml" && echo "Generated: $d/$c-20260101-1.yaml"
`

func render(t *testing.T, o Options) *Checkout {
	t.Helper()
	samples := t.TempDir()
	for _, folder := range []string{"component-types", "cluster-project-types"} {
		if err := os.MkdirAll(filepath.Join(samples, "samples", "getting-started", folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	o.SamplesDir, o.Occ = samples, filepath.Join(samples, "occ")
	if err := os.WriteFile(o.Occ, []byte(fakeOcc), 0o755); err != nil { //nolint:gosec // it must be executable
		t.Fatal(err)
	}
	o.Namespace, o.Project, o.Prefix, o.GitURL, o.FluxNamespace, o.DataPlane = "shop", "demo", "oc-shop", "http://127.0.0.1:1/x.git", "flux-system", "default"
	o.Interval, o.SourceInterval = "10m", "1m"
	c, err := Render(t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// objects returns every document of the checkout by "Kind name".
func objects(t *testing.T, c *Checkout) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(c.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, document := range strings.Split(string(text), "\n---\n") {
			var o struct {
				Kind     string
				Metadata struct{ Name string }
			}
			if err := yaml.Unmarshal([]byte(document), &o); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			found[o.Kind+" "+o.Metadata.Name] = strings.TrimPrefix(path, c.Dir+"/")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestRenderTheDocumentedLayout(t *testing.T) {
	t.Parallel()
	got := objects(t, render(t, Options{OwnsPlatform: true}))
	for object, file := range map[string]string{
		"Component greeter-service":                  "namespaces/shop/projects/demo/components/greeter-service/component.yaml",
		"Workload greeter-service-workload":          "namespaces/shop/projects/demo/components/greeter-service/workload.yaml",
		"ReleaseBinding greeter-service-development": "namespaces/shop/projects/demo/components/greeter-service/release-bindings/greeter-service-development.yaml",
		"ReleaseBinding greeter-service-staging":     "namespaces/shop/projects/demo/components/greeter-service/release-bindings/greeter-service-staging.yaml",
		"Component cleanup":                          "namespaces/shop/projects/demo/components/cleanup/component.yaml",
		"Environment production":                     "namespaces/shop/platform/environments.yaml",
		"DeploymentPipeline standard":                "namespaces/shop/platform/deployment-pipeline.yaml",
		"GitRepository oc-shop":                      "flux/gitrepository.yaml",
		"Kustomization oc-shop-projects":             "flux/projects.yaml",
		"ClusterComponentType one-off":               "platform-shared/types/job.yaml",
	} {
		if got[object] != file {
			t.Errorf("%s is in file %q, want %q", object, got[object], file)
		}
	}
	if _, found := got["ReleaseBinding greeter-service-production"]; found {
		t.Error("greeter-service is bound to production")
	}
}

func TestRenderWithBindingsApart(t *testing.T) {
	t.Parallel()
	got := objects(t, render(t, Options{BindingsApart: true, Components: []string{"greeter-service"}}))
	if got["ReleaseBinding greeter-service-staging"] != "bindings/demo/greeter-service-staging.yaml" || got["Kustomization oc-shop-bindings"] == "" {
		t.Errorf("%v", got)
	}
	if _, found := got["Component cleanup"]; found {
		t.Error("Component cleanup is rendered, but not in Options.Components")
	}
}

func TestEdits(t *testing.T) {
	t.Parallel()
	c := render(t, Options{Components: []string{"greeter-service"}})
	if err := c.SetImage("greeter-service", "missing"); err != nil {
		t.Fatal(err)
	}
	if err := c.Set(c.BindingFile("greeter-service", "staging"), "Undeploy", "spec", "state"); err != nil {
		t.Fatal(err)
	}
	if err := c.Edit(c.BindingFile("greeter-service", "staging"), func(o map[string]any) error {
		spec, _ := o["spec"].(map[string]any)
		if spec["state"] != "Undeploy" || spec["releaseName"] != "greeter-service-20260101-1" {
			t.Errorf("spec = %v", spec)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := c.Remove("nowhere.yaml"); err == nil {
		t.Error("Remove returned no error for a missing file")
	}
	if release, err := c.AddComponent("hasty", "deployment/impatient", "slow"); err != nil || release != "hasty-20260101-1" {
		t.Errorf("%s, %v", release, err)
	}
	if !slices.Contains(Options{}.Environments(), "staging") {
		t.Error("Environments lacks staging")
	}
}
