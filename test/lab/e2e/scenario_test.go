package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
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
	// fix are the printed commands that end the fault, each by its beginning; none if the fault is in Git.
	fix []string
	// repeat injects the fault again and waits until it is seen, if the cluster may repair it by itself at any time; nil if it does not.
	repeat func(context.Context, *testing.T)
	// limit is how long the cluster and our clocks may take until the trace says so.
	limit time.Duration
}

type want struct {
	exit              int
	verdict           string
	rung, environment string // of the failing rung; "" when nothing fails
	code              string
	kind, object      string // of the object to blame; TENANT stands for the namespace
	message           string // part of it; the controller's own words
	waits             string // the topmost rung that is progressing; "" is not looked at
	finds             string // a code that stands beside the failing one, on any rung; "" is not looked at
	says              string // words that stand anywhere in the JSON form
}

// patience is the limit where a scenario names none. A fault shows within seconds; but each controller of OpenChoreo has one
// worker, which serves some two hundred releases of all tests at once, and on two busy cores took three minutes to come round.
const patience = 6 * time.Minute

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
	s.conclude(ctx, t)
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

// await traces until the trace says what it must, and shows the last one when it does not.
func (s scenario) await(ctx context.Context, t *testing.T, n *tenant) {
	t.Helper()
	if err := s.seen(ctx, t, n); err != nil {
		shown := choreoAs(t.Context(), t, shared.lab.Kubeconfig(""), s.command("trace")...)
		t.Fatalf("%v\n%s%s", err, shown.stdout, shown.stderr)
	}
}

// seen traces until the trace says what it must; the error is what the last one said instead.
func (s scenario) seen(ctx context.Context, t *testing.T, n *tenant) error {
	t.Helper()
	var problem error
	ask := choreoAs
	// A trace is some twenty requests: asked for every second by each of the parallel tests, they hold up the controllers that they wait for.
	err := wait.PollUntilContextTimeout(ctx, 2*time.Second, s.limit, true, func(ctx context.Context) (bool, error) {
		r := ask(ctx, t, shared.lab.Kubeconfig(""), s.command("trace", "-o", "json")...)
		ask = againAs
		if err := ctx.Err(); err != nil {
			return false, err // what the trace before said counts
		}
		got, err := parse(r)
		if err == nil {
			err = s.want.check(got, r.exit, n.Namespace)
		}
		if err != nil && (problem == nil || problem.Error() != err.Error()) {
			t.Logf("on the way: %v", err)
		}
		problem = err
		return err == nil, nil
	})
	if err != nil && problem == nil {
		return err
	}
	return problem
}

func (s scenario) command(verb string, args ...string) []string {
	component := s.component
	if component == "" {
		component = "greeter-service"
	}
	return append(append([]string{verb, component, "-n", s.tenantName()}, args...), s.args...)
}

// tenantName is the namespace of the scenario, its own unless it shares another's.
func (s scenario) tenantName() string {
	if s.namespace == "" {
		return s.name
	}
	return s.namespace
}

func (w want) check(got traced, exit int, namespace string) error {
	if exit != w.exit || (got.Verdict != w.verdict && w.verdict != "*") {
		return fmt.Errorf("exit %d, verdict %s, failing %+v; want exit %d, verdict %s, code %s", exit, got.Verdict, got.Failing, w.exit, w.verdict, w.code)
	}
	if at := got.waitsAt(); w.waits != "" && at != w.waits {
		return fmt.Errorf("it waits at %q, want %q", at, w.waits)
	}
	if w.finds != "" && !got.finds(w.finds) {
		return fmt.Errorf("it does not find %s", w.finds)
	}
	if !contains(got.text, w.says) {
		return fmt.Errorf("it does not say %q", w.says)
	}
	if (got.Failing == nil) != (w.rung == "") {
		return fmt.Errorf("failing %+v, want rung %q", got.Failing, w.rung)
	}
	if got.Failing == nil {
		return nil
	}
	return w.blames(*got.Failing, namespace)
}

func (w want) blames(f failing, namespace string) error {
	have := []string{f.Rung, f.Environment, f.Code, f.Object.Kind, f.Object.Name}
	must := []string{w.rung, w.environment, w.code, w.kind, inTenant(w.object, namespace)}
	for i := range must {
		if must[i] != have[i] && must[i] != "*" {
			return fmt.Errorf("failing %v, want %v\n%s", have, must, f.Message)
		}
	}
	if !contains(f.Message, inTenant(w.message, namespace)) {
		return fmt.Errorf("message %q, want %q in it", f.Message, w.message)
	}
	return nil
}
