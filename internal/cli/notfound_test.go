package cli

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestEmptyKustomizationAndASlip: one Kustomization that deletes what it no longer applies, and applies nothing, must not turn every slip
// in that cluster into a finding.
func TestEmptyKustomizationAndASlip(t *testing.T) {
	t.Parallel()
	nothing := map[string]any{"digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
	something := map[string]any{"digest": "sha256:4e66fa2a44749b852f77e9b7b69bca3c9661712a90458e563c2226939b610b96"}
	for name, c := range map[string]struct {
		path      string
		history   []any
		component string
		slip      bool
	}{
		"NearName":                  {"./apps", []any{nothing, something}, "greter-service", true},
		"NearNameThatItApplied":     {"./apps/greter-service", []any{nothing, something}, "greter-service", false},
		"NoOtherNameIsMeant":        {"./apps", []any{nothing, something}, "warehouse", false},
		"NeverAppliedAnything":      {"./apps", []any{nothing}, "warehouse", true},
		"NoHistoryBeforeFlux27":     {"./apps", nil, "warehouse", false},
		"NoHistoryAndNearName":      {"./apps", nil, "greter-service", true},
		"NeverAppliedButNamesIt":    {"./apps/greter-service", []any{nothing}, "greter-service", true},
		"ExistsSoItIsNothingOfBoth": {"./apps", []any{nothing, something}, "greeter-service", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gate(t, "healthy", 0)
			g.change(func(objects []facts.Object) []facts.Object {
				return append(objects, emptyKustomization(c.path, c.history))
			})
			stdout, stderr, exit := runIn(t, nil, "trace", c.component, "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())
			if slip := exit == cmdutil.ExitError && strings.Contains(stderr, "error: component "); slip != c.slip {
				t.Errorf("exit %d, a slip: %t\n%s%s", exit, slip, stdout, stderr)
			}
		})
	}
}

func emptyKustomization(path string, history []any) facts.Object {
	status := map[string]any{
		"lastAppliedRevision": "main@sha1:01a5681bf6d74d06b87dfd676934d9bfe1adfd1a", "inventory": map[string]any{"entries": []any{}},
		"conditions": []any{map[string]any{"type": "Ready", "status": "True", "reason": "ReconciliationSucceeded", "lastTransitionTime": "2026-11-21T09:22:18Z"}},
	}
	if history != nil {
		status["history"] = history
	}
	ref := facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization", Namespace: "flux-system", Name: "empty"}
	return facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": kinds.FluxKustomize + "/v1", "kind": ref.Kind, "metadata": map[string]any{"namespace": ref.Namespace, "name": ref.Name},
		"spec": map[string]any{"prune": true, "path": path, "sourceRef": map[string]any{"kind": "GitRepository", "name": "oc-healthy"}}, "status": status,
	}}}
}
