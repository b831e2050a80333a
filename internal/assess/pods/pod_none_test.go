package pods_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestNoPods: a workload of one replica or more wants pods, whichever kind it is. A Job and a DaemonSet may have none.
func TestNoPods(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for kind, c := range map[string]struct {
		group    string
		replicas string
		want     trace.State
	}{
		"Deployment":       {"apps/v1", "replicas: 1", trace.Failed},
		"Deployment/zero":  {"apps/v1", "replicas: 0", trace.OK},
		"StatefulSet":      {"apps/v1", "replicas: 2", trace.Failed},
		"StatefulSet/zero": {"apps/v1", "replicas: 0", trace.OK},
		"Rollout":          {"argoproj.io/v1alpha1", "replicas: 1", trace.Failed},
		"Rollout/unset":    {"argoproj.io/v1alpha1", "paused: false", trace.Failed},
		"Rollout/zero":     {"argoproj.io/v1alpha1", "replicas: 0", trace.OK},
		"DaemonSet":        {"apps/v1", "minReadySeconds: 0", trace.OK},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Aged(time.Hour)
			w.Drop(w.DevPod().Ref)
			rendered := w.One("RenderedRelease", "greeter-service-development")
			w.Set(rendered, []any{}, "spec", "resources")
			w.Set(rendered, []any{}, "status", "resources")
			name, _, _ := strings.Cut(kind, "/")
			w.Releases(fmt.Sprintf("apiVersion: %s\nkind: %s\nmetadata: {name: web, creationTimestamp: <1h>}\nspec: {%s}\n", c.group, name, c.replicas), true)
			got := pods.Assess(w.Development())
			if got.State != c.want {
				t.Errorf("state %s, want %s: %s", got.State, c.want, got.Summary)
			}
			if len(got.Findings) > 0 && (got.Findings[0].Code != trace.CodePodsNotCreated || got.Object.Kind != name) {
				t.Errorf("finding %s of %s, want %s of %s", got.Findings[0].Code, got.Object, trace.CodePodsNotCreated, name)
			}
		})
	}
}
