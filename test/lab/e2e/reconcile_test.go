package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// outcome is the expected result of a command.
type outcome struct {
	exit     int
	contains []string // texts on either stream; TENANT is the namespace
	within   time.Duration
}

// reconcile runs reconcile in the tenant's clone, and checks the outcome.
func (n *tenant) reconcile(ctx context.Context, t *testing.T, want outcome, args ...string) result {
	t.Helper()
	return n.choreoAs(ctx, t, shared.lab.Kubeconfig(""), want, "reconcile", args...)
}

// choreoAs runs a command in the tenant's clone with a kubeconfig, and checks the outcome.
func (n *tenant) choreoAs(ctx context.Context, t *testing.T, kubeconfig string, want outcome, verb string, args ...string) result {
	t.Helper()
	begin := time.Now()
	r := choreoIn(ctx, t, n.Repo.Dir, kubeconfig, append([]string{verb, "-n", n.Namespace}, args...)...)
	took := time.Since(begin)
	if r.exit != want.exit || (want.within > 0 && took > want.within) {
		t.Errorf("%s %v: exit %d after %s, want %d within %s\n%s%s", verb, args, r.exit, took, want.exit, want.within, r.stdout, r.stderr)
	}
	for _, text := range want.contains {
		if !contains(r.stdout+r.stderr, inTenant(text, n.Namespace)) {
			t.Errorf("%s %v does not print %q:\n%s%s", verb, args, inTenant(text, n.Namespace), r.stdout, r.stderr)
		}
	}
	return r
}

// push pushes a commit without triggering Flux.
func (n *tenant) push(ctx context.Context, t *testing.T, message string, edit func(c *gitops.Checkout) error) string {
	t.Helper()
	sha, err := n.Push(ctx, message, func() error { return edit(n.Checkout) })
	if err != nil {
		t.Fatal(err)
	}
	return sha
}

func replicas(count int64) func(c *gitops.Checkout) error {
	return func(c *gitops.Checkout) error {
		return c.Set(c.BindingFile("greeter-service", "development"), count, "spec", "componentTypeEnvironmentConfigs", "replicas")
	}
}

// expectApplied checks that the component's Kustomization has applied a commit.
func (n *tenant) expectApplied(ctx context.Context, t *testing.T, sha string) {
	t.Helper()
	u, err := shared.lab.Get(ctx, n.Kustomization("projects"))
	if err != nil {
		t.Fatal(err)
	}
	if revision, _, _ := unstructured.NestedString(u.Object, "status", "lastAppliedRevision"); revision != "main@sha1:"+sha {
		t.Errorf("applied revision %s, want %s", revision, sha)
	}
}

// slow is the maximum time on a busy machine. TestMeasureReconcile checks the real budget.
const slow = 2 * time.Minute

// TestReconcile runs reconcile in one tenant, in all situations that end in success.
func TestReconcile(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "reconcile" + *suffix}.healthyTenant(ctx, t)
	good := outcome{exit: 0, contains: []string{"Reconciled in", "Healthy in development"}, within: slow}

	t.Run("NewCommit", func(t *testing.T) {
		sha := n.push(ctx, t, "run two", replicas(2))
		n.reconcile(ctx, t, good, "greeter-service", "--wait", "--revision", "HEAD")
		n.expectApplied(ctx, t, sha)
	})
	t.Run("NothingToDo", func(t *testing.T) {
		n.reconcile(ctx, t, outcome{exit: 0, contains: []string{"Reconciled in", "oc-TENANT-projects  current"}, within: slow}, "greeter-service", "--wait")
	})
	t.Run("Plan", func(t *testing.T) { n.testPlan(ctx, t) })
	t.Run("ProjectAndNamespace", func(t *testing.T) {
		n.reconcile(ctx, t, outcome{exit: 0, contains: []string{"Reconciled in"}, within: slow}, "-p", "demo", "--wait")
		n.reconcile(ctx, t, outcome{exit: 0, contains: []string{"Reconciled in", "oc-TENANT-projects"}, within: slow}, "--full")
	})
	t.Run("TwoAtOnce", func(t *testing.T) {
		n.push(ctx, t, "run one", replicas(1))
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { n.reconcile(ctx, t, good, "greeter-service", "--wait", "--revision", "HEAD", "--full") })
		}
		both.Wait()
	})
	t.Run("ForeignTokens", func(t *testing.T) { n.testForeignTokens(ctx, t) })
	t.Run("Events", func(t *testing.T) { n.testEvents(ctx, t) })
}

// testPlan expects that --dry-run prints the graph and writes nothing.
func (n *tenant) testPlan(ctx context.Context, t *testing.T) {
	t.Helper()
	before := n.requestedAt(ctx, t)
	n.reconcile(ctx, t, outcome{exit: 0, contains: []string{"  1  GitRepository flux-system/oc-TENANT", "after Kustomization flux-system/oc-TENANT-platform"}}, "greeter-service", "--dry-run")
	r := n.reconcile(ctx, t, outcome{exit: 0}, "greeter-service", "--dry-run", "-o", "json")
	var plan struct {
		Kind  string
		Waves [][]struct{ Object struct{ Name string } }
	}
	if err := json.Unmarshal([]byte(r.stdout), &plan); err != nil || plan.Kind != "ReconcilePlan" || len(plan.Waves) != 5 {
		t.Errorf("plan %+v, %v; want five waves\n%s", plan, err, r.stdout)
	}
	if after := n.requestedAt(ctx, t); after != before {
		t.Errorf("--dry-run wrote the annotation %q", after)
	}
}

// requestedAt returns the requestedAt annotation of the component's Kustomization.
func (n *tenant) requestedAt(ctx context.Context, t *testing.T) string {
	t.Helper()
	u, err := shared.lab.Get(ctx, n.Kustomization("projects"))
	if err != nil {
		t.Fatal(err)
	}
	return u.GetAnnotations()["reconcile.fluxcd.io/requestedAt"]
}

// testForeignTokens overwrites the requestedAt annotation ten times a second. The run must neither hang nor end before the commit is applied.
func (n *tenant) testForeignTokens(ctx context.Context, t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(ctx)
	var other sync.WaitGroup
	for _, o := range []client.Object{n.Source(), n.Kustomization("projects")} {
		other.Go(func() {
			ticks := time.NewTicker(100 * time.Millisecond)
			defer ticks.Stop()
			for i := 0; ctx.Err() == nil; i++ {
				_ = shared.lab.RequestReconcile(ctx, o, fmt.Sprint("other ", i))
				select {
				case <-ctx.Done():
				case <-ticks.C:
				}
			}
		})
	}
	defer other.Wait()
	defer stop()
	sha := n.push(ctx, t, "run two", replicas(2))
	n.reconcile(ctx, t, outcome{exit: 0, contains: []string{"Reconciled in"}, within: slow}, "greeter-service", "--revision", "HEAD")
	n.expectApplied(ctx, t, sha)
}

// testEvents expects that each line of the JSON output is an event, and the last one the report.
func (n *tenant) testEvents(ctx context.Context, t *testing.T) {
	t.Helper()
	n.push(ctx, t, "run one", replicas(1))
	r := n.reconcile(ctx, t, outcome{exit: 0}, "greeter-service", "--wait", "-o", "json", "--revision", "HEAD")
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	var last struct {
		APIVersion, Kind string
		Components       []struct{ Verdict string }
	}
	for i, line := range lines {
		last.Kind = ""
		if err := json.Unmarshal([]byte(line), &last); err != nil || last.APIVersion != "kubectl-choreo.dev/v1alpha1" {
			t.Fatalf("line %d is no event: %v\n%s", i+1, err, line)
		}
	}
	if last.Kind != "ReconcileReport" || len(last.Components) != 1 || last.Components[0].Verdict != "Healthy" || r.stderr != "" {
		t.Errorf("the last line is %s, the standard error %q", lines[len(lines)-1], r.stderr)
	}
}

// TestMeasureReconcile checks the budget of a chain of one source and four Kustomizations: three seconds from the push until the last
// has applied it. Sequential flux reconcile commands take 10.4 seconds. It needs an idle machine.
func TestMeasureReconcile(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	n := scenario{name: "measure" + *suffix}.healthyTenant(ctx, t)
	count := int64(1)
	for _, args := range [][]string{{"greeter-service"}, {"greeter-service", "--wait"}} {
		best := time.Hour
		for i := range 5 {
			count = 3 - count
			n.push(ctx, t, fmt.Sprint("change ", args, i), replicas(count))
			begin := time.Now()
			n.reconcile(ctx, t, outcome{exit: 0}, append(args, "--revision", "HEAD")...)
			best = min(best, time.Since(begin))
		}
		fmt.Printf("| reconcile %s | %.1f s |\n", strings.Join(args, " "), best.Seconds())
		if best > 3*time.Second {
			t.Errorf("reconcile %v took %s at best, want three seconds", args, best)
		}
	}
}
