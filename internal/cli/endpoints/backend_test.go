package endpoints

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const serviceURL = "http://greeter-service.dp-healthy-demo-development-d0f38952.svc.cluster.local:9090"

// behindCase is a change of the healthy world, and the port that is found behind the Service then, or what is in the way.
type behindCase struct {
	url     string
	service func(*unstructured.Unstructured)
	world   func(*facts.Snapshot)
	port    int
	problem string
}

func (c behindCase) check(t *testing.T, name string) {
	t.Helper()
	s := factstest.Scenario(t, "healthy")
	if c.service != nil {
		inService(t, s, c.service)
	}
	if c.world != nil {
		c.world(s)
	}
	got, err := findBackend(s, c.url)
	if c.problem == "" && (err != nil || got.port != c.port || !strings.HasPrefix(got.pod.Name, "greeter-service-development-")) {
		t.Errorf("%s: %+v, %v; want port %d", name, got, err, c.port)
	}
	if c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
		t.Errorf("%s: %+v, %v; want %q", name, got, err, c.problem)
	}
}

// inPods changes all pods.
func inPods(change func(*unstructured.Unstructured)) func(*facts.Snapshot) {
	return func(s *facts.Snapshot) {
		for _, o := range s.Objects() {
			if o.Ref.Kind == "Pod" {
				change(o.Body)
			}
		}
	}
}

func TestFindBehind(t *testing.T) {
	t.Parallel()
	ports := func(ports ...any) func(*unstructured.Unstructured) {
		return func(service *unstructured.Unstructured) {
			_ = unstructured.SetNestedSlice(service.Object, ports, "spec", "ports")
		}
	}
	for name, c := range map[string]behindCase{
		"AsRendered": {url: serviceURL, port: 9090},
		"OtherTargetPort": {
			url: serviceURL + "/path", port: 8080,
			service: ports(map[string]any{"port": int64(9090), "targetPort": int64(8080)}),
		},
		"NamedTargetPort": {
			url: serviceURL, port: 7070,
			service: ports(map[string]any{"port": int64(9090), "targetPort": "web"}), world: inPods(func(u *unstructured.Unstructured) {
				_ = unstructured.SetNestedSlice(u.Object, []any{map[string]any{"name": "main", "ports": []any{
					map[string]any{"name": "web", "containerPort": int64(7070)},
				}}}, "spec", "containers")
			}),
		},
		"TheSchemesPort": {url: strings.TrimSuffix(serviceURL, ":9090"), port: 80, service: ports(map[string]any{"port": int64(80)})},
	} {
		c.check(t, name)
	}
}

func TestFindNothingBehind(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]behindCase{
		"NoSuchPort":     {url: strings.TrimSuffix(serviceURL, ":9090") + ":1", problem: "that is ready and has the port"},
		"NoSuchService":  {url: "http://other.dp-healthy-demo-development-d0f38952.svc:9090", problem: "the release does not render it"},
		"SelectsNothing": {url: serviceURL, problem: "it has no selector", service: func(u *unstructured.Unstructured) { unstructured.RemoveNestedField(u.Object, "spec", "selector") }},
		"SelectsNoneHere": {url: serviceURL, problem: "that is ready", service: func(u *unstructured.Unstructured) {
			_ = unstructured.SetNestedField(u.Object, "x", "spec", "selector", "app")
		}},
		"NotReady": {url: serviceURL, problem: "that is ready", world: inPods(func(u *unstructured.Unstructured) {
			unstructured.RemoveNestedField(u.Object, "status", "conditions")
		})},
		"NoPodsToSee": {url: serviceURL, problem: "--plane", world: func(s *facts.Snapshot) {
			for _, o := range s.Objects() {
				if o.Ref.Kind == "Pod" {
					s.Drop(o.Ref)
				}
			}
		}},
	} {
		c.check(t, name)
	}
}

// inService changes the Service that was rendered for development.
func inService(t *testing.T, s *facts.Snapshot, change func(*unstructured.Unstructured)) {
	t.Helper()
	for _, o := range s.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		items := kinds.Items(o.Body, "spec", "resources")
		at := slices.IndexFunc(items, func(item map[string]any) bool { return kinds.String(item, "object", "kind") == "Service" })
		if at < 0 || !strings.HasSuffix(o.Ref.Name, "-development") {
			continue
		}
		object, _ := items[at]["object"].(map[string]any)
		change(&unstructured.Unstructured{Object: object})
		return
	}
	t.Fatal("there is no Service")
}
