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

// TestOlderOpenChoreo expects that 1.0 and 1.1 are supported, and a one-line error for older versions. It runs only an API server with the
// CRDs of that version; testdata/older has the statuses.
func TestOlderOpenChoreo(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"v1.1.6", "v1.0.5", "v0.17.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			c := startOlder(ctx, t, version)
			if strings.HasPrefix(version, "v0.") {
				c.testUnsupported(ctx, t)
				return
			}
			c.ResourceDependencies = version != "v1.0.5"
			c.testSupported(ctx, t)
		})
	}
}

// olderCluster is a cluster with an older OpenChoreo. Its exported fields are the data of the templates in testdata/older.
type olderCluster struct {
	*lab.Lab
	version string

	Time                 string // of every transition: the start of the test
	Released             bool   // the bound release exists
	ResourceDependencies bool   // the binding has the condition that 1.1 added
	Binding, Rendered    string // uids
}

func startOlder(ctx context.Context, t *testing.T, version string) *olderCluster {
	t.Helper()
	module, err := lab.OpenChoreoDir(ctx, version)
	if err != nil {
		t.Skipf("cannot download OpenChoreo %s: %v", version, err)
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

// write applies the objects in a file, and then their statuses through the status subresource, like a controller.
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

// testSupported traces the component as OpenChoreo reports it, with its pods, and without its release.
func (c *olderCluster) testSupported(ctx context.Context, t *testing.T) {
	t.Helper()
	c.write(ctx, t, "declared.yaml")
	c.write(ctx, t, "binding.yaml")
	c.Binding = c.uid(ctx, t, "ReleaseBinding")
	c.write(ctx, t, "rendered.yaml")
	c.expect(ctx, t, want{exit: 0, verdict: "Healthy"},
		"applied by hand", "same as the workload", "created with the release (OpenChoreo before 1.2)", "as last reported by OpenChoreo", "no object on this cluster shows that it is data plane")
	if *record {
		c.recordScenario(ctx, t)
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

// expect traces once, without polling: no controller changes the cluster.
func (c *olderCluster) expect(ctx context.Context, t *testing.T, w want, texts ...string) {
	t.Helper()
	r := choreoAs(ctx, t, c.Kubeconfig(""), "trace", "greeter-service", "-n", "acme", "-o", "json")
	got, err := parseTrace(r)
	if err == nil {
		err = w.check(got, r.exit, "acme")
	}
	if err != nil {
		shown := choreoAs(ctx, t, c.Kubeconfig(""), "trace", "greeter-service", "-n", "acme")
		t.Fatalf("%v\n%s%s", err, shown.stdout, shown.stderr)
	}
	for _, s := range texts {
		if !strings.Contains(r.stdout, s) {
			t.Errorf("the trace does not contain %q:\n%s", s, r.stdout)
		}
	}
}

// recordScenario records the healthy cluster as a scenario.
func (c *olderCluster) recordScenario(ctx context.Context, t *testing.T) {
	t.Helper()
	name := "openchoreo-" + strings.TrimPrefix(c.version[:strings.LastIndex(c.version, ".")], "v")
	if r := choreoAs(ctx, t, c.Kubeconfig(""), "snapshot", "greeter-service", "-n", "acme", "-f", suite.ScenarioFile(t, name)); r.exit != 0 {
		t.Fatalf("record %s: exit %d: %s", name, r.exit, r.stderr)
	}
}

// testUnsupported expects the error for versions before 1.0, whether the component exists or not.
func (c *olderCluster) testUnsupported(ctx context.Context, t *testing.T) {
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
