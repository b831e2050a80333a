package operators

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// TestFlagger analyses new versions by what its Prometheus has scraped, and by the gates of the test.
func TestFlagger(t *testing.T) {
	needs(t, "Flagger")
	gates := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/open" {
			http.Error(w, "closed", http.StatusForbidden)
		}
	}))
	t.Cleanup(gates.Close)
	closed := func(kind string) string {
		return fmt.Sprintf("{name: gate, type: %s, url: %q}", kind, gates.URL+"/closed")
	}
	runAll(t, "Flagger", append(analysed(), guarded(closed)...))
}

// canaried is a component whose Deployment a Canary copies. analysis has further lines of the analysis.
func canaried(name, fault, analysis string, want suite.Want) rendered {
	return rendered{
		Scenario: suite.Scenario{Name: name, Fault: fault, Want: want, Timeout: 6 * time.Minute},
		workload: labelled, objects: []string{canary(analysis)},
	}
}

// released is one with a second release.
func (r rendered) released(tag string, then func(context.Context, placed) error) rendered {
	r.tag, r.first, r.then = tag, canaryIn("Initialized"), then
	return r
}

// analysed are judged by metrics only.
func analysed() []rendered {
	const passes, fails = "iterations: 1", "iterations: 5, metrics: [{name: targets, interval: 1m, thresholdRange: {min: 99}, templateRef: {name: \"${metadata.name}\"}}]"
	failed := canaried("canary-failed", "the metrics of the new version are below the threshold of the analysis, and Flagger rolls back", fails, onCanary("Canary analysis failed, Deployment scaled to zero"))
	failed.objects = append(failed.objects, metric("50 * up"))
	succeeded := canaried("canary-succeeded", "none: the metrics of the new version passed the analysis, and Flagger promoted it", strings.Replace(fails, "5", "1", 1), healthy())
	succeeded.objects = append(succeeded.objects, metric("100 * up"))
	recovered := canaried("canary-recovered", "none: the version after one that failed its analysis was promoted", fails, healthy())
	recovered.objects = append(recovered.objects, metric(`${workload.container.image.endsWith(":1.0.2") ? "100 * up" : "50 * up"}`))
	suspended := canaried("canary-suspended", "a new version is released while the Canary is suspended", passes, suite.Want{Exit: 3, Verdict: "Healthy", Finding: "RolloutPaused", Contains: "spec.suspend"})
	suspended.objects[0] += "\n  suspend: '${workload.container.image.endsWith(\":1.0.1\")}'"
	return []rendered{
		canaried("canary-initialized", "none: Flagger runs the component by its copy of the Deployment", passes, healthy()),
		succeeded.released("1.0.1", canaryIn("Succeeded")),
		failed.released("1.0.1", canaryIn("Failed")),
		canaried("canary-progressing", "the analysis of a new version takes long", "iterations: 100", suite.Want{Exit: 3, Verdict: "Progressing", Progressing: "development/resource"}).released("1.0.1", canaryIn("Progressing")),
		canaried("canary-image-absent", "the registry has no image of the new version", passes, suite.Want{
			Exit: 2, Verdict: "Failed", Rung: "pod", Environment: "development", Code: "ImagePullBackOff", Kind: "Pod", Object: "*",
		}).released("missing", canaryIn("Progressing")),
		suspended.released("1.0.1", nil),
		recovered.released("1.0.1", recover102),
	}
}

// guarded have a gate, or something that Flagger cannot begin with.
func guarded(closed func(kind string) string) []rendered {
	primary := canaried("canary-primary-not-ready", "the registry has no such image, so that Flagger's copy of the Deployment does not start", "iterations: 1", failed("pod", "development", "ImagePullBackOff", "Pod", "*", ""))
	primary.begin = "missing"
	absent := canaried("canary-target-absent", "the Deployment that the Canary names does not exist", "iterations: 1", onCanary("deployment ghost"))
	absent.objects[0] = strings.Replace(absent.objects[0], `kind: Deployment, name: "${metadata.name}"`, "kind: Deployment, name: ghost", 1)
	return []rendered{
		primary, absent,
		canaried("canary-waiting", "the webhook confirm-rollout of a Canary refuses the rollout", "iterations: 1, webhooks: ["+closed("confirm-rollout")+"]", heldBack("confirm-rollout")).released("1.0.1", canaryIn("Waiting")),
		canaried("canary-waiting-promotion", "the webhook confirm-promotion of a Canary refuses the promotion", "iterations: 1, webhooks: ["+closed("confirm-promotion")+"]", heldBack("confirm-promotion")).released("1.0.1", canaryIn("WaitingPromotion")),
	}
}

// recover102 releases a third version once the second has failed its analysis.
func recover102(ctx context.Context, p placed) error {
	if err := canaryIn("Failed")(ctx, p); err != nil {
		return err
	}
	if err := commit(ctx, p.tenant, "release the version after", func(c *gitops.Checkout) error {
		_, err := c.Release(p.component, "1.0.2", "development")
		return err
	}); err != nil {
		return err
	}
	return canaryIn("Succeeded")(ctx, p)
}

func onCanary(message string) suite.Want {
	return failed("resource", "development", "ProgressiveRolloutFailed", "Canary", "*", message)
}

// canaryIn waits until the Canary is in a phase. OpenChoreo may still report the one before.
func canaryIn(phase string) func(context.Context, placed) error {
	return func(ctx context.Context, p placed) error {
		within, cancel := context.WithTimeout(ctx, 6*time.Minute)
		defer cancel()
		return shared.Lab.WaitFor(within, p.object("flagger.app", "Canary"), func(u *unstructured.Unstructured) error {
			if u == nil {
				return fmt.Errorf("it does not exist")
			}
			if is, _, _ := unstructured.NestedString(u.Object, "status", "phase"); is != phase {
				return fmt.Errorf("its phase is %q", is)
			}
			return nil
		})
	}
}

// labelled is a Deployment with the label that Flagger needs to tell its copy from the original. Flagger sets the number of replicas.
const labelled = `apiVersion: apps/v1
kind: Deployment
metadata: META
spec:
  selector: {matchLabels: {app: "${metadata.name}"}}
  template:
    metadata: {labels: '${oc_merge(metadata.podSelectors, {"app": metadata.name})}'}
    spec: {containers: [{name: main, image: "${workload.container.image}"}]}`

func canary(analysis string) string {
	return `apiVersion: flagger.app/v1beta1
kind: Canary
metadata: META
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: "${metadata.name}"}
  service: {port: 80}
  analysis: {interval: 10s, threshold: 2, ` + analysis + `}`
}

// metric is a query of Prometheus.
func metric(query string) string {
	return fmt.Sprintf(`apiVersion: flagger.app/v1beta1
kind: MetricTemplate
metadata: META
spec:
  provider: {type: prometheus, address: %q}
  query: '%s'`, "http://"+partAddress(addon.PrometheusPart), query)
}
