package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// parcel is a component with a Kustomization of its own, whose delivery is broken.
type parcel struct {
	scenario
	source bool // it has a GitRepository of its own, too
	spec   string
	files  func(c *gitops.Checkout, dir string) error
	then   func(ctx context.Context, n *tenant, name string) error
}

// depot is the tenant of all parcels; on a lab that runs already, a second run needs another.
func depot() string { return "depot" + *suffix }

// TestDelivery delivers every parcel, waits until it is applied, and then breaks its delivery.
func TestDelivery(t *testing.T) {
	t.Parallel()
	all := append(brokenSources(), brokenKustomizations()...)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	n := &tenant{addTenant(ctx, t, lab.TenantOptions{Namespace: depot(), Components: []string{"greeter-service"}}), t}
	if err := shared.lab.Ready(ctx, n.Kustomization("projects")); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Commit(ctx, "add the parcels", func(c *gitops.Checkout) error { return pack(c, all) }); err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) { p.run(t, n) })
	}
}

// pack writes the files of each parcel into a folder of its own, beside what the tenant's own Kustomizations apply.
func pack(c *gitops.Checkout, all []parcel) error {
	for _, p := range all {
		release, err := c.AddComponent(p.name, "deployment/worker", "1.0.0")
		if err != nil {
			return err
		}
		if err := c.Bind(p.name, "development", release); err != nil {
			return err
		}
		if p.files != nil {
			if err := p.files(c, c.ComponentDir(p.name)); err != nil {
				return err
			}
		}
		apart := filepath.Join(c.Dir, "apart", p.name)
		if err := os.MkdirAll(filepath.Dir(apart), 0o755); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(c.Dir, c.ComponentDir(p.name)), apart); err != nil {
			return err
		}
	}
	return nil
}

func (p parcel) run(t *testing.T, shipped *tenant) {
	t.Helper()
	t.Parallel()
	n := &tenant{shipped.Tenant, t}
	p.namespace, p.component = depot(), p.name
	if p.limit == 0 {
		p.limit = patience
	}
	ctx, cancel := context.WithTimeout(t.Context(), p.limit+6*time.Minute)
	defer cancel()
	if err := shared.lab.Apply(ctx, "", p.flux(n)); err != nil {
		t.Fatal(err)
	}
	if p.spec == "" { // one that is broken from the start is never ready
		if err := shared.lab.Ready(ctx, n.Kustomization(p.name)); err != nil {
			t.Fatal(err)
		}
	}
	if p.then != nil {
		if err := p.then(ctx, n, p.name); err != nil {
			t.Fatalf("inject the fault: %v", err)
		}
	}
	p.await(ctx, t, n)
	p.suffices(ctx, t, n)
	p.conclude(ctx, t)
}

// flux is the parcel's Kustomization, and its source where it has its own.
func (p parcel) flux(n *tenant) string {
	source := n.Prefix
	text := ""
	if p.source {
		source = n.Prefix + "-" + p.name
		text = fmt.Sprintf("apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: %s, namespace: flux-system}\nspec: {interval: 1m, timeout: 20s, url: %q, ref: {branch: main}}\n---\n", source, n.URL)
	}
	return text + fmt.Sprintf(`apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %[1]s-%[2]s, namespace: flux-system}
spec:
  interval: 10m
  retryInterval: 20s
  timeout: 1m
  prune: true
  path: ./apart/%[2]s
  sourceRef: {kind: GitRepository, name: %[3]s}
%[4]s`, n.Prefix, p.name, source, p.spec)
}

func (n *tenant) ownSource(name string) client.Object {
	return client.Object{Kind: schema.GroupKind{Group: "source.toolkit.fluxcd.io", Kind: "GitRepository"}, Namespace: "flux-system", Name: n.Prefix + "-" + name}
}

// source patches the parcel's own source.
func source(patch string) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		return shared.lab.Patch(ctx, n.ownSource(name), patch)
	}
}

// kustomization patches the parcel's Kustomization.
func kustomization(patch string) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		return shared.lab.Patch(ctx, n.Kustomization(name), patch)
	}
}

// push commits a change of the parcel's folder.
func push(message string, change func(c *gitops.Checkout, dir string) error) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		_, err := n.Commit(ctx, message, func(c *gitops.Checkout) error { return change(c, filepath.Join("apart", name)) })
		return err
	}
}
