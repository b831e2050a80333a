package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// broken is a component that is broken in one way, beside many others of one tenant: what passes Flux breaks nobody else.
type broken struct {
	scenario
	kind, tag    string   // component type and image tag; default deployment/worker and 1.0.0
	environments []string // that it is bound to; default development
	uncut        bool     // no release and no binding
	// declare changes its files before its release is cut.
	declare func(c *gitops.Checkout, name string) error
	// bound changes its files after it was bound.
	bound func(c *gitops.Checkout, name, release string) error
	// then breaks what was delivered.
	then func(ctx context.Context, n *tenant, name string) error
	// heals says that it is soon well again by itself, maybe while a commit of another test is under way, below which nothing has
	// failed yet. Then it is broken anew.
	heals bool
}

// fleet is the tenant of all broken components; on a lab that runs already, a second run needs another.
func fleet() string { return "fleet" + *suffix }

// TestFleet delivers all broken components by one commit, and traces each.
func TestFleet(t *testing.T) {
	t.Parallel()
	var all []broken
	for _, some := range [][]broken{brokenDeclarations(), brokenBindings(), brokenRenderings(), brokenConnections(), brokenKinds(), brokenPlaces(), brokenPods(), mutated(), brokenNodes()} {
		all = append(all, some...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	n := fleetTenant(ctx, t)
	sha, err := n.Commit(ctx, "add the fleet", func(c *gitops.Checkout) error { return deliver(c, all) })
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.Applied(ctx, n.Kustomization("projects"), sha); err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		t.Run(b.name, func(t *testing.T) { b.run(t, n) })
	}
	t.Cleanup(cancel)
}

func (b broken) run(t *testing.T, n *tenant) {
	t.Helper()
	t.Parallel()
	b.namespace = fleet()
	if b.component == "" {
		b.component = b.name
	}
	if b.limit == 0 {
		b.limit = patience
	}
	ctx, cancel := context.WithTimeout(t.Context(), b.limit+5*time.Minute)
	defer cancel()
	b.injected(ctx, t, n)
	b.noticed(ctx, t, n)
	b.suffices(ctx, t, n)
	if b.heals {
		b.repeat = func(ctx context.Context, t *testing.T) {
			t.Helper()
			b.injected(ctx, t, n)
			b.await(ctx, t, n)
		}
	}
	b.conclude(ctx, t)
}

func (b broken) injected(ctx context.Context, t *testing.T, n *tenant) {
	t.Helper()
	if b.then == nil {
		return
	}
	if err := b.then(ctx, &tenant{n.Tenant, t}, b.name); err != nil {
		t.Fatalf("inject the fault: %v", err)
	}
}

func (b broken) noticed(ctx context.Context, t *testing.T, n *tenant) {
	t.Helper()
	soon := b.scenario
	soon.limit = time.Minute
	for tries := 1; b.heals && tries < 3; tries++ {
		if soon.seen(ctx, t, n) == nil {
			return
		}
		b.injected(ctx, t, n)
	}
	b.await(ctx, t, n)
}

// fleetTenant is one namespace with more environments than usual, and the types that the fleet needs.
func fleetTenant(ctx context.Context, t *testing.T) *tenant {
	t.Helper()
	if err := shared.lab.Apply(ctx, "", foreignDefinitions()); err != nil {
		t.Fatal(err)
	}
	if err := addPlanes(ctx); err != nil {
		t.Fatal(err)
	}
	if err := switchMutations(ctx); err != nil {
		t.Fatal(err)
	}
	if err := addNode(ctx); err != nil {
		t.Fatal(err)
	}
	for name, text := range fleetTypes() {
		if err := shared.lab.Apply(ctx, "", text); err != nil {
			t.Fatalf("add type %s: %v", name, err)
		}
	}
	added := addTenant(ctx, t, lab.TenantOptions{Namespace: fleet(), Components: []string{"greeter-service"}})
	if err := shared.lab.Healthy(ctx, added, "greeter-service", "development", 4*time.Minute); err != nil {
		t.Fatal(err)
	}
	return &tenant{added, t}
}

// deliver writes the files of all components.
func deliver(c *gitops.Checkout, all []broken) error {
	for name, text := range fleetTypes() {
		if err := c.Write(filepath.Join("platform-shared", "types", name+".yaml"), text); err != nil {
			return err
		}
	}
	if err := writePlaces(c); err != nil {
		return err
	}
	for _, b := range all {
		if b.component != "" {
			continue // it is another's
		}
		if err := b.write(c); err != nil {
			return fmt.Errorf("write %s: %w", b.name, err)
		}
	}
	return nil
}

func (b broken) write(c *gitops.Checkout) error {
	kind, tag, environments := b.kind, b.tag, b.environments
	if kind == "" {
		kind = "deployment/worker"
	}
	if tag == "" {
		tag = "1.0.0"
	}
	if environments == nil {
		environments = []string{"development"}
	}
	if err := c.Declare(b.name, kind, tag); err != nil {
		return err
	}
	if b.declare != nil {
		if err := b.declare(c, b.name); err != nil {
			return err
		}
	}
	if b.uncut {
		return nil
	}
	release, err := c.CutRelease(b.name)
	if err != nil {
		return err
	}
	for _, e := range environments {
		if err := c.Bind(b.name, e, release); err != nil {
			return err
		}
	}
	if b.bound != nil {
		return b.bound(c, b.name, release)
	}
	return nil
}

// set changes one field of a file of the component.
func set(file string, value any, field ...string) func(*gitops.Checkout, string) error {
	return func(c *gitops.Checkout, name string) error {
		return c.Set(filepath.Join(c.ComponentDir(name), file), value, field...)
	}
}

// rebind changes one field of the binding to development.
func rebind(value any, field ...string) func(*gitops.Checkout, string, string) error {
	return func(c *gitops.Checkout, name, _ string) error {
		return c.Set(c.BindingFile(name, "development"), value, field...)
	}
}

// onPlane finds the object of a kind that was rendered for the component, once it is there.
func (n *tenant) onPlane(ctx context.Context, component, environment string, kind schema.GroupKind) (client.Object, error) {
	found := client.Object{Kind: kind}
	err := shared.lab.WaitFor(ctx, n.Choreo("RenderedRelease", component+"-"+environment), func(u *unstructured.Unstructured) error {
		if u == nil {
			return fmt.Errorf("it does not exist")
		}
		resources, _, _ := unstructured.NestedSlice(u.Object, "spec", "resources")
		for _, r := range resources {
			item, _ := r.(map[string]any)
			body, _, _ := unstructured.NestedMap(item, "object")
			object := unstructured.Unstructured{Object: body}
			if object.GroupVersionKind().GroupKind() == kind {
				found.Namespace, found.Name = object.GetNamespace(), object.GetName()
			}
		}
		if found.Name == "" {
			return fmt.Errorf("it renders no %s", kind)
		}
		return client.HasCondition(u, "ResourcesApplied", "True", "")
	})
	return found, err
}

// look makes OpenChoreo look at the plane at once. An annotation that is set to the value it has changes nothing, and nothing is reconciled.
func (n *tenant) look(ctx context.Context, component, environment string) error {
	return shared.lab.Patch(ctx, n.Choreo("RenderedRelease", component+"-"+environment),
		fmt.Sprintf(`{"metadata":{"annotations":{"kubectl-choreo.dev/requestedAt":%q}}}`, time.Now().Format(time.RFC3339Nano)))
}

func exists(u *unstructured.Unstructured) error {
	if u == nil {
		return fmt.Errorf("it does not exist")
	}
	return nil
}
