package origin_test

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/origin"
)

// TestOf: the template of the deployed release says where a field of a container is set.
func TestOf(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	container := func(resources any) map[string]any { return map[string]any{"name": "main", "resources": resources} }
	resources := func(memory string) map[string]any {
		return container(map[string]any{"limits": map[string]any{"memory": memory}})
	}
	const binding, component = "ReleaseBinding healthy/greeter-service-development", "Component healthy/greeter-service"
	for name, c := range map[string]struct {
		containers  []any
		want, value string
	}{
		"Override":        {[]any{resources("${environmentConfigs.resources.limits.memory}")}, "spec.componentTypeEnvironmentConfigs.resources.limits.memory of " + binding, "64Mi"},
		"WholeExpression": {[]any{container("${ environmentConfigs.resources }\n")}, "spec.componentTypeEnvironmentConfigs.resources.limits.memory of " + binding, "64Mi"},
		"Default":         {[]any{resources("${environmentConfigs.other}")}, "spec.componentTypeEnvironmentConfigs.other of " + binding, ""},
		"Parameter":       {[]any{resources("${parameters.memory}")}, "spec.parameters.memory of " + component, "1Gi"},
		"Literal":         {[]any{resources("64Mi")}, "the template of ClusterComponentType service", ""},
		"Calculated":      {[]any{resources("${environmentConfigs.small ? '1Mi' : '2Mi'}")}, "the template of ClusterComponentType service", ""},
		"Unset":           {[]any{container(nil)}, "the template of ClusterComponentType service", ""},
		"OfTwo":           {[]any{map[string]any{"name": "proxy"}, resources("${parameters.memory}")}, "spec.parameters.memory of " + component, "1Gi"},
		"NoneOfTwo":       {[]any{map[string]any{"name": "proxy"}, map[string]any{"name": "log"}}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			p := w.Development()
			release := w.One("ComponentRelease", p.ReleaseName())
			w.Set(release, []any{map[string]any{"template": map[string]any{"spec": map[string]any{"template": map[string]any{"spec": map[string]any{"containers": c.containers}}}}}}, "spec", "componentType", "spec", "resources")
			w.Set(w.One("ReleaseBinding", "-development"), map[string]any{"resources": map[string]any{"limits": map[string]any{"memory": "64Mi"}}}, "spec", "componentTypeEnvironmentConfigs")
			w.Set(w.One("Component", "greeter-service"), "1Gi", "spec", "parameters", "memory")
			got, known := origin.Of(w.Development(), "main", "resources", "limits", "memory")
			if known != (c.want != "") || known && (got.String() != c.want || got.Value != c.value) {
				t.Errorf("%q with %q, %v; want %q with %q", got, got.Value, known, c.want, c.value)
			}
		})
	}
}
