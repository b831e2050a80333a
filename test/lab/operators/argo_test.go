package operators

import (
	"context"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// automated is the syncPolicy of an Application that syncs automatically.
const automated = "automated: {prune: true, selfHeal: true}"

// app is a component that an Application of Argo CD delivers, from a repository of its own.
type app struct {
	*repository
	t      *testing.T
	object client.Object // the Application
}

// delivered is a scenario of Argo CD. The Application has the name of the scenario.
type delivered struct {
	suite.Scenario
	policy string // spec.syncPolicy; default automated
	tag    string // of the image; default 1.0.0
	// unsynced leaves the Application as it was created: it is not synced first.
	unsynced bool
	// then breaks what was delivered.
	then func(ctx context.Context, a *app) error
}

func (d delivered) run(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 14*time.Minute)
	defer cancel()
	a := newApp(ctx, t, d)
	if !d.unsynced {
		a.waitFor(ctx, "sync", a.syncedAt(a.head(ctx)))
	}
	if d.then != nil {
		if err := d.then(ctx, a); err != nil {
			t.Fatalf("inject the fault: %v\n%s", err, a.status(ctx))
		}
	}
	s := d.Scenario
	s.Suite, s.Namespace, s.Component = shared, a.Options.Namespace, d.Name
	if s.Timeout == 0 {
		s.Timeout = 3 * time.Minute
	}
	if err := s.WaitForTrace(ctx, t); err != nil {
		shown := s.RunAs(t.Context(), t, s.Lab.Kubeconfig(""), s.CommandArgs("trace")...)
		t.Fatalf("%v\n%s%s\n%s", err, shown.Stdout, shown.Stderr, a.status(ctx))
	}
	s.Finish(ctx, t)
}

// newApp pushes the files of a component to a repository of its own, and creates the Application that follows it.
func newApp(ctx context.Context, t *testing.T, d delivered) *app {
	t.Helper()
	a := &app{repository: newRepository(ctx, t, d.Name, d.tag), t: t}
	a.object = client.Object{Kind: schema.GroupKind{Group: "argoproj.io", Kind: "Application"}, Namespace: "argocd", Name: d.Name}
	if err := shared.Lab.Apply(ctx, "", a.application(d.policy)); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *app) application(policy string) string {
	if policy == "" {
		policy = automated
	}
	return fmt.Sprintf(`
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: %s, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: %s}
  source: {repoURL: %q, path: %s, targetRevision: main, directory: {recurse: true}}
  syncPolicy: {%s}
`, a.name, a.Options.Namespace, a.URL, a.ComponentDir(a.name), policy)
}

func (a *app) head(ctx context.Context) string {
	a.t.Helper()
	head, err := a.Head(ctx)
	if err != nil {
		a.t.Fatal(err)
	}
	return head
}

// commit pushes an edit and has Argo CD compare, as a webhook does.
func (a *app) commit(ctx context.Context, message string, edit func() error) (string, error) {
	commit, err := a.Push(ctx, message, edit)
	if err != nil {
		return "", err
	}
	return commit, a.refresh(ctx)
}

// releaseOf sets the image's tag and pins a new release.
func (a *app) releaseOf(ctx context.Context, tag string) (string, error) {
	return a.commit(ctx, "release "+tag, func() error {
		_, err := a.Release(a.name, tag, "development")
		return err
	})
}

func (a *app) refresh(ctx context.Context) error {
	return shared.Lab.Patch(ctx, a.object, `{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}`)
}

func (a *app) patch(ctx context.Context, patch string) error {
	if err := shared.Lab.Patch(ctx, a.object, patch); err != nil {
		return err
	}
	return a.refresh(ctx)
}

// waitFor waits for a state of the Application, and fails with its status.
func (a *app) waitFor(ctx context.Context, what string, state func(u *unstructured.Unstructured) error) {
	a.t.Helper()
	within, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	if err := shared.Lab.WaitFor(within, a.object, state); err != nil {
		a.t.Fatalf("wait for %s of Application %s: %v\n%s", what, a.name, err, a.status(ctx))
	}
}

// syncedAt is a state: compared with a commit without a difference, and no operation runs.
func (a *app) syncedAt(commit string) func(u *unstructured.Unstructured) error {
	return func(u *unstructured.Unstructured) error {
		status, _, _ := unstructured.NestedString(u.Object, "status", "sync", "status")
		revision, _, _ := unstructured.NestedString(u.Object, "status", "sync", "revision")
		phase, _, _ := unstructured.NestedString(u.Object, "status", "operationState", "phase")
		if status != "Synced" || revision != commit || phase == "Running" {
			return fmt.Errorf("sync status %s at %s, operation %s", status, revision, phase)
		}
		return nil
	}
}

// inPhase is a state: the operation is in a phase, and its message has the words.
func inPhase(phase, words string) func(u *unstructured.Unstructured) error {
	return func(u *unstructured.Unstructured) error {
		is, _, _ := unstructured.NestedString(u.Object, "status", "operationState", "phase")
		message, _, _ := unstructured.NestedString(u.Object, "status", "operationState", "message")
		if is != phase || !contains(message, words) {
			return fmt.Errorf("operation %s: %s", is, message)
		}
		return nil
	}
}

// status is the Application as a person would look at it.
func (a *app) status(ctx context.Context) string {
	out, err := shared.Lab.Kubectl(context.WithoutCancel(ctx), "", "", "get", "application", a.name, "--namespace=argocd", "--output=yaml")
	if err != nil {
		return err.Error()
	}
	return out
}
