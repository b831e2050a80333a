package endpoints

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

var errNoCluster = errors.New("cannot probe a snapshot: it has no cluster")

// backend is where the requests to a Service end.
type backend struct {
	pod  facts.Ref
	port int
}

// findBackend finds a ready pod behind the Service that a URL within the cluster names, as kubectl port-forward does. The Service
// is read from what OpenChoreo has rendered: selector and ports are those that were applied.
func findBackend(s *facts.Snapshot, address string) (backend, error) {
	u, err := url.Parse(address)
	if err != nil {
		return backend{}, fmt.Errorf("cannot parse URL: %w", err)
	}
	name, rest, _ := strings.Cut(u.Hostname(), ".")
	namespace, _, _ := strings.Cut(rest, ".")
	spec := renderedService(s, namespace, name)
	if spec == nil {
		return backend{}, fmt.Errorf("cannot find Service %s/%s: the release does not render it", namespace, name)
	}
	selector, err := labels.ValidatedSelectorFromSet(stringMap(spec["selector"]))
	if err != nil || selector.Empty() {
		return backend{}, fmt.Errorf("cannot forward to Service %s/%s: it has no selector", namespace, name)
	}
	seen := false
	for _, o := range s.Objects() {
		if o.Ref.Kind != "Pod" || o.Ref.Namespace != namespace || o.Outcome != facts.Found {
			continue
		}
		seen = true
		ready := kinds.ConditionOf(o.Body, corev1.PodReady).True() && o.Body.GetDeletionTimestamp() == nil
		if port := targetPort(spec, u, o); ready && port > 0 && selector.Matches(labels.Set(o.Body.GetLabels())) {
			return backend{o.Ref, port}, nil
		}
	}
	if !seen {
		return backend{}, fmt.Errorf("cannot find a pod of Service %s/%s: its data plane is not readable; name its context with --plane", namespace, name)
	}
	return backend{}, fmt.Errorf("cannot find a pod of Service %s/%s that is ready and has the port", namespace, name)
}

// renderedService is the spec of a Service of that name, nil where none was rendered.
func renderedService(s *facts.Snapshot, namespace, name string) map[string]any {
	for _, o := range s.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		for _, item := range kinds.Items(o.Body, "spec", "resources") {
			object, _ := item["object"].(map[string]any)
			if kinds.String(object, "kind") == "Service" && kinds.String(object, "metadata", "name") == name && kinds.String(object, "metadata", "namespace") == namespace {
				spec, _ := object["spec"].(map[string]any)
				return spec
			}
		}
	}
	return nil
}

func stringMap(v any) labels.Set {
	set := labels.Set{}
	values, _ := v.(map[string]any)
	for key, value := range values {
		if text, ok := value.(string); ok {
			set[key] = text
		}
	}
	return set
}

// targetPort is the port of the pod behind the port of the URL; 0 where the Service has none such. It may be a name, which is
// that of a container's port.
func targetPort(service map[string]any, u *url.URL, pod facts.Object) int {
	asked := portOf(u)
	ports, _ := service["ports"].([]any)
	for _, p := range ports {
		port, _ := p.(map[string]any)
		if number(port["port"]) != asked {
			continue
		}
		switch target := port["targetPort"].(type) {
		case nil:
			return asked
		case string:
			return namedPort(pod, target)
		default:
			return number(target)
		}
	}
	return 0
}

func namedPort(pod facts.Object, name string) int {
	for _, container := range kinds.Items(pod.Body, "spec", "containers") {
		ports, _ := container["ports"].([]any)
		for _, p := range ports {
			if port, _ := p.(map[string]any); port["name"] == name {
				return number(port["containerPort"])
			}
		}
	}
	return 0
}

func portOf(u *url.URL) int {
	if port, err := strconv.Atoi(u.Port()); err == nil {
		return port
	}
	if u.Scheme == "https" {
		return 443
	}
	return 80
}

// number is a number of JSON.
func number(v any) int {
	switch n := v.(type) {
	case int64:
		return int(n)
	case float64:
		return int(n)
	}
	return 0
}

// forwardTo connects to what is behind, whatever address is requested.
func (p Prober) forwardTo(b backend) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		if p.Source == nil {
			return nil, errNoCluster
		}
		return p.Source.Dial(ctx, b.pod, b.port)
	}
}
