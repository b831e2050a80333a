package origin_test

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/origin"
)

// TestNaming: the place to correct a name is given only where one place has it.
func TestNaming(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	deployment := func(name string) map[string]any {
		volumes := []any{map[string]any{"name": "settings", "configMap": map[string]any{"name": name}}}
		return map[string]any{"id": "web", "template": map[string]any{
			"apiVersion": "apps/v1", "kind": "Deployment", "spec": map[string]any{"template": map[string]any{"spec": map[string]any{"volumes": volumes}}},
		}}
	}
	for test, c := range map[string]struct {
		inTemplate, inParameters string
		want                     string
	}{
		"Template":  {"ghost", "", "resource web of ClusterComponentType deployment/shop"},
		"Component": {"${parameters.settings}", "ghost", "Component healthy/greeter-service"},
		"Both":      {"ghost", "ghost", ""},
		"Neither":   {"${metadata.name}-settings", "", ""},
	} {
		w := healthy.Copy(t)
		release := w.One("ComponentRelease", w.Development().ReleaseName())
		w.Set(release, "ClusterComponentType", "spec", "componentType", "kind")
		w.Set(release, "deployment/shop", "spec", "componentType", "name")
		w.Set(release, []any{deployment(c.inTemplate)}, "spec", "componentType", "spec", "resources")
		w.Set(w.One("Component", "greeter-service"), c.inParameters, "spec", "parameters", "settings")
		if got := origin.Naming(w.Development(), "ghost"); got != c.want {
			t.Errorf("%s: %q, want %q", test, got, c.want)
		}
	}
}
