package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/git"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// Tenant is a namespace with a separate project, Git repository and Flux objects, so that tests can run in parallel.
type Tenant struct {
	*git.Repo
	*gitops.Checkout
	Namespace, Project, Prefix string

	lab *Lab
}

// TenantOptions configures a tenant.
type TenantOptions struct {
	Namespace     string
	Project       string // default "demo"
	BindingsApart bool
	OwnsPlatform  bool
	DataPlane     string   // ClusterDataPlane; default "default"
	Components    []string // default all
	GitOpsDir     string   // working clone; default below the lab's folder
}

// AddTenant creates a tenant, pushes its first commit and applies its Flux objects, without waiting for them.
func (l *Lab) AddTenant(ctx context.Context, o TenantOptions) (*Tenant, error) {
	t, err := newTenant(ctx, l, o)
	if err != nil {
		return nil, err
	}
	if _, err := t.Push(ctx, "add project "+t.Project, func() error { return t.render(o) }); err != nil {
		return nil, err
	}
	return t, t.ApplyFlux(ctx)
}

func newTenant(ctx context.Context, l *Lab, o TenantOptions) (*Tenant, error) {
	t := &Tenant{Namespace: o.Namespace, Project: o.Project, Prefix: "oc-" + o.Namespace, lab: l}
	if t.Project == "" {
		t.Project = "demo"
	}
	if o.Namespace == "default" {
		t.Prefix = "oc-" + t.Project
	}
	clone := o.GitOpsDir
	if clone == "" {
		clone = filepath.Join(l.state.Dir, "tenants", o.Namespace)
	}
	if err := os.MkdirAll(filepath.Dir(clone), 0o755); err != nil {
		return nil, fmt.Errorf("create the folder of tenant %s: %w", o.Namespace, err)
	}
	var err error
	t.Repo, err = git.New(ctx, filepath.Join(l.state.GitDir, t.Prefix+".git"), clone, l.state.GitURL+"/"+t.Prefix+".git")
	return t, err
}

func (t *Tenant) render(o TenantOptions) error {
	if o.DataPlane == "" {
		o.DataPlane = "default"
	}
	var err error
	t.Checkout, err = gitops.Render(t.Repo.Dir, gitops.Options{
		Namespace: t.Namespace, Project: t.Project, Prefix: t.Prefix, GitURL: t.URL, FluxNamespace: "flux-system",
		DataPlane: o.DataPlane, OwnsPlatform: o.OwnsPlatform, Components: o.Components, BindingsApart: o.BindingsApart,
		SamplesDir: t.lab.state.SamplesDir, Occ: t.lab.Binary("occ"), Interval: "10m", SourceInterval: "1m",
	})
	return err
}

// ApplyFlux applies the flux/ folder of the checkout, like a platform team that bootstraps a tenant.
func (t *Tenant) ApplyFlux(ctx context.Context) error {
	_, err := t.lab.Kubectl(ctx, "", "", "apply", "--server-side", "--force-conflicts", "--field-manager=flux-bootstrap",
		"--filename="+filepath.Join(t.Repo.Dir, "flux"))
	return err
}

// DeleteKustomizations deletes the Kustomizations of the tenant, without waiting. Those of components are pruned; suspended ones leave their
// objects (kustomize-controller v1.9.3 internal/controller/kustomization_controller.go, finalize). This keeps the cluster below 100
// Kustomizations: of more, a trace reads only those that it needs.
func (t *Tenant) DeleteKustomizations(ctx context.Context) error {
	for _, name := range []string{"platform", "platform-shared", "namespaces"} {
		if err := t.lab.Patch(ctx, t.Kustomization(name), `{"spec":{"suspend":true}}`); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("suspend Kustomization %s: %w", t.Kustomization(name).Name, err)
		}
	}
	for _, name := range []string{"projects", "bindings", "platform", "platform-shared", "namespaces"} {
		if err := t.lab.Delete(ctx, t.Kustomization(name)); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("delete Kustomization %s: %w", t.Kustomization(name).Name, err)
		}
	}
	return nil
}

// Kustomization returns one of the tenant's Kustomizations, such as "projects".
func (t *Tenant) Kustomization(name string) client.Object {
	return client.Object{Kind: schema.GroupKind{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"}, Namespace: "flux-system", Name: t.Prefix + "-" + name}
}

// Source returns the tenant's GitRepository.
func (t *Tenant) Source() client.Object {
	return client.Object{Kind: schema.GroupKind{Group: "source.toolkit.fluxcd.io", Kind: "GitRepository"}, Namespace: "flux-system", Name: t.Prefix}
}

// Choreo returns an OpenChoreo object of the tenant.
func (t *Tenant) Choreo(kind, name string) client.Object {
	return client.Object{Kind: schema.GroupKind{Group: "openchoreo.dev", Kind: kind}, Namespace: t.Namespace, Name: name}
}

// Commit pushes an edit of the checkout and triggers a fetch, like a webhook receiver.
func (t *Tenant) Commit(ctx context.Context, message string, edit func(*gitops.Checkout) error) (string, error) {
	commit, err := t.Push(ctx, message, func() error { return edit(t.Checkout) })
	if err != nil {
		return "", err
	}
	return commit, t.lab.RequestReconcile(ctx, t.Source(), commit)
}

// RequestReconcile triggers a reconciliation by a Flux controller.
func (l *Lab) RequestReconcile(ctx context.Context, o client.Object, token string) error {
	return l.Patch(ctx, o, fmt.Sprintf(`{"metadata":{"annotations":{"reconcile.fluxcd.io/requestedAt":%q}}}`, token))
}

// WaitForReady waits until an object's Ready condition is True.
func (l *Lab) WaitForReady(ctx context.Context, o client.Object) error {
	return l.WaitFor(ctx, o, func(u *unstructured.Unstructured) error { return client.HasCondition(u, "Ready", "True", "") })
}

// WaitForApplied waits until a Kustomization is Ready and has applied a commit.
func (l *Lab) WaitForApplied(ctx context.Context, o client.Object, commit string) error {
	return l.WaitFor(ctx, o, func(u *unstructured.Unstructured) error {
		if err := client.HasCondition(u, "Ready", "True", ""); err != nil {
			return err
		}
		if revision, _, _ := unstructured.NestedString(u.Object, "status", "lastAppliedRevision"); revision != "main@sha1:"+commit {
			return fmt.Errorf("status.lastAppliedRevision is %s", revision)
		}
		return nil
	})
}

// HideRepo removes the tenant's repository from the Git server.
func (t *Tenant) HideRepo() error {
	bare := filepath.Join(t.lab.state.GitDir, t.Prefix+".git")
	if err := os.Rename(bare, bare+".hidden"); err != nil {
		return fmt.Errorf("hide the repository: %w", err)
	}
	return nil
}

// AddRepo creates a repository without a tenant, for engines other than Flux.
func (l *Lab) AddRepo(ctx context.Context, name string) (*git.Repo, error) {
	clone := filepath.Join(l.state.Dir, "repositories", name)
	if err := os.MkdirAll(filepath.Dir(clone), 0o755); err != nil {
		return nil, fmt.Errorf("create the folder of repository %s: %w", name, err)
	}
	return git.New(ctx, filepath.Join(l.state.GitDir, name+".git"), clone, l.state.GitURL+"/"+name+".git")
}
