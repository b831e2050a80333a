package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// scenario is one fault: what breaks, and where the trace must put its finger.
type scenario struct {
	name      string
	fault     string            // what breaks, in one sentence
	namespace string            // of the tenant; default the name
	component string            // default greeter-service
	options   lab.TenantOptions // of the tenant that is broken
	args      []string          // further arguments of trace
	inject    func(ctx context.Context, n *tenant) error
	want      want
	fix       []string                          // see suite.Scenario
	repeat    func(context.Context, *testing.T) // see suite.Scenario
	limit     time.Duration                     // see suite.Scenario
	exporter  *fleetExporter                    // must show the fault as well; may be nil
}

// want is suite.Want.
type want struct {
	exit              int
	verdict           string
	rung, environment string
	code              string
	kind, object      string
	message           string
	waits             string
	finds             string
	says              string
}

const patience = suite.Patience

// record is true if snapshots are written.
var record = suite.Record

// suffix is that of the names of tenants.
var suffix = suite.Suffix

// tenant is a tenant of the lab under test.
type tenant struct {
	*lab.Tenant
	t *testing.T
}

func (s scenario) run(t *testing.T) {
	t.Helper()
	t.Parallel()
	if s.limit == 0 {
		s.limit = patience
	}
	ctx, cancel := context.WithTimeout(t.Context(), s.limit+6*time.Minute)
	defer cancel()
	n := s.healthyTenant(ctx, t)
	if s.inject != nil {
		if err := s.inject(ctx, n); err != nil {
			t.Fatalf("inject the fault: %v", err)
		}
	}
	s.await(ctx, t, n)
	s.namespace = n.Namespace
	s.reachesOthers(ctx, t, time.Now())
	s.conclude(ctx, t)
}

// reachesOthers holds that the exporter and an agent find what the trace has seen, if it is a failure.
func (s scenario) reachesOthers(ctx context.Context, t *testing.T, seen time.Time) {
	t.Helper()
	if s.want.rung == "" {
		return
	}
	if s.exporter != nil {
		s.exported(ctx, t, seen)
	}
	s.diagnosed(ctx, t)
}

func (s scenario) healthyTenant(ctx context.Context, t *testing.T) *tenant {
	t.Helper()
	o := s.options
	o.Namespace = s.name
	if o.Components == nil {
		o.Components = []string{"greeter-service"}
	}
	if o.DataPlane == "own" {
		o.DataPlane = s.name
		if err := shared.lab.StartAgent(ctx, s.name, ""); err != nil {
			t.Fatal(err)
		}
	}
	added := addTenant(ctx, t, o)
	if o.DataPlane == s.name {
		// Without its agent, OpenChoreo 1.2.3 tries to finalize the tenant's RenderedReleases 14 times a second, for ever: a quarter of
		// what the lab's API server does in all these tests (internal/controller/renderedrelease/controller_finalize.go).
		t.Cleanup(func() {
			if err := shared.lab.Restart("cluster-agent-" + s.name); err != nil {
				t.Errorf("restart the agent of the tenant: %v", err)
			}
		})
	}
	if o.DataPlane != "prod" {
		for _, component := range o.Components {
			if err := shared.lab.Healthy(ctx, added, component, "development", 4*time.Minute); err != nil {
				t.Fatalf("wait for a healthy tenant: %v", err)
			}
		}
	}
	return &tenant{added, t}
}

// addTenant makes a tenant that lasts as long as its test. What is broken is looked at every ten seconds, by workers that all tenants
// share: what nobody asks about any more must not make the others wait. What has failed stays, to be looked at.
func addTenant(ctx context.Context, t *testing.T, o lab.TenantOptions) *lab.Tenant {
	t.Helper()
	added, err := shared.lab.AddTenant(ctx, o)
	if err != nil {
		t.Fatalf("make the tenant: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() || *record {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := added.Retire(ctx); err != nil {
			t.Errorf("retire the tenant: %v", err)
		}
	})
	return added
}

// in is the scenario as the suite runs it, in a namespace.
func (s scenario) in(namespace string) suite.Scenario {
	component := s.component
	if component == "" {
		component = "greeter-service"
	}
	return suite.Scenario{
		Suite: shared.Suite, Name: s.name, Fault: s.fault, Namespace: namespace, Component: component, Args: s.args,
		Want: s.want.shared(), Fix: s.fix, Repeat: s.repeat, Limit: s.limit,
	}
}

func (s scenario) await(ctx context.Context, t *testing.T, n *tenant) {
	t.Helper()
	s.in(n.Namespace).Await(ctx, t)
}

// seen traces until the trace says what it must; the error is what the last one said instead.
func (s scenario) seen(ctx context.Context, t *testing.T, n *tenant) error {
	t.Helper()
	return s.in(n.Namespace).Seen(ctx, t)
}

func (s scenario) conclude(ctx context.Context, t *testing.T) {
	t.Helper()
	s.in(s.tenantName()).Conclude(ctx, t)
}

func (s scenario) fixes(ctx context.Context, t *testing.T) {
	t.Helper()
	s.in(s.tenantName()).Fixes(ctx, t)
}

func (s scenario) command(verb string, args ...string) []string {
	return s.in(s.tenantName()).Verb(verb, args...)
}

// tenantName is the namespace of the scenario, its own unless it shares another's.
func (s scenario) tenantName() string {
	if s.namespace == "" {
		return s.name
	}
	return s.namespace
}

func recordAs(ctx context.Context, t *testing.T, name string, s scenario) {
	t.Helper()
	recordWith(ctx, t, shared.lab.Kubeconfig(""), name, s)
}

func recordWith(ctx context.Context, t *testing.T, kubeconfig, name string, s scenario) {
	t.Helper()
	s.in(s.tenantName()).RecordAs(ctx, t, kubeconfig, name)
}

func (w want) check(got traced, exit int, namespace string) error {
	return w.shared().Check(got, exit, namespace)
}

func (w want) shared() suite.Want {
	return suite.Want{
		Exit: w.exit, Verdict: w.verdict, Rung: w.rung, Environment: w.environment, Code: w.code, Kind: w.kind, Object: w.object,
		Message: w.message, Waits: w.waits, Finds: w.finds, Says: w.says,
	}
}
