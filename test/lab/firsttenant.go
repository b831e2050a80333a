package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/git"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// StartFirstTenant creates the first tenant, unless it exists, and waits until greeter-service is healthy. The tenant is namespace default with
// project demo, and owns the cluster's shared types.
func (l *Lab) StartFirstTenant(ctx context.Context) error {
	t, err := l.FirstTenant(ctx)
	if err != nil {
		return err
	}
	if err := l.WaitForHealthy(ctx, t, "greeter-service", "development", 3*time.Minute); err != nil {
		return err
	}
	l.starter.progress("greeter-service is healthy")
	return nil
}

// FirstTenant returns the tenant of namespace default, and creates it if necessary.
func (l *Lab) FirstTenant(ctx context.Context) (*Tenant, error) {
	o := TenantOptions{Namespace: "default", OwnsPlatform: true, GitOpsDir: l.GitOpsDir()}
	if _, err := os.Stat(filepath.Join(l.GitOpsDir(), ".git")); err == nil {
		return findTenant(l, o), nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("find the first tenant: %w", err)
	}
	return l.AddTenant(ctx, o)
}

func findTenant(l *Lab, o TenantOptions) *Tenant {
	t := &Tenant{Namespace: o.Namespace, Project: "demo", Prefix: "oc-demo", lab: l}
	t.Repo = &git.Repo{Dir: o.GitOpsDir, URL: l.state.GitURL + "/" + t.Prefix + ".git"}
	t.Checkout = &gitops.Checkout{Dir: o.GitOpsDir, Options: gitops.Options{Namespace: t.Namespace, Project: t.Project, Occ: l.Binary("occ")}}
	return t
}

// WaitForHealthy waits until the ReleaseBinding of a component is Ready.
func (l *Lab) WaitForHealthy(ctx context.Context, t *Tenant, component, environment string, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return l.WaitFor(ctx, t.Choreo("ReleaseBinding", component+"-"+environment), func(u *unstructured.Unstructured) error {
		return client.HasCondition(u, "Ready", "True", "")
	})
}
