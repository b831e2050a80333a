package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const (
	noStagin = `no environment "stagin" in project demo; did you mean "staging"?`
	noNosuch = `data plane "nosuch" not found; choose from default`
)

// TestUndeclaredReferences: a slip in the command line is no fault of the cluster, and nothing is waited for.
func TestUndeclaredReferences(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"Trace":               {[]string{"trace", "greeter-service", "-e", "stagin"}, noStagin},
		"TraceOneOfTwo":       {[]string{"trace", "greeter-service", "-e", "staging,stagin"}, noStagin},
		"TraceWatch":          {[]string{"trace", "greeter-service", "-w", "-e", "stagin"}, noStagin},
		"Snapshot":            {[]string{"snapshot", "greeter-service", "-e", "stagin"}, noStagin},
		"Verify":              {[]string{"verify", "greeter-service", "-e", "stagin"}, noStagin},
		"VerifyOnce":          {[]string{"verify", "greeter-service", "-e", "stagin", "--timeout", "0"}, noStagin},
		"VerifyProject":       {[]string{"verify", "-p", "demo", "-e", "stagin"}, noStagin},
		"Reconcile":           {[]string{"reconcile", "greeter-service", "-e", "stagin"}, noStagin},
		"ReconcileDryRun":     {[]string{"reconcile", "greeter-service", "-e", "stagin", "--dry-run"}, noStagin},
		"ReconcileProject":    {[]string{"reconcile", "-p", "demo", "-e", "stagin"}, `no environment "stagin" in project demo, in namespace healthy; did you mean "staging"?`},
		"NothingNear":         {[]string{"trace", "greeter-service", "-e", "qa"}, `no environment "qa" in project demo; choose from development, staging, production`},
		"TracePlane":          {[]string{"trace", "greeter-service", "--plane", "nosuch=control"}, noNosuch},
		"TraceWatchPlane":     {[]string{"trace", "-w", "greeter-service", "--plane", "nosuch=control"}, noNosuch},
		"SnapshotPlane":       {[]string{"snapshot", "greeter-service", "--plane", "nosuch=control"}, noNosuch},
		"VerifyPlane":         {[]string{"verify", "greeter-service", "--plane", "nosuch=control"}, noNosuch},
		"ReconcilePlane":      {[]string{"reconcile", "greeter-service", "--plane", "nosuch=control"}, noNosuch},
		"ReconcileScopePlane": {[]string{"reconcile", "-p", "demo", "--plane", "nosuch=control"}, noNosuch},
		"PlaneNearly":         {[]string{"trace", "greeter-service", "--plane", "defualt=control"}, `data plane "defualt" not found; did you mean "default"?`},
		"NamespacedPlane":     {[]string{"trace", "greeter-service", "--plane", "healthy/nosuch=control"}, `data plane "healthy/nosuch" not found; choose from default`},
		"TraceProject":        {[]string{"trace", "greeter-service", "-p", "nosuch"}, "belongs to project demo, not to nosuch"},
		"VerifyProjectNamed":  {[]string{"verify", "greeter-service", "-p", "nosuch"}, "belongs to project demo, not to nosuch"},
		"VerifyProjectNearly": {[]string{"verify", "-p", "dmo"}, `no component found in project dmo, in namespace healthy; did you mean "demo"?`},
		"ReconcileNearly":     {[]string{"reconcile", "-p", "dmo"}, `no component found in project dmo, in namespace healthy; did you mean "demo"?`},
		"VerifyComponent":     {[]string{"verify", "greter-service"}, "did you mean greeter-service?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gate(t, "healthy", 0)
			stdout, stderr, exit := runIn(t, nil, append(c.args, "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())...)
			if exit != cmdutil.ExitError || !strings.Contains(stderr, c.want) || stdout != "" {
				t.Errorf("exit %d, want %q:\n%s%s", exit, c.want, stdout, stderr)
			}
		})
	}
}

// TestUndeclaredAmongMany: where there are too many Environments to list, one that is named is looked for by its name.
func TestUndeclaredAmongMany(t *testing.T) {
	t.Parallel()
	g := gate(t, "healthy", 0)
	g.change(func(objects []facts.Object) []facts.Object { return append(objects, environments(g.namespace, 150)...) })
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"Trace":      {[]string{"trace", "-e", "stagin"}, noStagin},
		"TraceWatch": {[]string{"trace", "-w", "-e", "stagin"}, noStagin},
		"Verify":     {[]string{"verify", "-e", "stagin"}, noStagin},
		"Reconcile":  {[]string{"reconcile", "--dry-run", "-e", "stagin"}, noStagin},
		"Plane":      {[]string{"trace", "--plane", "nosuch=control"}, noNosuch},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, stderr, exit := runIn(t, nil, append(c.args, "greeter-service", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())...)
			if exit != cmdutil.ExitError || !strings.Contains(stderr, c.want) {
				t.Errorf("exit %d, want %q: %s", exit, c.want, stderr)
			}
		})
	}
	for _, environment := range []string{"staging", "other-149"} {
		_, stderr, exit := runIn(t, nil, "trace", "greeter-service", "-e", environment, "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())
		if exit == cmdutil.ExitError || strings.Contains(stderr, "no environment") {
			t.Errorf("%s: exit %d: %s", environment, exit, stderr)
		}
	}
}

// environments are those of other teams.
func environments(namespace string, n int) []facts.Object {
	var all []facts.Object
	for i := range n {
		ref := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Environment", Namespace: namespace, Name: fmt.Sprintf("other-%d", i)}
		all = append(all, facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "openchoreo.dev/v1alpha1", "kind": ref.Kind, "metadata": map[string]any{"name": ref.Name, "namespace": namespace},
			"spec": map[string]any{"dataPlaneRef": map[string]any{"kind": "ClusterDataPlane", "name": "default"}},
		}}})
	}
	return all
}

// TestUndeclaredInASnapshot: a file says as much as the cluster did.
func TestUndeclaredInASnapshot(t *testing.T) {
	t.Parallel()
	file := filepath.Join(scenarioDir, "healthy", "snapshot.yaml")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"Trace":  {[]string{"trace", "-e", "stagin"}, noStagin},
		"Verify": {[]string{"verify", "-e", "stagin"}, noStagin},
		"Plane":  {[]string{"trace", "--plane", "nosuch=control"}, noNosuch},
	} {
		_, stderr, exit := runIn(t, nil, append(c.args, "--snapshot", file)...)
		if exit != cmdutil.ExitError || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, want %q: %s", name, exit, c.want, stderr)
		}
	}
	if _, stderr, exit := runIn(t, nil, "trace", "-e", "staging", "--plane", "default=control", "--snapshot", file); exit != cmdutil.ExitOK {
		t.Errorf("exit %d: %s", exit, stderr)
	}
}

// TestUnreadableReferencesAreNotUndeclared: what could not be read may declare anything.
func TestUnreadableReferencesAreNotUndeclared(t *testing.T) {
	t.Parallel()
	for _, plural := range []string{"environments", "deploymentpipelines", "projects", "releasebindings"} {
		t.Run(plural, func(t *testing.T) {
			t.Parallel()
			g := gate(t, "healthy", 0)
			g.refuses(plural)
			_, stderr, exit := runIn(t, nil, "trace", "greeter-service", "-e", "stagin", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())
			if exit == cmdutil.ExitError || strings.Contains(stderr, "no environment") {
				t.Errorf("exit %d: %s", exit, stderr)
			}
		})
	}
	g := gate(t, "healthy", 0)
	g.refuses("clusterdataplanes")
	_, stderr, exit := runIn(t, nil, "trace", "greeter-service", "--plane", "nosuch=control", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())
	if exit == cmdutil.ExitError {
		t.Errorf("exit %d: %s", exit, stderr)
	}
}

// TestDeclaredByOneIsDeclared: an environment that only the pipeline, or only a binding, names is a fault of the cluster.
func TestDeclaredByOneIsDeclared(t *testing.T) {
	t.Parallel()
	for name, keeps := range map[string]string{"Pipeline": "DeploymentPipeline", "Binding": "ReleaseBinding"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gate(t, "healthy", 0)
			g.change(func(objects []facts.Object) []facts.Object { return onlyDeclaredBy(objects, keeps) })
			_, stderr, exit := runIn(t, nil, "trace", "greeter-service", "-e", "staging", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())
			if exit == cmdutil.ExitError {
				t.Errorf("exit %d: %s", exit, stderr)
			}
		})
	}
}

// onlyDeclaredBy takes staging out of everything but a kind.
func onlyDeclaredBy(objects []facts.Object, kind string) []facts.Object {
	return slices.DeleteFunc(objects, func(o facts.Object) bool {
		if o.Ref.Kind == "DeploymentPipeline" && kind != o.Ref.Kind {
			unstructured.RemoveNestedField(o.Body.Object, "spec", "promotionPaths")
		}
		of := o.Ref.Kind == "Environment" || o.Ref.Kind == "RenderedRelease" || o.Ref.Kind == "ReleaseBinding"
		return of && o.Ref.Kind != kind && strings.Contains(o.Ref.Name, "staging")
	})
}

// TestVerifyWaitsForWhatTheRevisionMayBring: with --revision, a component that is not there yet has its grace.
func TestVerifyWaitsForWhatTheRevisionMayBring(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 0)
		begun := time.Now()
		g.holds(t, cmdutil.ExitError, []string{`component "greeter-new" not found`}, "greeter-new", "--revision", "7040926aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
		if waited := time.Since(begun); waited < cmdutil.DefaultGrace {
			t.Errorf("it waited %s", waited)
		}
		begun = time.Now()
		g.holds(t, cmdutil.ExitError, []string{"did you mean greeter-service?"}, "greter-service")
		if waited := time.Since(begun); waited > cmdutil.DefaultGrace/2 {
			t.Errorf("it waited %s", waited)
		}
	})
}
