package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// TestSoak checks for false alarms. It pushes ten ordinary changes to two tenants with different layouts and topologies. Each second, a trace
// must be Healthy or Progressing.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	t.Parallel()
	for _, s := range []*soak{
		{name: "soak", component: "greeter-service", options: lab.TenantOptions{Components: []string{"greeter-service"}}},
		// The CRDs of the Gateway API on that plane may be too old for greeter-service: see TestRemotePlane.
		{name: "soak-apart", component: "ledger", options: lab.TenantOptions{BindingsApart: true, DataPlane: "prod", Components: []string{}}, plane: []string{"--plane", "prod=" + remoteContext}},
	} {
		t.Run(s.name, s.run)
	}
}

// soak is one tenant that is changed while it is traced.
type soak struct {
	name, component string
	options         lab.TenantOptions
	plane           []string // flags of trace for a data plane in another cluster

	n     *tenant
	watch *watch
}

// change is one change of a developer. push returns when the trace is healthy and current.
type change struct {
	title string
	push  func(ctx context.Context, title string) error
}

func (s *soak) run(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	s.start(ctx, t)
	s.watch = &watch{
		t: t, dir: t.TempDir(), kubeconfig: bothClusters(t),
		component: s.component, namespace: s.n.Namespace, plane: s.plane, alarms: map[string]bool{},
	}
	defer s.watch.begin(ctx)()
	for _, c := range s.changes() {
		began := time.Now()
		if err := c.push(ctx, c.title); err != nil {
			t.Fatalf("%s: %v", c.title, err)
		}
		t.Logf("%s: %.0f s", c.title, time.Since(began).Seconds())
	}
}

// start adds the tenant, and waits until it is healthy.
func (s *soak) start(ctx context.Context, t *testing.T) {
	t.Helper()
	s.options.Namespace = s.name
	if suite.Attached() {
		s.options.Namespace = fmt.Sprintf("%s-%d", s.name, os.Getpid()) // a shared lab has the tenants of earlier runs
	}
	s.n = &tenant{addTenant(ctx, t, s.options), t}
	if len(s.options.Components) == 0 {
		s.firstComponent(ctx, t)
	}
	healthy := scenario{name: s.options.Namespace, component: s.component, timeout: defaultTimeout, want: want{exit: 0, verdict: "Healthy"}}
	healthy.await(ctx, t, s.n)
}

// firstComponent adds a service with project visibility only, which needs no route.
func (s *soak) firstComponent(ctx context.Context, t *testing.T) {
	t.Helper()
	var release string
	declare := func(c *gitops.Checkout) error {
		if err := c.Declare(s.component, "deployment/service", "1.0.0"); err != nil {
			return err
		}
		err := c.Set(s.workload(), projectEndpoint(), "spec", "endpoints", "http")
		if err == nil {
			release, err = c.CutRelease(s.component)
		}
		return err
	}
	bind := func(c *gitops.Checkout) error {
		return errors.Join(c.Bind(s.component, "development", release), c.Bind(s.component, "staging", release))
	}
	if _, err := s.ordered(ctx, "add "+s.component, declare, bind); err != nil {
		t.Fatalf("add the first component: %v", err)
	}
}
