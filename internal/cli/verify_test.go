package cli

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestVerifyPassesAtOnce: what has passed already is not waited for, and costs a trace and no watch.
func TestVerifyPassesAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 0)
		begin := time.Now()
		_, stderr := g.holds(t, 0, []string{"greeter-service  passed", "greeter-service passed"}, "greeter-service")
		if took := time.Since(begin); took > 5*time.Second || stderr != "" {
			t.Errorf("it took %s, stderr %q", took, stderr)
		}
		if got := g.requests(); got > 25 {
			t.Errorf("%d requests:\n%s", got, strings.Join(g.paths, "\n"))
		}
		g.holds(t, 0, []string{"greeter-service  passed"}, "component/greeter-service", "-e", "staging", "--timeout", "0")
		g.holds(t, 2, []string{"ReleaseBindingNotFound", "production"}, "greeter-service", "-e", "production", "--timeout", "0")
	})
}

// TestVerifyFailsSoon: with the reason, long before its time is out.
func TestVerifyFailsSoon(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "dependency-fails", 0)
		begin := time.Now()
		_, stderr := g.holds(t, 2, []string{"Failed: delivery   KustomizationBuildFailed", "MalformedYAMLError", "greeter-service failed"}, "greeter-service")
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("it took %s", took)
		}
		if !strings.Contains(stderr, "delivery  failed") {
			t.Errorf("the progress is %q", stderr)
		}
	})
}

// TestVerifyOfAComponentToCome: it may come with the commit, so a name that nobody knows has the grace.
func TestVerifyOfAComponentToCome(t *testing.T) {
	t.Parallel()
	t.Run("Comes", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			g := gateInBubble(t, "healthy", 2)
			all := slices.Clone(g.objects)
			g.change(func(objects []facts.Object) []facts.Object {
				return slices.DeleteFunc(objects, func(o facts.Object) bool { return o.Ref.Kind == "Component" && o.Ref.Name == fleettest.Name(1) })
			})
			time.AfterFunc(time.Second, func() { g.change(func([]facts.Object) []facts.Object { return all }) })
			g.holds(t, 0, []string{"passed"}, fleettest.Name(1), "--stable-for", "0s")
		})
	})
	t.Run("DoesNot", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			g := gateInBubble(t, "healthy", 2)
			stdout, _ := g.holds(t, 1, []string{`component "greeter-9999" not found in namespace healthy`}, "greeter-9999", "--grace", "1s")
			if stdout != "" {
				t.Errorf("the answer is %q", stdout)
			}
		})
	})
}

// runningSince makes the component's Kustomization be in the middle of the first run of a new generation.
func runningSince(at time.Time) func([]facts.Object) []facts.Object {
	return func(objects []facts.Object) []facts.Object {
		for i, o := range objects {
			if o.Ref.Kind != "Kustomization" || !strings.HasSuffix(o.Ref.Name, "-projects") {
				continue
			}
			body := o.Body.DeepCopy()
			conditions := []any{map[string]any{
				"type": "Ready", "status": "Unknown", "reason": "Progressing", "message": "Building manifests",
				"lastTransitionTime": at.UTC().Format(time.RFC3339), "observedGeneration": body.GetGeneration(),
			}}
			_ = unstructured.SetNestedSlice(body.Object, conditions, "status", "conditions")
			_ = unstructured.SetNestedField(body.Object, body.GetGeneration()-1, "status", "observedGeneration")
			body.SetResourceVersion("changed")
			objects[i].Body = body
		}
		return objects
	}
}

// TestVerifyRunsOutOfTime: exit 3, with what it still waited for; machine output is whole in that case as well.
func TestVerifyRunsOutOfTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "healthy", 0)
		g.change(runningSince(time.Now()))
		stdout, stderr := g.holds(t, 3, []string{"Pending: delivery", "Building manifests", "timed out"}, "greeter-service", "--timeout", "10s")
		if strings.Contains(stderr, "Pending") || strings.Contains(stdout, "progressing:") {
			t.Errorf("answer and progress are mixed:\n%s\n---\n%s", stdout, stderr)
		}
		stdout, _ = g.holds(t, 3, nil, "greeter-service", "--timeout", "10s", "-o", "json")
		var report struct {
			Decision string
			TimedOut bool
		}
		if err := json.Unmarshal([]byte(stdout), &report); err != nil || report.Decision != "Pending" || !report.TimedOut {
			t.Errorf("%+v, %v\n%s", report, err, stdout)
		}
		g.holds(t, 3, []string{"not ready"}, "greeter-service", "--timeout", "0")
	})
}

// TestVerifyWaits until what was under way is done.
func TestVerifyWaits(t *testing.T) {
	t.Parallel()
	for name, components := range map[string]int{"One": 0, "Fleet": 6} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				g := gateInBubble(t, "healthy", components)
				healthy := slices.Clone(g.objects)
				g.change(runningSince(time.Now()))
				time.AfterFunc(2*time.Second, func() { g.change(func([]facts.Object) []facts.Object { return healthy }) })
				g.holds(t, 0, []string{"passed"}, "--stable-for", "1s", "--timeout", "1m")
			})
		})
	}
}

func TestVerifyWithoutRights(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refused string
		args    []string
		words   []string
	}{
		"Nothing":        {"*", []string{"greeter-service"}, []string{"cannot list resource"}},
		"NothingInScope": {"*", nil, []string{"cannot list resource", "docs/rbac.md"}},
		"Kustomizations": {"kustomizations", []string{"greeter-service"}, []string{"Undecided: delivery   Forbidden", "greeter-service unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gate(t, "healthy", 0)
			g.refused = c.refused
			g.holds(t, 4, c.words, c.args...)
		})
	}
	g := gate(t, "healthy", 0)
	g.refused = "kustomizations"
	g.holds(t, 0, []string{"passed"}, "greeter-service", "--allow-unknown")
}

// TestVerifyRidesOutSilence: a cluster that does not answer yet is asked until it does, or until the time is over.
func TestVerifyRidesOutSilence(t *testing.T) {
	t.Parallel()
	t.Run("Comes", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			g := gateInBubble(t, "healthy", 0)
			g.down.Store(true)
			time.AfterFunc(2*time.Second, func() { g.down.Store(false) })
			_, stderr := g.holds(t, 0, []string{"passed"}, "greeter-service")
			if strings.Count(stderr, "retrying until --timeout") != 1 {
				t.Errorf("it is not said once that there is no answer:\n%s", stderr)
			}
		})
	})
	t.Run("RefusesAtFirst", func(t *testing.T) { // as one whose roles are not read yet
		inBubble(t, func(t *testing.T) {
			g := gateInBubble(t, "healthy", 0)
			g.down.Store(true)
			time.AfterFunc(time.Second, func() { g.refuses("*"); g.down.Store(false) })
			time.AfterFunc(3*time.Second, func() { g.refuses("") })
			g.holds(t, 0, []string{"passed"}, "greeter-service")
		})
	})
	t.Run("DoesNot", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			g := gateInBubble(t, "healthy", 6)
			g.down.Store(true)
			stdout, _ := g.holds(t, 1, []string{"no answer within 2s"}, "--timeout", "2s")
			if stdout != "" {
				t.Errorf("the answer is %q", stdout)
			}
			g.holds(t, 1, []string{"reach the cluster at"}, "--timeout", "0")
		})
	})
}

// TestVerifyDoesNotWaitForTrust: a certificate that is not trusted now will not be in ten minutes.
func TestVerifyDoesNotWaitForTrust(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a server that is not trusted received %s %s", r.Method, r.URL)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	g := gated{kubeconfig: kubeconfig(t, map[string]*cluster{"control": {url: server.URL}}), namespace: "healthy"}
	_, stderr := g.holds(t, 1, []string{"x509: "}, "greeter-service")
	if strings.Contains(stderr, "retrying until --timeout") {
		t.Errorf("it waits:\n%s", stderr)
	}
}
