package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// TestHistory follows commits to running pods, on one cluster and on two: one that is good, one whose image does not exist, its revert, and
// one that waits for its promotion.
func TestHistory(t *testing.T) {
	t.Parallel()
	for name, plane := range map[string]string{"history": "", "history-remote": "prod"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
			defer cancel()
			n := historian{
				tenant: scenario{name: name + *suffix, options: lab.TenantOptions{DataPlane: plane}}.healthyTenant(ctx, t),
				plane:  plane, kubeconfig: bothClusters(t),
			}
			good, release := n.released(ctx, t, "1.0.1")
			n.isRunning(ctx, t, good, release)
			n.failsAndIsReverted(ctx, t, release)
			n.waitsForPromotion(ctx, t, release)
		})
	}
}

// historian is a tenant whose history is read with the contexts of both clusters.
type historian struct {
	*tenant
	plane      string // of its environments; empty for the cluster of the control plane
	kubeconfig string
}

// life is the part of the JSON form of history --for that the test compares.
type life struct {
	Environment string
	Runs        string
	Row         *struct {
		Release, State  string
		LeadTimeSeconds *float64
		Steps           []struct {
			ID, State string
			At        time.Time
		}
	}
}

// step returns the time of a step, and zero if it is not known.
func (l life) step(id string) time.Time {
	for _, s := range l.Row.Steps {
		if s.ID == id {
			return s.At
		}
	}
	return time.Time{}
}

// released commits a release with another image for development. It has no HTTPRoute: the second cluster has the Gateway API v1.4.0, whose
// HTTPRoute refuses what OpenChoreo renders.
func (n historian) released(ctx context.Context, t *testing.T, tag string) (commit, release string) {
	t.Helper()
	workload := filepath.Join(n.ComponentDir("greeter-service"), "workload.yaml")
	commit = n.merge(ctx, t, "release greeter-service "+tag, func(c *gitops.Checkout) (err error) {
		if err := c.Set(workload, []any{"project"}, "spec", "endpoints", "http", "visibility"); err != nil {
			return err
		}
		release, err = c.Release("greeter-service", tag, "development")
		return err
	})
	return commit, release
}

// pinned commits the release that an environment runs.
func (n historian) pinned(ctx context.Context, t *testing.T, environment, release string) string {
	t.Helper()
	return n.merge(ctx, t, fmt.Sprintf("run %s in %s", release, environment), func(c *gitops.Checkout) error {
		return c.Bind("greeter-service", environment, release)
	})
}

// becomes waits until history reports the state of a commit in an environment. A commit that the environment does not have has no state.
func (n historian) becomes(ctx context.Context, t *testing.T, commit, environment, state string) life {
	t.Helper()
	var last life
	var shown result
	err := wait.PollUntilContextTimeout(ctx, 3*time.Second, defaultTimeout, true, func(ctx context.Context) (bool, error) {
		shown = choreoIn(ctx, t, n.Repo.Dir, n.kubeconfig, "history", "greeter-service", "-n", n.Namespace, "--for", commit, "-o", "json", "--plane", "prod="+remoteContext)
		var got struct{ Life struct{ Environments []life } }
		if isRead := json.Unmarshal([]byte(shown.stdout), &got) == nil; !isRead || shown.exit != 0 {
			return false, nil // the component may not exist yet
		}
		for _, l := range got.Life.Environments {
			if l.Environment == environment {
				last = l
			}
		}
		return last.Row == nil && state == "" && last.Environment != "" || last.Row != nil && last.Row.State == state, nil
	})
	if err != nil {
		t.Fatalf("commit %s is not %q in %s: %v\n%s%s", commit, state, environment, err, shown.stdout, shown.stderr)
	}
	return last
}

// isRunning compares the times of a commit with those of Git and of the ReplicaSet.
func (n historian) isRunning(ctx context.Context, t *testing.T, commit, release string) {
	t.Helper()
	got := n.becomes(ctx, t, commit, "development", "running")
	if got.Row.Release != release || got.Row.LeadTimeSeconds == nil {
		t.Errorf("release %s with lead time %v; want %s with one", got.Row.Release, got.Row.LeadTimeSeconds, release)
	}
	var before time.Time
	for _, s := range got.Row.Steps {
		// OpenChoreo may write the RenderedRelease again after the release runs. Then nothing has its time.
		isExpected := s.State == "known" || s.State == "none" && s.ID == "merged" || s.State == "unknown" && s.ID == "rendered"
		if !isExpected || s.State == "known" && s.At.Before(before) {
			t.Errorf("step %s is %s at %s, not before %s", s.ID, s.State, s.At, before)
		}
		if s.State == "known" {
			before = s.At
		}
	}
	date := strings.TrimSpace(n.git(ctx, t, n.Repo.Dir, "show", "--no-patch", "--format=%cI", commit))
	if committed, err := time.Parse(time.RFC3339, date); err != nil || !got.step("committed").Equal(committed) {
		t.Errorf("committed at %s, Git has %s (%v)", got.step("committed"), date, err)
	}
	if created := n.replicaSet(ctx, t, ":1.0.1"); !got.step("started").Equal(created) {
		t.Errorf("started at %s, the ReplicaSet was created at %s", got.step("started"), created)
	}
}

// replicaSet returns when the ReplicaSet with an image was created in development.
func (n historian) replicaSet(ctx context.Context, t *testing.T, image string) time.Time {
	t.Helper()
	deployment, err := n.renderedObject(ctx, "greeter-service", "development", schema.GroupKind{Group: "apps", Kind: "Deployment"})
	if err != nil {
		t.Fatal(err)
	}
	out, err := shared.lab.Kubectl(ctx, n.plane, "", "get", "replicasets", "--namespace="+deployment.Namespace, "--output=json")
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Items []struct {
			Metadata struct{ CreationTimestamp time.Time }
			Spec     struct {
				Template struct {
					Spec struct{ Containers []struct{ Image string } }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		t.Fatal(err)
	}
	for _, r := range list.Items {
		if strings.HasSuffix(r.Spec.Template.Spec.Containers[0].Image, image) {
			return r.Metadata.CreationTimestamp
		}
	}
	t.Fatalf("no ReplicaSet has image %s: %s", image, out)
	return time.Time{}
}

// failsAndIsReverted commits an image that does not exist, and then the release before.
func (n historian) failsAndIsReverted(ctx context.Context, t *testing.T, before string) {
	t.Helper()
	bad, release := n.released(ctx, t, "missing")
	got := n.becomes(ctx, t, bad, "development", "failed")
	if got.Row.Release != release || !got.step("running").IsZero() || got.step("started").IsZero() {
		t.Errorf("%+v; want %s, started and not running", got.Row, release)
	}
	revert := n.pinned(ctx, t, "development", before)
	if got := n.becomes(ctx, t, revert, "development", "running"); got.Row.Release != before {
		t.Errorf("the revert runs %s, want %s", got.Row.Release, before)
	}
	if got := n.becomes(ctx, t, bad, "development", "replaced"); got.Runs != before || !got.step("running").IsZero() {
		t.Errorf("%s runs instead, want %s; it ran at %s, want never", got.Runs, before, got.step("running"))
	}
}

// waitsForPromotion commits a release for development while staging has the one before, and promotes it.
func (n historian) waitsForPromotion(ctx context.Context, t *testing.T, before string) {
	t.Helper()
	n.becomes(ctx, t, n.pinned(ctx, t, "staging", before), "staging", "running")
	next, release := n.released(ctx, t, "1.0.2")
	n.becomes(ctx, t, next, "development", "running")
	if got := n.becomes(ctx, t, next, "staging", ""); got.Runs != before {
		t.Errorf("staging runs %s, want %s", got.Runs, before)
	}
	promotion := n.pinned(ctx, t, "staging", release)
	n.becomes(ctx, t, promotion, "staging", "running")
	n.becomes(ctx, t, next, "staging", "running")
}
