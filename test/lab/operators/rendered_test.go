package operators

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// rendered is a component whose type renders objects of an operator beside its Deployment.
type rendered struct {
	suite.Scenario
	objects []string // see componentType
	// workload is the Deployment; "" for worker.
	workload string
	begin    string // tag of the image of the first release; "" for 1.0.0
	tag      string // of the image of the second release; "" for none
	// first waits for the first release where there is a second one.
	first func(ctx context.Context, p placed) error
	// then acts once the objects are rendered.
	then func(ctx context.Context, p placed) error
}

// placed is where the objects of a component are.
type placed struct {
	tenant    *lab.Tenant
	component string
	namespace string // on the data plane
	base      string // the name of its objects there
}

// look has OpenChoreo read the statuses of the component's objects. It reads those of an object that was healthy every five minutes.
func (p placed) look(ctx context.Context) error {
	return shared.Lab.Patch(ctx, p.tenant.Choreo("RenderedRelease", p.component+"-development"),
		fmt.Sprintf(`{"metadata":{"annotations":{"kubectl-choreo.dev/requestedAt":%q}}}`, time.Now().Format(time.RFC3339Nano)))
}

// object is one of a component's objects on the data plane.
func (p placed) object(group, kind string) client.Object {
	return client.Object{Kind: schema.GroupKind{Group: group, Kind: kind}, Namespace: p.namespace, Name: p.base}
}

// worker is the Deployment of the component.
const worker = `apiVersion: apps/v1
kind: Deployment
metadata: META
spec:
  replicas: 1
  ` + template

// runAll delivers components with a type each, and traces them.
func runAll(t *testing.T, system string, all []rendered) {
	t.Helper()
	needs(t, system)
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 14*time.Minute)
	t.Cleanup(cancel)
	n, err := tenant()
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, r := range all {
		types = append(types, componentType(r.Name, "deployment", append([]string{cmp.Or(r.workload, worker)}, r.objects...)...))
	}
	text := strings.Join(types, "---\n")
	if err := shared.Lab.Apply(ctx, "", text); err != nil {
		t.Fatal(err)
	}
	deliver(ctx, t, n, "add components of "+system, func(c *gitops.Checkout) error {
		if err := c.Write(filepath.Join("platform-shared", "types", strings.ReplaceAll(strings.ToLower(system), " ", "-")+".yaml"), text); err != nil {
			return err
		}
		for _, r := range all {
			release, err := c.AddComponent(r.Name, "deployment/"+r.Name, cmp.Or(r.begin, "1.0.0"))
			if err != nil {
				return err
			}
			if err := c.Bind(r.Name, "development", release); err != nil {
				return err
			}
		}
		return nil
	})
	releaseNext(ctx, t, n, all)
	for _, r := range all {
		t.Run(r.Name, func(t *testing.T) { r.run(t, n) })
	}
}

// releaseNext delivers the second releases, once the first are applied on the data plane.
func releaseNext(ctx context.Context, t *testing.T, n *lab.Tenant, all []rendered) {
	t.Helper()
	all = slices.DeleteFunc(slices.Clone(all), func(r rendered) bool { return r.tag == "" })
	if len(all) == 0 {
		return
	}
	for _, r := range all {
		deployment, err := renderedObject(ctx, n, r.Name, "Deployment")
		if err != nil {
			t.Fatal(err)
		}
		if r.first != nil {
			err = r.first(ctx, placed{n, r.Name, deployment.Namespace, deployment.Name})
		}
		if err != nil {
			t.Fatalf("wait for the first release of %s: %v", r.Name, err)
		}
	}
	deliver(ctx, t, n, "release the next version", func(c *gitops.Checkout) error {
		for _, r := range all {
			if _, err := c.Release(r.Name, r.tag, "development"); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r rendered) run(t *testing.T, n *lab.Tenant) {
	t.Helper()
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	deployment, err := renderedObject(ctx, n, r.Name, "Deployment")
	if err != nil {
		t.Fatal(err)
	}
	if r.then != nil {
		if err := r.then(ctx, placed{n, r.Name, deployment.Namespace, deployment.Name}); err != nil {
			t.Fatalf("inject the fault: %v", err)
		}
	}
	s := r.Scenario
	s.Suite, s.Namespace, s.Component = shared, n.Namespace, r.Name
	if s.Timeout == 0 {
		s.Timeout = 3 * time.Minute
	}
	s.Await(ctx, t)
	s.Finish(ctx, t)
}

// renderedObject is the object of a kind that was rendered for a component.
func renderedObject(ctx context.Context, n *lab.Tenant, component, kind string) (client.Object, error) {
	found := client.Object{}
	within, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	err := shared.Lab.WaitFor(within, n.Choreo("RenderedRelease", component+"-development"), func(u *unstructured.Unstructured) error {
		if u == nil {
			return fmt.Errorf("it does not exist")
		}
		resources, _, _ := unstructured.NestedSlice(u.Object, "spec", "resources")
		for _, resource := range resources {
			item, _ := resource.(map[string]any)
			body, _, _ := unstructured.NestedMap(item, "object")
			if object := (&unstructured.Unstructured{Object: body}); object.GetKind() == kind {
				found = client.Object{Kind: object.GroupVersionKind().GroupKind(), Namespace: object.GetNamespace(), Name: object.GetName()}
			}
		}
		if found.Name == "" {
			return fmt.Errorf("it renders no %s", kind)
		}
		return nil
	})
	if err != nil {
		return found, fmt.Errorf("find the %s of %s: %w", kind, component, err)
	}
	return found, nil
}
