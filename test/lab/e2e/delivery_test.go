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

// deliveryCase is a component with a separate Kustomization, whose delivery the test breaks.
type deliveryCase struct {
	scenario
	ownSource bool // it has a separate GitRepository
	// then injects the fault after the first delivery.
	then func(ctx context.Context, n *tenant, name string) error
}

// deliveryTenantName has the -suffix for a second run on the same lab.
func deliveryTenantName() string { return "depot" + *suffix }

// TestDelivery delivers each component, waits until it is applied, and breaks its delivery.
func TestDelivery(t *testing.T) {
	t.Parallel()
	all := append(brokenSources(), brokenKustomizations()...)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	n := &tenant{addTenant(ctx, t, lab.TenantOptions{Namespace: deliveryTenantName(), Components: []string{"greeter-service"}}), t}
	if err := shared.lab.WaitForReady(ctx, n.Kustomization("projects")); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Commit(ctx, "add the parcels", func(c *gitops.Checkout) error { return writeDeliveryCases(c, all) }); err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) { p.run(t, n) })
	}
}

// writeDeliveryCases writes the files of each component into a folder that the tenant's Kustomizations do not apply.
func writeDeliveryCases(c *gitops.Checkout, all []deliveryCase) error {
	for _, p := range all {
		release, err := c.AddComponent(p.name, "deployment/worker", "1.0.0")
		if err != nil {
			return err
		}
		if err := c.Bind(p.name, "development", release); err != nil {
			return err
		}
		target := filepath.Join(c.Dir, "apart", p.name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(c.Dir, c.ComponentDir(p.name)), target); err != nil {
			return err
		}
	}
	return nil
}

func (p deliveryCase) run(t *testing.T, added *tenant) {
	t.Helper()
	t.Parallel()
	n := &tenant{added.Tenant, t}
	p.namespace, p.component = deliveryTenantName(), p.name
	if p.timeout == 0 {
		p.timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(t.Context(), p.timeout+6*time.Minute)
	defer cancel()
	if err := shared.lab.Apply(ctx, "", p.flux(n)); err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.WaitForReady(ctx, n.Kustomization(p.name)); err != nil {
		t.Fatal(err)
	}
	if p.then != nil {
		if err := p.then(ctx, n, p.name); err != nil {
			t.Fatalf("inject the fault: %v", err)
		}
	}
	p.await(ctx, t, n)
	p.checkDocumentedRights(ctx, t, n)
	p.finish(ctx, t)
}

// flux returns the Kustomization of the component, and its GitRepository if that is separate.
func (p deliveryCase) flux(n *tenant) string {
	source := n.Prefix
	text := ""
	if p.ownSource {
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
`, n.Prefix, p.name, source)
}

func (n *tenant) ownSource(name string) client.Object {
	return client.Object{Kind: schema.GroupKind{Group: "source.toolkit.fluxcd.io", Kind: "GitRepository"}, Namespace: "flux-system", Name: n.Prefix + "-" + name}
}

// patchSource patches the component's GitRepository.
func patchSource(patch string) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		return shared.lab.Patch(ctx, n.ownSource(name), patch)
	}
}

// patchKustomization patches the component's Kustomization.
func patchKustomization(patch string) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		return shared.lab.Patch(ctx, n.Kustomization(name), patch)
	}
}

// commitChange commits a change of the component's folder.
func commitChange(message string, change func(c *gitops.Checkout, dir string) error) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		_, err := n.Commit(ctx, message, func(c *gitops.Checkout) error { return change(c, filepath.Join("apart", name)) })
		return err
	}
}
