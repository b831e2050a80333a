package dataplane_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestWhoSetsReplicas: a number of replicas that an autoscaler sets is not drift, and one that somebody else sets is.
func TestWhoSetsReplicas(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   []trace.Evidence
		drift  bool
	}{
		"ByHand":                      {func(w assesstest.World) { managedBy(w, "kubectl", "scale") }, []trace.Evidence{{Path: "metadata.managedFields[kubectl]", Value: "spec.replicas"}}, true},
		"ByAnAutoscalerOfThePlatform": {func(w assesstest.World) { managedBy(w, "kube-controller-manager", "scale") }, nil, false},
		"ByKEDA":                      {func(w assesstest.World) { managedBy(w, "keda", "scale") }, nil, false},
		"AutoscalerInTheRelease":      {func(w assesstest.World) { scaler(w, "HorizontalPodAutoscaler", w.Deployment().Ref.Name) }, nil, false},
		"ScaledObjectInTheRelease":    {func(w assesstest.World) { scaler(w, "ScaledObject", w.Deployment().Ref.Name) }, nil, false},
		"AutoscalerOfAnother":         {func(w assesstest.World) { scaler(w, "HorizontalPodAutoscaler", "another") }, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Set(w.Deployment(), int64(3), "spec", "replicas")
			c.change(w)
			drift := false
			for _, r := range assess.Assess(w.Snapshot, w.TakenAt).Environments[0].Rungs {
				for _, f := range r.Findings {
					if f.Code == trace.CodeResourceDrift {
						drift = true
						if diff := cmp.Diff(c.want, f.Evidence); diff != "" {
							t.Errorf("(-want +got)\n%s", diff)
						}
						isNotReconciled(t, f)
					}
				}
			}
			if drift != c.drift {
				t.Errorf("drift %v, want %v", drift, c.drift)
			}
		})
	}
}

// isNotReconciled: a component that only drifts is healthy, so reconcile --wait would end at once (internal/settle re-triggers failures
// alone).
func isNotReconciled(t *testing.T, f trace.Finding) {
	t.Helper()
	if !f.Wake.IsZero() {
		t.Errorf("wake %v", f.Wake)
	}
}

// managedBy makes the Deployment of development one whose replicas a manager set by a subresource.
func managedBy(w assesstest.World, manager, subresource string) {
	w.T.Helper()
	var fields []any
	text := `[{"manager":"openchoreo","operation":"Apply","fieldsV1":{"f:spec":{"f:template":{"f:spec":{"f:containers":{}}}}}},
		{"manager":"` + manager + `","subresource":"` + subresource + `","fieldsV1":{"f:spec":{"f:replicas":{}}}}]`
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		w.T.Fatal(err)
	}
	w.Set(w.Deployment(), fields, "metadata", "managedFields")
	facts.Clean(w.Deployment().Body)
}

func scaler(w assesstest.World, kind, target string) {
	w.T.Helper()
	r := w.One("RenderedRelease", "greeter-service-development")
	resources, _, _ := unstructured.NestedSlice(r.Body.Object, "spec", "resources")
	group := map[string]string{"HorizontalPodAutoscaler": kinds.Autoscaling + "/v2", "ScaledObject": kinds.KEDA + "/v1alpha1"}[kind]
	w.Set(r, append(resources, map[string]any{"id": "scaler", "object": map[string]any{
		"apiVersion": group, "kind": kind, "metadata": map[string]any{"name": "scaler", "namespace": w.Cell("development")},
		"spec": map[string]any{"scaleTargetRef": map[string]any{"name": target, "kind": "Deployment"}},
	}}), "spec", "resources")
}
