package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// fleetCase is a component with one fault. All share a tenant, because these faults do not affect the delivery of other components.
type fleetCase struct {
	scenario
	kind, tag    string   // component type and image tag; default deployment/worker and 1.0.0
	environments []string // with a binding; default development
	noRelease    bool     // no release and no binding
	// declare changes its files before its release is generated.
	declare func(c *gitops.Checkout, name string) error
	// bound changes its files after the bindings are written.
	bound func(c *gitops.Checkout, name, release string) error
	// then injects a fault after the delivery.
	then func(ctx context.Context, n *tenant, name string) error
	// slow is true if the cluster takes minutes until it shows the fault. Then the fault is injected while other tests run.
	slow bool
	// recovers is true if the cluster soon repairs the fault, possibly while another test's commit makes the trace progressing. Then the
	// fault is injected again.
	recovers bool
}

// fleetTenantName has the -suffix for a second run on the same lab.
func fleetTenantName() string { return "fleet" + *suffix }

// TestFleet delivers all components with one commit, and traces each.
func TestFleet(t *testing.T) {
	t.Parallel()
	var all []fleetCase
	for _, some := range [][]fleetCase{brokenEnvironments(), brokenDeclarations(), brokenBindings(), brokenRenderings(), brokenConnections(), brokenKinds(), brokenPods(), mutatedByWebhook(), brokenNodes()} {
		all = append(all, some...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	n := fleetTenant(ctx, t)
	sha, err := n.Commit(ctx, "add the fleet", func(c *gitops.Checkout) error { return writeFleet(c, all) })
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.WaitForApplied(ctx, n.Kustomization("projects"), sha); err != nil {
		t.Fatal(err)
	}
	injected := injectSlowFaults(ctx, n, all)
	for _, b := range all {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			if failed := injected[b.name]; failed != nil {
				b.then = func(context.Context, *tenant, string) error { return <-failed }
			}
			b.run(t, n)
		})
	}
	t.Cleanup(cancel)
}

// injectSlowFaults starts to inject the slow faults. Each channel has the error of one, once.
func injectSlowFaults(ctx context.Context, n *tenant, all []fleetCase) map[string]<-chan error {
	injected := map[string]<-chan error{}
	for _, b := range all {
		if !b.slow {
			continue
		}
		failed := make(chan error, 1)
		injected[b.name] = failed
		go func() { failed <- b.then(ctx, n, b.name) }()
	}
	return injected
}

func (b fleetCase) run(t *testing.T, n *tenant) {
	t.Helper()
	b.namespace = fleetTenantName()
	if b.component == "" {
		b.component = b.name
	}
	if b.timeout == 0 {
		b.timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(t.Context(), b.timeout+5*time.Minute)
	defer cancel()
	b.injectFault(ctx, t, n)
	b.awaitFault(ctx, t, n)
	b.checkDocumentedRights(ctx, t, n)
	if b.recovers {
		b.reinject = func(ctx context.Context, t *testing.T) {
			t.Helper()
			b.injectFault(ctx, t, n)
			b.await(ctx, t, n)
		}
	}
	b.finish(ctx, t)
}

func (b fleetCase) injectFault(ctx context.Context, t *testing.T, n *tenant) {
	t.Helper()
	if b.then == nil {
		return
	}
	if err := b.then(ctx, &tenant{n.Tenant, t}, b.name); err != nil {
		t.Fatalf("inject the fault: %v", err)
	}
}

func (b fleetCase) awaitFault(ctx context.Context, t *testing.T, n *tenant) {
	t.Helper()
	short := b.scenario
	short.timeout = time.Minute
	for tries := 1; b.recovers && tries < 3; tries++ {
		if short.waitForTrace(ctx, t, n) == nil {
			return
		}
		b.injectFault(ctx, t, n)
	}
	b.await(ctx, t, n)
}

// fleetTenant adds the tenant and the cluster-scoped objects of the fleet.
func fleetTenant(ctx context.Context, t *testing.T) *tenant {
	t.Helper()
	if err := shared.lab.Apply(ctx, "", foreignDefinitions()); err != nil {
		t.Fatal(err)
	}
	if err := addPlanes(ctx); err != nil {
		t.Fatal(err)
	}
	if err := enableMutations(ctx); err != nil {
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
	added := addTenant(ctx, t, lab.TenantOptions{Namespace: fleetTenantName(), Components: []string{"greeter-service"}})
	if err := shared.lab.WaitForHealthy(ctx, added, "greeter-service", "development", 4*time.Minute); err != nil {
		t.Fatal(err)
	}
	return &tenant{added, t}
}

// renderedObject returns the rendered object of a kind, after it is applied.
func (n *tenant) renderedObject(ctx context.Context, component, environment string, kind schema.GroupKind) (client.Object, error) {
	found := client.Object{Kind: kind}
	err := shared.lab.WaitFor(ctx, n.Choreo("RenderedRelease", component+"-"+environment), func(u *unstructured.Unstructured) error {
		if u == nil {
			return fmt.Errorf("object not found")
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
			return fmt.Errorf("no %s is rendered", kind)
		}
		return client.HasCondition(u, "ResourcesApplied", "True", "")
	})
	return found, err
}

// triggerRenderedRelease triggers a reconciliation of the RenderedRelease. The annotation has a new value each time, because an unchanged
// value triggers nothing.
func (n *tenant) triggerRenderedRelease(ctx context.Context, component, environment string) error {
	return shared.lab.Patch(ctx, n.Choreo("RenderedRelease", component+"-"+environment),
		fmt.Sprintf(`{"metadata":{"annotations":{"kubectl-choreo.dev/requestedAt":%q}}}`, time.Now().Format(time.RFC3339Nano)))
}

func exists(u *unstructured.Unstructured) error {
	if u == nil {
		return fmt.Errorf("object not found")
	}
	return nil
}
