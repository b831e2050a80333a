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

// TestSoak: whatever is pushed in an ordinary day, no trace cries wolf. Two healthy tenants, one of each layout and
// topology, take ten changes each, while a trace every second says Healthy or Progressing and nothing else.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes minutes")
	}
	t.Parallel()
	for _, s := range []*soak{
		{name: "soak", component: "greeter-service", options: lab.TenantOptions{Components: []string{"greeter-service"}}},
		// The definitions of the Gateway API on that plane may be too old for greeter-service: see TestRemotePlane.
		{name: "soak-apart", component: "ledger", options: lab.TenantOptions{BindingsApart: true, DataPlane: "prod", Components: []string{}}, plane: []string{"--plane", "prod=" + remoteContext}},
	} {
		t.Run(s.name, s.run)
	}
}

// soak is one tenant that takes changes while it is watched.
type soak struct {
	name, component string
	options         lab.TenantOptions
	plane           []string // tells the trace how to reach the data plane, where that is another cluster

	n     *tenant
	watch *watch
}

// change is one thing that a developer does; it ends when the trace has said that all of it runs.
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

// start makes the tenant, and waits until it is healthy.
func (s *soak) start(ctx context.Context, t *testing.T) {
	t.Helper()
	s.options.Namespace = s.name
	if suite.Attached() {
		s.options.Namespace = fmt.Sprintf("%s-%d", s.name, os.Getpid()) // a lab that outlives the tests has the tenants of earlier runs
	}
	s.n = &tenant{addTenant(ctx, t, s.options), t}
	if len(s.options.Components) == 0 {
		s.firstComponent(ctx, t)
	}
	healthy := scenario{name: s.options.Namespace, component: s.component, limit: patience, want: want{exit: 0, verdict: "Healthy"}}
	healthy.await(ctx, t, s.n)
}

// firstComponent adds a service that nobody reaches from outside, so that it needs no route.
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
