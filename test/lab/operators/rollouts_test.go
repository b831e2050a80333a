package operators

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// rolled is a component that runs by a Rollout.
type rolled struct {
	suite.Scenario
	kind string // its component type
	tag  string // of the image of the second release; "" for none
	// then acts on the Rollout after the second release.
	then func(ctx context.Context, r client.Object) error
}

// TestRollouts delivers components with a Rollout, then a second release of each, and traces what comes of it.
func TestRollouts(t *testing.T) {
	needs(t, "Argo Rollouts")
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 14*time.Minute)
	t.Cleanup(cancel)
	n, err := tenant()
	if err != nil {
		t.Fatal(err)
	}
	all := append(canaries(), blueGreens()...)
	if err := shared.Lab.Apply(ctx, "", rolloutTypes()); err != nil {
		t.Fatal(err)
	}
	deliver(ctx, t, n, "add components with Rollouts", func(c *gitops.Checkout) error {
		if err := c.Write(filepath.Join("platform-shared", "types", "rollouts.yaml"), rolloutTypes()); err != nil {
			return err
		}
		for _, r := range all {
			release, err := c.AddComponent(r.Name, r.kind, "1.0.0")
			if err != nil {
				return err
			}
			if err := c.Bind(r.Name, "development", release); err != nil {
				return err
			}
		}
		return nil
	})
	for _, r := range all {
		if r.tag == "" {
			continue
		}
		if err := inPhaseOf(ctx, rolloutOf(ctx, t, n, r.Name), "Healthy"); err != nil {
			t.Fatal(err)
		}
	}
	deliver(ctx, t, n, "release the next version", func(c *gitops.Checkout) error {
		for _, r := range all {
			if r.tag == "" {
				continue
			}
			if _, err := c.Release(r.Name, r.tag, "development"); err != nil {
				return err
			}
		}
		return nil
	})
	for _, r := range all {
		t.Run(r.Name, func(t *testing.T) { r.run(t, n) })
	}
}

func (r rolled) run(t *testing.T, n *lab.Tenant) {
	t.Helper()
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	object := rolloutOf(ctx, t, n, r.Name)
	if r.then != nil {
		if err := r.then(ctx, object); err != nil {
			t.Fatalf("act on the Rollout: %v", err)
		}
	}
	s := r.Scenario
	s.Suite, s.Namespace, s.Component, s.Timeout = shared, n.Namespace, r.Name, 3*time.Minute
	if err := s.WaitForTrace(ctx, t); err != nil {
		shown := s.RunAs(t.Context(), t, s.Lab.Kubeconfig(""), s.CommandArgs("trace")...)
		status, _ := shared.Lab.Kubectl(t.Context(), "", "", "get", "rollout", object.Name, "--namespace="+object.Namespace, "--output=yaml")
		t.Fatalf("%v\n%s%s\n%s", err, shown.Stdout, shown.Stderr, status)
	}
	s.Finish(ctx, t)
}

// delivering is held from a commit until it is applied: of two commits Flux may apply only the second.
var delivering sync.Mutex

// deliver commits and waits until Flux has applied the commit.
func deliver(ctx context.Context, t *testing.T, n *lab.Tenant, message string, edit func(c *gitops.Checkout) error) {
	t.Helper()
	if err := commit(ctx, n, message, edit); err != nil {
		t.Fatal(err)
	}
}

func commit(ctx context.Context, n *lab.Tenant, message string, edit func(c *gitops.Checkout) error) error {
	delivering.Lock()
	defer delivering.Unlock()
	sha, err := n.Commit(ctx, message, edit)
	if err != nil {
		return err
	}
	return shared.Lab.WaitForApplied(ctx, n.Kustomization("projects"), sha)
}

// rolloutOf is the Rollout that was rendered for a component.
func rolloutOf(ctx context.Context, t *testing.T, n *lab.Tenant, component string) client.Object {
	t.Helper()
	found, err := renderedObject(ctx, n, component, "Rollout")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// inPhaseOf waits until the newest template of a Rollout is in a phase.
func inPhaseOf(ctx context.Context, rollout client.Object, phase string) error {
	within, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	if err := shared.Lab.WaitFor(within, rollout, func(u *unstructured.Unstructured) error {
		if u == nil {
			return fmt.Errorf("it does not exist")
		}
		is, _, _ := unstructured.NestedString(u.Object, "status", "phase")
		message, _, _ := unstructured.NestedString(u.Object, "status", "message")
		observed, _, _ := unstructured.NestedString(u.Object, "status", "observedGeneration")
		if is != phase || observed != fmt.Sprint(u.GetGeneration()) {
			return fmt.Errorf("phase %s at generation %s: %s", is, observed, message)
		}
		return nil
	}); err != nil {
		return fmt.Errorf("wait for Rollout %s: %w", rollout.Name, err)
	}
	return nil
}
