package kube

import (
	"cmp"
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/flowcontrol"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// These bound the rate of dry-runs. Each runs the admission webhooks of the cluster.
const (
	dryRunsPerSecond = 50
	dryRunBurst      = 100
)

// DryRunner sends server-side applies as a dry-run, and nothing else.
type DryRunner struct{ cluster *cluster }

// NewDryRunner returns a DryRunner. It makes no request. In the audit log of the API server, its requests have a user agent of
// their own, with the command.
func NewDryRunner(config *rest.Config, command string) (*DryRunner, error) {
	config = rest.CopyConfig(config)
	config.UserAgent = cmp.Or(config.UserAgent, UserAgent()) + " " + command
	config.RateLimiter = flowcontrol.NewTokenBucketRateLimiter(dryRunsPerSecond, dryRunBurst)
	c, err := newCluster(config)
	return &DryRunner{c}, err
}

// Apply requests a server-side apply of an object that writes nothing. Like Flux it takes over the fields of other managers
// (fluxcd/pkg ssa v0.76.2 manager_apply.go, dryRunApply). It returns the object as it would be stored, in JSON. An error without the API
// server's Status means that there is no answer.
func (d *DryRunner) Apply(ctx context.Context, kind kinds.Kind, object *unstructured.Unstructured, manager string) ([]byte, error) {
	at, err := appliedPath(kind, object.GetNamespace(), object.GetName())
	if err != nil {
		return nil, err
	}
	body, err := object.MarshalJSON()
	if err != nil {
		return nil, err
	}
	return d.cluster.do(ctx, func(c *rest.RESTClient) *rest.Request {
		return c.Patch(types.ApplyPatchType).AbsPath(at...).Param("dryRun", "All").Param("force", "true").Param("fieldManager", manager).Body(body)
	})
}
