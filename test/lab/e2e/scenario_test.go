package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// scenario is one fault in a tenant, and the trace that is expected.
type scenario struct {
	name      string
	fault     string            // the fault in one sentence
	namespace string            // of the tenant; default: name
	component string            // default: greeter-service
	options   lab.TenantOptions // of the tenant
	args      []string          // further arguments of trace
	inject    func(ctx context.Context, n *tenant) error
	want      want
	fix       []string                          // see suite.Scenario
	reinject  func(context.Context, *testing.T) // see suite.Scenario
	timeout   time.Duration                     // see suite.Scenario
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
	progressing       string
	finding           string
	contains          string
}

const defaultTimeout = suite.DefaultTimeout

// record is true if the tests write snapshots.
var record = suite.Record

// suffix is appended to the names of tenants.
var suffix = suite.Suffix

// tenant is a tenant of the lab under test.
type tenant struct {
	*lab.Tenant
	t *testing.T
}

func (s scenario) run(t *testing.T) {
	t.Helper()
	t.Parallel()
	if s.timeout == 0 {
		s.timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(t.Context(), s.timeout+6*time.Minute)
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
	s.finish(ctx, t)
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
		// Without the agent, OpenChoreo 1.2.3 retries to finalize the tenant's RenderedReleases 14 times a second forever, which is a quarter of
		// the API server's load in these tests (internal/controller/renderedrelease/controller_finalize.go).
		t.Cleanup(func() {
			if err := shared.lab.Restart("cluster-agent-" + s.name); err != nil {
				t.Errorf("restart the agent of the tenant: %v", err)
			}
		})
	}
	if o.DataPlane != "prod" {
		for _, component := range o.Components {
			if err := shared.lab.WaitForHealthy(ctx, added, component, "development", 4*time.Minute); err != nil {
				t.Fatalf("wait for the tenant: %v", err)
			}
		}
	}
	return &tenant{added, t}
}

// addTenant adds a tenant for the duration of a test. It is deleted after the test, because controllers poll failing objects every ten
// seconds, and all tenants share their workers. The tenant of a failed test remains for debugging.
func addTenant(ctx context.Context, t *testing.T, o lab.TenantOptions) *lab.Tenant {
	t.Helper()
	added, err := shared.lab.AddTenant(ctx, o)
	if err != nil {
		t.Fatalf("add the tenant: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() || *record {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := added.DeleteKustomizations(ctx); err != nil {
			t.Errorf("delete the tenant: %v", err)
		}
	})
	return added
}

// in returns the suite's scenario in a namespace.
func (s scenario) in(namespace string) suite.Scenario {
	component := s.component
	if component == "" {
		component = "greeter-service"
	}
	return suite.Scenario{
		Suite: shared.Suite, Name: s.name, Fault: s.fault, Namespace: namespace, Component: component, Args: s.args,
		Want: s.want.suiteWant(), Fix: s.fix, Reinject: s.reinject, Timeout: s.timeout,
	}
}

func (s scenario) await(ctx context.Context, t *testing.T, n *tenant) {
	t.Helper()
	s.in(n.Namespace).Await(ctx, t)
}

// waitForTrace waits until the trace matches. The error is the difference of the last trace.
func (s scenario) waitForTrace(ctx context.Context, t *testing.T, n *tenant) error {
	t.Helper()
	return s.in(n.Namespace).WaitForTrace(ctx, t)
}

func (s scenario) finish(ctx context.Context, t *testing.T) {
	t.Helper()
	s.in(s.tenantName()).Finish(ctx, t)
}

func (s scenario) runFixes(ctx context.Context, t *testing.T) {
	t.Helper()
	s.in(s.tenantName()).RunFixes(ctx, t)
}

func (s scenario) commandArgs(verb string, args ...string) []string {
	return s.in(s.tenantName()).CommandArgs(verb, args...)
}

// tenantName returns the namespace of the scenario.
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

func (w want) check(got traceResult, exit int, namespace string) error {
	return w.suiteWant().Check(got, exit, namespace)
}

func (w want) suiteWant() suite.Want {
	return suite.Want{
		Exit: w.exit, Verdict: w.verdict, Rung: w.rung, Environment: w.environment, Code: w.code, Kind: w.kind, Object: w.object,
		Message: w.message, Progressing: w.progressing, Finding: w.finding, Contains: w.contains,
	}
}
