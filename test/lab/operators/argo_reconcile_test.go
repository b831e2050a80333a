package operators

import (
	"context"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// TestReconcileArgoCD has Argo CD deliver by way of reconcile alone: nothing else asks for a comparison.
func TestReconcileArgoCD(t *testing.T) {
	needs(t, "Argo CD")
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 14*time.Minute)
	defer cancel()
	a := newApp(ctx, t, delivered{Scenario: suite.Scenario{Name: "argo-reconcile"}})
	a.waitFor(ctx, "sync", a.syncedAt(a.head(ctx)))
	a.reconcile(ctx, 0, "argocd/argo-reconcile  done "+a.head(ctx))
	a.reconcile(ctx, 0, "argocd/argo-reconcile  done "+a.release101(ctx, "1.0.1"))
	if err := shared.Lab.Patch(ctx, a.object, `{"spec":{"syncPolicy":{"automated":null}}}`); err != nil {
		t.Fatal(err)
	}
	a.release101(ctx, "1.0.2")
	a.reconcile(ctx, 2, "it is out of sync, and automated sync is off: run argocd app sync argocd/argo-reconcile")
}

// TestReconcileArgoCDRetrying: the sync of a commit that was reverted holds back the newest commit.
func TestReconcileArgoCDRetrying(t *testing.T) {
	needs(t, "Argo CD")
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 14*time.Minute)
	defer cancel()
	a := newApp(ctx, t, delivered{Scenario: suite.Scenario{Name: "argo-reconcile-retries"}})
	a.waitFor(ctx, "sync", a.syncedAt(a.head(ctx)))
	if err := editRelease(ctx, a); err != nil {
		t.Fatal(err)
	}
	a.reconcile(ctx, 2, "spec.workload is immutable", "argocd app terminate-op argocd/argo-reconcile-retries")
	if _, err := a.Revert(ctx); err != nil {
		t.Fatal(err)
	}
	a.reconcile(ctx, 3, "newer commits wait; argocd app terminate-op argocd/argo-reconcile-retries ends the retries")
}

// release101 pushes a release without telling Argo CD.
func (a *app) release101(ctx context.Context, tag string) string {
	a.t.Helper()
	commit, err := a.Push(ctx, "release "+tag, func() error {
		_, err := a.Release(a.name, tag, "development")
		return err
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return commit
}

// reconcile waits with the program, and holds it to its exit code and words.
func (a *app) reconcile(ctx context.Context, exit int, says ...string) {
	a.t.Helper()
	began := time.Now()
	r := shared.RunAs(ctx, a.t, shared.Lab.Kubeconfig(""), "reconcile", a.name, "-n", a.Options.Namespace, "--wait", "--timeout=90s")
	a.t.Logf("reconcile took %s", time.Since(began).Round(100*time.Millisecond))
	said := r.Stdout + r.Stderr
	for _, words := range says {
		if !contains(said, words) {
			a.t.Errorf("reconcile does not say %q", words)
		}
	}
	if r.Exit != exit {
		a.t.Errorf("reconcile: exit %d, want %d", r.Exit, exit)
	}
	if a.t.Failed() {
		a.t.Fatalf("%s\n%s", said, a.status(ctx))
	}
}
