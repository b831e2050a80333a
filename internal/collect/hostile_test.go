package collect

import (
	"hash/fnv"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const traversal = "../../../../../../api/v1/namespaces/default/secrets/password"

func hostileTexts() []string {
	return []string{
		traversal, "../services/a:80/proxy", "..", "a/b", "%2e%2e%2fsecrets", "%00", "a\x00b", "a\nb", "a?watch=true", "a#b", "-a", "--raw", "*",
		"a,b=c", "a=b", "a in (b)", "\u202e", "日本", strings.Repeat("a", 300), "",
	}
}

// hostileScenarios cover most requests of collect: see docs/requests.md.
func hostileScenarios() []string {
	return []string{"healthy", "pod-crash-loop", "component-deleted", "connection-provider-unbound", "rendering-fails", "helm-release-failed", "route-not-accepted"}
}

// interesting skips the templates and schemas of types: collect reads no field of these.
func interesting(path string) bool {
	for _, part := range []string{".template", ".schema", ".environmentConfigs.", ".openAPIV3Schema", ".annotations.", ".managedFields", ".validations"} {
		if strings.Contains(path, part) {
			return false
		}
	}
	return true
}

// TestHostileFieldsAreNeverRequested replaces each field of a recorded cluster in turn, and then all at once.
func TestHostileFieldsAreNeverRequested(t *testing.T) {
	t.Parallel()
	for _, name := range hostileScenarios() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, name)
			subject := facts.Subject{Namespace: s.Subject.Namespace, Component: s.Subject.Component}
			c := hostileCluster{objects: s.Objects()}
			for _, field := range c.fields() {
				if !interesting(field) || name != "healthy" && name != "pod-crash-loop" {
					continue // the other scenarios differ in a few objects only
				}
				c.become = func(path, text string) string {
					if path == field {
						return traversal
					}
					return text
				}
				c.collects(t, subject, false)
				if t.Failed() {
					t.Fatalf("by way of %s", field)
				}
			}
			for _, hostile := range hostileTexts() {
				c.become = func(string, string) string { return hostile }
				c.collects(t, subject, true)
				c.become = func(path, text string) string {
					if path == ".kind" || path == ".apiVersion" || strings.HasPrefix(path, ".metadata.name") {
						return text
					}
					return hostile
				}
				c.collects(t, subject, true)
			}
		})
	}
}

// TestHostileFieldsOfALargeCluster replaces the fields that requests by name use in a large cluster.
func TestHostileFieldsOfALargeCluster(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	subject := facts.Subject{Namespace: s.Subject.Namespace, Component: s.Subject.Component}
	c := hostileCluster{objects: s.Objects(), crowded: true}
	for _, field := range c.fields() {
		if !strings.Contains(field, "spec.owner.") && !strings.HasPrefix(field, ".spec.environment") && !strings.HasPrefix(field, ".metadata.") {
			continue
		}
		c.become = func(path, text string) string {
			if path == field {
				return traversal
			}
			return text
		}
		c.collects(t, subject, false)
		if t.Failed() {
			t.Fatalf("by way of %s", field)
		}
	}
	for _, hostile := range hostileTexts() {
		c.become = func(string, string) string { return hostile }
		c.collects(t, subject, true)
	}
}

// TestRecordedFieldsAreRequested expects at least 19 requests: without replaced texts, the cluster of these tests leads as far as
// the recorded one.
func TestRecordedFieldsAreRequested(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	var asked atomic.Int64
	c := hostileCluster{objects: s.Objects(), become: func(_, text string) string { return text }}
	counting := requestCounter{c, &asked}
	source, err := kube.New(map[facts.Plane]*rest.Config{facts.Control: {Host: "http://api", Transport: requestguard.Transport(t, counting)}}, kube.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), source, facts.Subject{Namespace: s.Subject.Namespace, Component: s.Subject.Component}, takenAt()); err != nil {
		t.Fatal(err)
	}
	if n := asked.Load(); n < 19 {
		t.Errorf("asked %d times", n)
	}
}

// requestCounter counts requests.
type requestCounter struct {
	http.RoundTripper
	asked *atomic.Int64
}

func (c requestCounter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.asked.Add(1)
	return c.RoundTripper.RoundTrip(r)
}

// FuzzHostileFields replaces some fields of a recorded cluster by arbitrary text.
func FuzzHostileFields(f *testing.F) {
	var all []*facts.Snapshot
	for i, name := range hostileScenarios() {
		all = append(all, factstest.Scenario(f, name))
		for _, text := range hostileTexts() {
			f.Add(uint8(i), uint64(len(text)), text)
		}
	}
	f.Fuzz(func(t *testing.T, scenario uint8, seed uint64, text string) {
		s := all[int(scenario)%len(all)]
		c := hostileCluster{objects: s.Objects(), become: func(path, was string) string {
			h := fnv.New64a()
			_, _ = h.Write([]byte(path))
			if (h.Sum64()^seed*0x9e3779b97f4a7c15)%8 == 0 {
				return text
			}
			return was
		}}
		c.collects(t, facts.Subject{Namespace: s.Subject.Namespace, Component: s.Subject.Component}, true)
	})
}
