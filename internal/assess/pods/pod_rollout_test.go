package pods_test

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestPodOfARollout: the hash says which revision a pod is of, also where no image changed. What ran before a promotion is on its way
// out: a blue-green Rollout keeps it for 30 seconds.
func TestPodOfARollout(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		stable, wanted string // hashes of the Rollout
		pod            string // its hash
		image          string
		ofDeployment   bool   // the Rollout takes its template from a Deployment
		observed       string // generation, as text
		want           trace.Currency
	}{
		"Canary":               {stable: "a", wanted: "b", pod: "b", image: assesstest.AppImage, observed: "2", want: trace.Current},
		"Stable":               {stable: "a", wanted: "b", pod: "a", image: assesstest.AppImage, observed: "2", want: trace.Behind},
		"StableOfADeployment":  {stable: "a", wanted: "b", pod: "a", image: assesstest.AppImage, ofDeployment: true, observed: "2", want: trace.Behind},
		"CanaryOfADeployment":  {stable: "a", wanted: "b", pod: "b", image: assesstest.AppImage, ofDeployment: true, observed: "2", want: trace.Current},
		"OldOfADeployment":     {stable: "b", wanted: "b", pod: "b", image: assesstest.OldImage, ofDeployment: true, observed: "2", want: trace.Behind},
		"Promoted":             {stable: "b", wanted: "b", pod: "b", image: assesstest.AppImage, observed: "2", want: trace.Current},
		"BeforeThePromotion":   {stable: "b", wanted: "b", pod: "a", image: assesstest.OldImage, observed: "2", want: trace.CurrencyUnknown},
		"First":                {wanted: "b", pod: "b", image: assesstest.AppImage, observed: "2", want: trace.Current},
		"NeitherStableNorNew":  {stable: "b", wanted: "c", pod: "a", image: assesstest.OldImage, observed: "2", want: trace.Behind},
		"OfAnOlderTemplate":    {stable: "a", wanted: "a", pod: "a", image: assesstest.AppImage, observed: "1", want: trace.Current},
		"ImageOfAnotherMirror": {stable: "b", wanted: "b", pod: "b", image: "mirror.example.com/acme/greeter-service:1.0.0", observed: "2", want: trace.Current},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Render("Rollout", kinds.ArgoCD, "web", assesstest.AppImage, map[string]any{"phase": "Healthy", "stableRS": c.stable, "currentPodHash": c.wanted, "observedGeneration": c.observed})
			w.Set(w.One("Rollout", ""), int64(2), "metadata", "generation")
			if c.ofDeployment {
				renderedFrom(w)
			}
			pod := ownedPod(w, "web-x", "ReplicaSet", "web-"+c.pod, map[string]string{"rollouts-pod-template-hash": c.pod})
			w.Image(pod, c.image)
			got := pods.AssessPod(w.Development(), pod)
			if got.Current != c.want {
				t.Errorf("pod is current: %d, want %d", got.Current, c.want)
			}
			if !strings.Contains(got.Summary, trace.ImageName(c.image)) {
				t.Errorf("the line of the pod does not name its image: %q", got.Summary)
			}
		})
	}
}

// renderedFrom replaces the template of the Rollout that was rendered by a reference to a Deployment, and renders that.
func renderedFrom(w assesstest.World) {
	w.T.Helper()
	r := w.One("RenderedRelease", "greeter-service-development")
	rendered, _, err := unstructured.NestedSlice(r.Body.Object, "spec", "resources")
	if err != nil {
		w.T.Fatal(err)
	}
	ref := map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
	if err := unstructured.SetNestedMap(rendered[0].(map[string]any), map[string]any{"workloadRef": ref}, "object", "spec"); err != nil {
		w.T.Fatal(err)
	}
	w.Set(r, rendered, "spec", "resources")
	w.Render("Deployment", kinds.Apps, "web", assesstest.AppImage, map[string]any{})
}
