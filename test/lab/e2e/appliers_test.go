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

// applied is a component that another engine than a Kustomization delivers. helm-controller, flux-operator, source-watcher
// and Argo CD do not run in this lab: the test puts their marks on the component's objects, applies these in their name, and
// writes the status that they would. source-controller runs, so that charts and their repositories are real.
//
// In the texts TENANT is the namespace, NAME the component, RELEASE its release, HEAD and PARENT the newest commits, SHORT
// the beginning of HEAD, NOW the time.
type applied struct {
	scenario
	tag     string // of the image; default 1.0.0
	manager string // field manager of the engine; default that of kubectl
	mark    func(u *unstructured.Unstructured)
	inGit   string // objects of the engine that a Kustomization delivers, as they stand in Git
	objects string // objects that are applied by hand
	status  string // what the engine says of them, with its field manager
	also    []*applied
}

// appliers is their tenant; on a lab that runs already, a second run needs another.
func appliers() string { return "appliers" + *suffix }

// TestAppliers traces each of them in one tenant, whose platform and project come by Kustomizations.
func TestAppliers(t *testing.T) {
	t.Parallel()
	all := append(append(helmReleases(), operatorKinds()...), twoEngines())
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	n := appliersTenant(ctx, t)
	apart := checkoutApart(t, n)
	releases := map[string]string{}
	for _, a := range all {
		release, err := a.write(apart)
		if err != nil {
			t.Fatal(err)
		}
		releases[a.name] = release
	}
	if err := n.deliverEngines(ctx, all); err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		words, err := n.words(ctx, a.name, releases[a.name])
		if err != nil {
			t.Fatal(err)
		}
		t.Run(a.name, func(t *testing.T) { a.run(t, n, apart, words) })
	}
}

func appliersTenant(ctx context.Context, t *testing.T) *tenant {
	t.Helper()
	if err := shared.lab.Apply(ctx, "", engineDefinitions()); err != nil {
		t.Fatal(err)
	}
	s := scenario{name: appliers()}
	return s.healthyTenant(ctx, t)
}

// engineDefinitions are the CustomResourceDefinitions of the engines. An Application has no status of its own to patch.
func engineDefinitions() string {
	return strings.Join([]string{
		definitions(
			"subresources: {status: {}}",
			foreign{group: "helm.toolkit.fluxcd.io", version: "v2", kind: "HelmRelease", plural: "helmreleases"},
			foreign{group: "fluxcd.controlplane.io", version: "v1", kind: "ResourceSet", plural: "resourcesets"},
			foreign{group: "fluxcd.controlplane.io", version: "v1", kind: "FluxInstance", plural: "fluxinstances"},
			foreign{group: "source.extensions.fluxcd.io", version: "v1beta1", kind: "ArtifactGenerator", plural: "artifactgenerators"},
		),
		definitions("", foreign{group: "argoproj.io", version: "v1alpha1", kind: "Application", plural: "applications"}),
		"apiVersion: v1\nkind: Namespace\nmetadata: {name: argocd}\n",
	}, "---\n")
}

// checkoutApart is a copy of the tenant's files, for components that no Kustomization may see.
func checkoutApart(t *testing.T, n *tenant) *gitops.Checkout {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "apart")
	if err := os.CopyFS(dir, os.DirFS(n.Repo.Dir)); err != nil {
		t.Fatal(err)
	}
	return &gitops.Checkout{Dir: dir, Options: n.Options}
}

func (a *applied) write(c *gitops.Checkout) (release string, err error) {
	tag := a.tag
	if tag == "" {
		tag = "1.0.0"
	}
	release, err = c.AddComponent(a.name, "deployment/worker", tag)
	if err != nil {
		return "", err
	}
	return release, c.Bind(a.name, "development", release)
}

// deliverEngines commits what stands in Git: a chart, and the objects of the engines that a Kustomization delivers.
func (n *tenant) deliverEngines(ctx context.Context, all []*applied) error {
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
	return shared.lab.Applied(ctx, n.Kustomization("projects"), sha)
}

// words are what stands for what in the texts of one component.
func (n *tenant) words(ctx context.Context, name, release string) (*strings.Replacer, error) {
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

func (a *applied) run(t *testing.T, n *tenant, c *gitops.Checkout, words *strings.Replacer) {
	t.Helper()
	t.Parallel()
	a.namespace, a.component = n.Namespace, a.name
	if a.limit == 0 {
		a.limit = patience
	}
	ctx, cancel := context.WithTimeout(t.Context(), a.limit+2*time.Minute)
	defer cancel()
	for _, engine := range append([]*applied{a}, a.also...) {
		if err := engine.speak(ctx, words); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.apply(ctx, c, words); err != nil {
		t.Fatal(err)
	}
	a.await(ctx, t, n)
	a.suffices(ctx, t, n)
	a.conclude(ctx, t)
}
