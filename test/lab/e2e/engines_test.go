package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// engineCase is a component that an engine other than kustomize-controller delivers. helm-controller, flux-operator, source-watcher
// and Argo CD do not run in this lab. The test applies the component's objects with their labels and field managers, and writes the
// statuses that they would write. source-controller runs, so the statuses of charts and repositories are real.
//
// Placeholders: TENANT is the namespace, NAME the component, RELEASE its release, HEAD and PARENT the newest commits, SHORT the
// first 12 characters of HEAD, and NOW the time.
type engineCase struct {
	scenario
	manager string // field manager of the engine; default kubectl
	label   func(u *unstructured.Unstructured)
	inGit   string // objects of the engine in Git, which a Kustomization delivers
	objects string // objects that are applied by hand
	status  string // statuses that the engine's field manager writes
	others  []*engineCase
}

// enginesTenantName has the -suffix for a second run on the same lab.
func enginesTenantName() string { return "appliers" + *suffix }

// TestAppliers traces the components in one tenant. Kustomizations deliver its platform and project.
func TestAppliers(t *testing.T) {
	t.Parallel()
	all := append(append(helmReleases(), operatorKinds()...), twoEngines())
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	n := enginesTenant(ctx, t)
	checkout := copyCheckout(t, n)
	releases := map[string]string{}
	for _, a := range all {
		release, err := a.write(checkout)
		if err != nil {
			t.Fatal(err)
		}
		releases[a.name] = release
	}
	if err := n.deliverEngines(ctx, all); err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		replacer, err := n.placeholders(ctx, a.name, releases[a.name])
		if err != nil {
			t.Fatal(err)
		}
		t.Run(a.name, func(t *testing.T) { a.run(t, n, checkout, replacer) })
	}
}

func enginesTenant(ctx context.Context, t *testing.T) *tenant {
	t.Helper()
	if err := shared.lab.Apply(ctx, "", engineDefinitions()); err != nil {
		t.Fatal(err)
	}
	s := scenario{name: enginesTenantName()}
	return s.healthyTenant(ctx, t)
}

// engineDefinitions returns the CRDs of the engines. That of Application has no status subresource.
func engineDefinitions() string {
	return strings.Join([]string{
		definitions(
			"subresources: {status: {}}",
			foreignKind{group: "helm.toolkit.fluxcd.io", version: "v2", kind: "HelmRelease", plural: "helmreleases"},
			foreignKind{group: "fluxcd.controlplane.io", version: "v1", kind: "ResourceSet", plural: "resourcesets"},
			foreignKind{group: "fluxcd.controlplane.io", version: "v1", kind: "FluxInstance", plural: "fluxinstances"},
			foreignKind{group: "source.extensions.fluxcd.io", version: "v1beta1", kind: "ArtifactGenerator", plural: "artifactgenerators"},
		),
		definitions("", foreignKind{group: "argoproj.io", version: "v1alpha1", kind: "Application", plural: "applications"}),
		"apiVersion: v1\nkind: Namespace\nmetadata: {name: argocd}\n",
	}, "---\n")
}

// copyCheckout copies the tenant's files, for components that no Kustomization delivers.
func copyCheckout(t *testing.T, n *tenant) *gitops.Checkout {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "apart")
	if err := os.CopyFS(dir, os.DirFS(n.Repo.Dir)); err != nil {
		t.Fatal(err)
	}
	return &gitops.Checkout{Dir: dir, Options: n.Options}
}

func (a *engineCase) write(c *gitops.Checkout) (release string, err error) {
	release, err = c.AddComponent(a.name, "deployment/worker", "1.0.0")
	if err != nil {
		return "", err
	}
	return release, c.Bind(a.name, "development", release)
}

// deliverEngines commits a chart and the objects of the engines that a Kustomization delivers.
func (n *tenant) deliverEngines(ctx context.Context, all []*engineCase) error {
	sha, err := n.Commit(ctx, "deliver components by other engines", func(c *gitops.Checkout) error {
		if err := c.Write(filepath.Join("charts", "worker", "Chart.yaml"), "{apiVersion: v2, name: worker, version: 0.2.0}\n"); err != nil {
			return err
		}
		for _, a := range all {
			if a.inGit == "" {
				continue
			}
			text := strings.NewReplacer("TENANT", c.Options.Namespace, "NAME", a.name).Replace(a.inGit)
			if err := c.Write(filepath.Join(c.ProjectDir(), "engines", a.name+".yaml"), text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return shared.lab.WaitForApplied(ctx, n.Kustomization("projects"), sha)
}

// placeholders returns the replacer of the placeholders of one component.
func (n *tenant) placeholders(ctx context.Context, name, release string) (*strings.Replacer, error) {
	var commits []string
	for _, revision := range []string{"HEAD", "HEAD~1"} {
		cmd := exec.CommandContext(ctx, "git", "-C", n.Repo.Dir, "rev-parse", revision)
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("read commit %s: %w", revision, err)
		}
		commits = append(commits, strings.TrimSpace(string(out)))
	}
	return strings.NewReplacer(
		"TENANT", n.Namespace, "NAME", name, "RELEASE", release, "HEAD", commits[0], "SHORT", commits[0][:12], "PARENT", commits[1],
		"NOW", time.Now().UTC().Format(time.RFC3339),
	), nil
}

func (a *engineCase) run(t *testing.T, n *tenant, c *gitops.Checkout, placeholders *strings.Replacer) {
	t.Helper()
	t.Parallel()
	a.namespace, a.component = n.Namespace, a.name
	if a.timeout == 0 {
		a.timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(t.Context(), a.timeout+2*time.Minute)
	defer cancel()
	for _, engine := range append([]*engineCase{a}, a.others...) {
		if err := engine.applyEngine(ctx, placeholders); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.applyComponent(ctx, c, placeholders); err != nil {
		t.Fatal(err)
	}
	a.await(ctx, t, n)
	a.checkDocumentedRights(ctx, t, n)
	a.finish(ctx, t)
}
