package e2e

import (
	"context"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/admission"
)

// mutations returns the components that an admission webhook mutates, by mutation.
func mutations() map[string][]string {
	return map[string][]string{
		admission.Sidecar:  {"sidecar-injected"},
		admission.Pin:      {"image-pinned"},
		admission.Mirror:   {"image-mirrored"},
		admission.Defaults: {"fields-defaulted"},
	}
}

func enableMutations(ctx context.Context) error {
	for mutation, components := range mutations() {
		if err := shared.lab.Mutate(ctx, mutation, components...); err != nil {
			return fmt.Errorf("enable mutation %s: %w", mutation, err)
		}
	}
	return nil
}

// mutatedByWebhook are components that an admission webhook mutates, which is no drift.
func mutatedByWebhook() []fleetCase {
	healthy := func(name, fault string) fleetCase {
		return fleetCase{scenario: scenario{name: name, fault: fault, want: want{exit: 0, verdict: "Healthy"}}, kind: "deployment/plain", then: withoutDrift}
	}
	return []fleetCase{
		healthy("sidecar-injected", "none: an admission webhook adds a proxy before the container, a native sidecar and an init container"),
		healthy("image-pinned", "none: an admission webhook adds the digest to the image, in the Deployment and in the pod"),
		healthy("image-mirrored", "none: an admission webhook puts a mirror before the image, in the Deployment and in the pod"),
		healthy("fields-defaulted", "none: an admission webhook adds a toleration, a grace period and a variable"),
		{
			scenario: scenario{name: "zero-values-rendered", fault: "none: the type renders false, 0 and empty lists, which the API server drops", want: want{exit: 0, verdict: "Healthy"}},
			kind:     "deployment/zeros", then: withoutDrift,
		},
	}
}

// withoutDrift waits until a gate that forbids drift passes. diff must not find a difference either.
func withoutDrift(ctx context.Context, n *tenant, name string) error {
	n.t.Helper()
	r := choreoPlainAs(ctx, n.t, shared.lab.Kubeconfig(""), "verify", name, "-n", n.Namespace, "-e", "development", "--require", "healthy,current,no-drift", "--timeout", "5m")
	if r.exit != 0 {
		return fmt.Errorf("verify exits with %d:\n%s%s", r.exit, r.stdout, r.stderr)
	}
	r = choreoPlainAs(ctx, n.t, shared.lab.Kubeconfig(""), "diff", name, "-n", n.Namespace, "-e", "development", "--live")
	if r.exit != 0 {
		return fmt.Errorf("diff exits with %d:\n%s%s", r.exit, r.stdout, r.stderr)
	}
	return nil
}
