package operators

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/git"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// repository has one component of the tenant, and is delivered apart from it.
type repository struct {
	*git.Repo
	*gitops.Checkout
	name    string // of the component
	release string
}

// newRepository pushes the files of a component to a repository of its own. "" is the tag 1.0.0.
func newRepository(ctx context.Context, t *testing.T, name, tag string) *repository {
	t.Helper()
	n, err := tenant()
	if err != nil {
		t.Fatal(err)
	}
	repo, err := shared.Lab.AddRepo(ctx, name+*suite.Suffix)
	if err != nil {
		t.Fatal(err)
	}
	r := &repository{Repo: repo, Checkout: &gitops.Checkout{Dir: repo.Dir, Options: n.Options}, name: name}
	if _, err := r.Push(ctx, "add "+name, func() error { return r.begin(n, tag) }); err != nil {
		t.Fatal(err)
	}
	return r
}

// begin copies what occ needs to know of the project, and adds the component.
func (r *repository) begin(n *lab.Tenant, tag string) error {
	for _, folder := range []string{"namespaces", "platform-shared"} {
		if _, err := os.Stat(filepath.Join(n.Repo.Dir, folder)); err != nil {
			continue
		}
		if err := os.CopyFS(filepath.Join(r.Repo.Dir, folder), os.DirFS(filepath.Join(n.Repo.Dir, folder))); err != nil {
			return fmt.Errorf("copy the project: %w", err)
		}
	}
	if tag == "" {
		tag = "1.0.0"
	}
	release, err := r.AddComponent(r.name, "deployment/worker", tag)
	if err != nil {
		return err
	}
	r.release = release
	return r.Bind(r.name, "development", release)
}

// file is the path of a file of the component.
func (r *repository) file(name string) string { return filepath.Join(r.ComponentDir(r.name), name) }

// kustomized is a component that a Kustomization of its own delivers.
type kustomized struct {
	*repository
	object, source client.Object
}

// kustomize creates the GitRepository and the Kustomization of a repository, and waits until it has applied. spec has further fields of the
// Kustomization.
func (r *repository) kustomize(ctx context.Context, t *testing.T, spec string) *kustomized {
	t.Helper()
	k := &kustomized{
		repository: r,
		object:     client.Object{Kind: schema.GroupKind{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"}, Namespace: "flux-system", Name: r.name},
		source:     client.Object{Kind: schema.GroupKind{Group: "source.toolkit.fluxcd.io", Kind: "GitRepository"}, Namespace: "flux-system", Name: r.name},
	}
	if err := shared.Lab.Apply(ctx, "", fmt.Sprintf(`
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: %[1]s, namespace: flux-system}
spec: {interval: 1m, url: %[2]q, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %[1]s, namespace: flux-system}
spec:
  interval: 10m
  retryInterval: 5s
  path: ./%[3]s
  prune: true
  sourceRef: {kind: GitRepository, name: %[1]s}
  %[4]s
`, k.object.Name, r.URL, r.ComponentDir(r.name), spec)); err != nil {
		t.Fatal(err)
	}
	head, err := r.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.Lab.WaitForApplied(ctx, k.object, head); err != nil {
		t.Fatal(err)
	}
	return k
}

// commit pushes an edit and has Flux fetch it, as a webhook does.
func (k *kustomized) commit(ctx context.Context, message string, edit func() error) (string, error) {
	commit, err := k.Push(ctx, message, edit)
	if err != nil {
		return "", err
	}
	return commit, shared.Lab.RequestReconcile(ctx, k.source, commit)
}

// fails waits until the Kustomization is not Ready for a reason.
func (k *kustomized) fails(ctx context.Context, reason string) error {
	return shared.Lab.WaitFor(ctx, k.object, func(u *unstructured.Unstructured) error {
		return client.HasCondition(u, "Ready", "False", reason)
	})
}
