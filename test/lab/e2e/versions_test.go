package e2e

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// TestOlderOpenChoreo: 1.0 and 1.1 are read like the version of the lab, and what came before is named in one line.
// Only an API server runs, with the definitions of that version; what its controllers would write is in testdata/older.
func TestOlderOpenChoreo(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"v1.1.6", "v1.0.5", "v0.17.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			c := startOlder(ctx, t, version)
			if strings.HasPrefix(version, "v0.") {
				c.named(ctx, t)
				return
			}
			c.ResourceDependencies = version != "v1.0.5"
			c.traced(ctx, t)
		})
	}
}

// olderCluster is a cluster of an older OpenChoreo. Its fields are what the files of testdata/older ask for.
type olderCluster struct {
	*lab.Lab
	version string

	Time                 string // of every transition: the start of the test
	Released             bool   // the release that is bound exists
	ResourceDependencies bool   // the binding has the condition that 1.1 brought
	Binding, Rendered    string // uids
}

func startOlder(ctx context.Context, t *testing.T, version string) *olderCluster {
	t.Helper()
	module, err := lab.OpenChoreoDir(ctx, version)
	if err != nil {
		t.Skipf("the definitions of OpenChoreo %s are not to be had here: %v", version, err)
	}
	bare, err := shared.lab.BareCluster(ctx, filepath.Join(t.TempDir(), "bare"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bare.Down(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	if err := bare.InstallOpenChoreo(ctx, module); err != nil {
		t.Fatal(err)
	}
	return &olderCluster{Lab: bare, version: version, Time: time.Now().UTC().Format(time.RFC3339), Released: true}
}

// write applies a file, and then the statuses in it, as a controller does: through the status subresource.
func (c *olderCluster) write(ctx context.Context, t *testing.T, file string) {
	t.Helper()
	form, err := template.ParseFiles(filepath.Join("testdata", "older", file))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := form.Execute(&out, c); err != nil {
		t.Fatal(err)
	}
	if err := c.Apply(ctx, "", out.String()); err != nil {
		t.Fatal(err)
	}
	var statuses []string
	for _, document := range strings.Split(out.String(), "\n---\n") {
		if strings.Contains(document, "\nstatus:") {
			statuses = append(statuses, document)
		}
	}
	if _, err := c.Kubectl(ctx, "", strings.Join(statuses, "\n---\n"), "apply", "--server-side", "--subresource=status", "--filename=-"); err != nil {
		t.Fatal(err)
	}
}

func (c *olderCluster) uid(ctx context.Context, t *testing.T, kind string) string {
	t.Helper()
	o, err := c.Get(ctx, choreo(kind, "greeter-service-development"))
	if err != nil {
		t.Fatal(err)
	}
	return string(o.GetUID())
}

func choreo(kind, name string) client.Object {
	return client.Object{Kind: schema.GroupKind{Group: "openchoreo.dev", Kind: kind}, Namespace: "acme", Name: name}
}

// traced: healthy as OpenChoreo reports it, healthy with its pods, and broken where the release is gone.
func (c *olderCluster) traced(ctx context.Context, t *testing.T) {
	t.Helper()
	c.write(ctx, t, "declared.yaml")
	c.write(ctx, t, "binding.yaml")
	c.Binding = c.uid(ctx, t, "ReleaseBinding")
	c.write(ctx, t, "rendered.yaml")
	c.expect(ctx, t, want{exit: 0, verdict: "Healthy"},
		"applied by hand", "same as the workload", "created with the release (OpenChoreo before 1.2)", "as last reported by OpenChoreo", "no object on this cluster shows that it is data plane")
	if *record {
		c.keep(ctx, t)
	}
	c.Rendered = c.uid(ctx, t, "RenderedRelease")
	c.write(ctx, t, "plane.yaml")
	c.expect(ctx, t, want{exit: 0, verdict: "Healthy"}, "Deployment 1/1", "1 running greeter-service:")

	if err := c.Delete(ctx, choreo("ComponentRelease", "greeter-service-20260805-1")); err != nil {
		t.Fatal(err)
	}
	c.Released = false
	c.write(ctx, t, "binding.yaml")
	c.expect(ctx, t, want{
		exit: 2, verdict: "Failed", rung: "release", environment: "development", code: "ComponentReleaseNotFound",
		kind: "ComponentRelease", object: "greeter-service-20260805-1", message: "does not exist",
	})
}

// expect traces once: nothing moves in a cluster without controllers.
func (c *olderCluster) expect(ctx context.Context, t *testing.T, w want, words ...string) {
	t.Helper()
	r := choreoAs(ctx, t, c.Kubeconfig(""), "trace", "greeter-service", "-n", "acme", "-o", "json")
	got, err := parse(r)
	if err == nil {
		err = w.check(got, r.exit, "acme")
	}
	if err != nil {
		shown := choreoAs(ctx, t, c.Kubeconfig(""), "trace", "greeter-service", "-n", "acme")
		t.Fatalf("%v\n%s%s", err, shown.stdout, shown.stderr)
	}
	for _, s := range words {
		if !strings.Contains(r.stdout, s) {
			t.Errorf("the trace does not say %q:\n%s", s, r.stdout)
		}
	}
}

// keep records the healthy cluster, so that its version is read in every run of the tests.
func (c *olderCluster) keep(ctx context.Context, t *testing.T) {
	t.Helper()
	name := "openchoreo-" + strings.TrimPrefix(c.version[:strings.LastIndex(c.version, ".")], "v")
	if r := choreoAs(ctx, t, c.Kubeconfig(""), "snapshot", "greeter-service", "-n", "acme", "-f", suite.ScenarioFile(t, name)); r.exit != 0 {
		t.Fatalf("record %s: exit %d: %s", name, r.exit, r.stderr)
	}
}

// named: before 1.0 nothing can be judged, whether the component is there or not.
func (c *olderCluster) named(ctx context.Context, t *testing.T) {
	t.Helper()
	if err := c.Apply(ctx, "", `
apiVersion: v1
kind: Namespace
metadata: {name: acme}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Component
metadata: {name: greeter-service, namespace: acme}
spec: {owner: {projectName: demo}, componentType: {kind: ComponentType, name: deployment/service}}
`); err != nil {
		t.Fatal(err)
	}
	for _, component := range []string{"greeter-service", "greeter-client"} {
		r := choreoAs(ctx, t, c.Kubeconfig(""), "trace", component, "-n", "acme")
		if r.exit != 1 || r.stdout != "" || r.stderr != "error: this cluster runs OpenChoreo 0.17 or older: 1.0 or later is supported\n" {
			t.Errorf("%s: exit %d, want 1 and one line\nstdout: %s\nstderr: %s", component, r.exit, r.stdout, r.stderr)
		}
	}
}
