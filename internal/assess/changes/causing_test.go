package changes

import (
	"slices"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestCausing: kustomize-controller builds from the path, the source and the patches of a Kustomization. When it runs, and what it does
// afterwards, cannot make the build fail.
func TestCausing(t *testing.T) {
	t.Parallel()
	all := []string{"spec.interval", "spec.intervalOf", "spec.healthChecks[0].name", "spec.path", "spec.decryption.secretRef.name"}
	const build, mac = trace.CodeKustomizationBuildFailed, "cipher: message authentication failed"
	for name, c := range map[string]struct {
		code           trace.Code
		group, message string
		fields, want   []string
	}{
		"Build":       {build, kinds.FluxKustomize, "no", all, []string{"spec.intervalOf", "spec.path", "spec.decryption.secretRef.name"}},
		"OtherKey":    {build, kinds.FluxKustomize, "failed to decrypt: " + mac, all, []string{"spec.intervalOf", "spec.path"}},
		"NotTheEnd":   {build, kinds.FluxKustomize, mac + ": no", all, []string{"spec.intervalOf", "spec.path", "spec.decryption.secretRef.name"}},
		"NotYAML":     {build, kinds.FluxKustomize, "MalformedYAMLError: yaml: line 1", all, []string{"spec.intervalOf", "spec.path"}},
		"Harmless":    {build, kinds.FluxKustomize, "no", []string{"spec.timeout", "spec.prune"}, []string{}},
		"Unknown":     {build, kinds.FluxKustomize, "no", nil, nil},
		"OtherCode":   {trace.CodeHealthCheckFailed, kinds.FluxKustomize, "no", all, all},
		"OtherObject": {build, kinds.OpenChoreo, "no", all, all},
	} {
		b := finder{failure: &trace.Failure{Finding: trace.Finding{Code: c.code, Message: c.message}}}
		got := b.causing(facts.Ref{Group: c.group, Kind: "Kustomization"}, c.fields)
		if !slices.Equal(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestEditWords: the fields of an applier are those of everything that it applied, so they are not named.
func TestEditWords(t *testing.T) {
	t.Parallel()
	o := facts.Object{Ref: facts.Ref{Plane: facts.Control, Kind: "Component", Namespace: "shop", Name: "pay"}}
	for want, c := range map[string]struct {
		applied bool
		fields  []string
	}{
		"field manager m set the spec of Component shop/pay":               {false, nil},
		"field manager m set a, b of Component shop/pay":                   {false, []string{"a", "b"}},
		"field manager m set a, b and 2 more fields of Component shop/pay": {false, []string{"a", "b", "c", "d"}},
		"field manager m applied a change of Component shop/pay":           {true, []string{"a"}},
	} {
		if got := editWords(o, "m", c.applied, c.fields); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
