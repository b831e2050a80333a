package cli

import (
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/apitest"
)

// TestStatusWatchNoKubeconfig: without a kubeconfig there are no watches, and status -w polls. It reports what changes, and keeps to the
// limit of requests.
func TestStatusWatchNoKubeconfig(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := factstest.Scenario(t, "healthy")
		time.Sleep(time.Until(s.TakenAt.Add(time.Hour)))
		api, changed := apitest.Of(s), atomic.Bool{}
		api.Edit = func(tree map[string]any) {
			if changed.Load() {
				scaleDeployments(tree)
			}
		}
		time.AfterFunc(20*time.Second, func() { changed.Store(true) })
		configure := func(c *rest.Config) { c.Transport = factstest.Transport(http.Handler(api)) }
		stdout, stderr, exit := runUntil(t, time.Minute, iostreams.IOStreams{Configure: configure},
			"status", "-w", "-n", "healthy", "-e", "development", "--kubeconfig", os.DevNull, "--openchoreo-api", "http://127.0.0.1:1")
		before, after, _ := strings.Cut(stdout, "greeter-service: unknown, with warnings\n")
		if exit != 130 || !strings.Contains(before, "unknown: Unreachable: openchoreo-api: it does not return Kustomization") || !strings.Contains(after, "with drift") {
			t.Errorf("exit %d, want that of an interrupt; lines\n%s%s", exit, stdout, stderr)
		}
		if n := len(api.Requests()); n < 200 || n > 1300 {
			t.Errorf("%d requests in a minute", n)
		}
	})
}

// scaleDeployments edits the Deployments of a tree, as someone would with kubectl scale.
func scaleDeployments(tree map[string]any) {
	for _, release := range tree["renderedReleases"].([]any) {
		for _, n := range release.(map[string]any)["nodes"].([]any) {
			node := n.(map[string]any)
			if node["kind"] != "Deployment" {
				continue
			}
			object := (&unstructured.Unstructured{Object: node["object"].(map[string]any)}).DeepCopy()
			object.SetResourceVersion("99999999")
			object.Object["spec"].(map[string]any)["replicas"] = int64(2)
			node["object"] = object.Object
		}
	}
}
