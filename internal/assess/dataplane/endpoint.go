package dataplane

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessEndpoint holds the endpoints that the release declares against the URLs that the binding has resolved. The
// URLs come from the rendered route, so they say what is meant to answer, not that it does.
func AssessEndpoint(p *view.Environment) *result.Result {
	j := result.New(trace.RungEndpoint, p.Binding.Ref)
	if p.Binding.Outcome != facts.Found {
		j.Cause = result.NotChecked()
		j.Summary = p.WithoutBinding("none")
		return j
	}
	if p.Object(p.Ref("ComponentRelease", p.ReleaseName())).Outcome != facts.Found {
		j.Cause = result.NotChecked()
		j.Summary = "unknown without the release"
		return j
	}
	declared := declaredEndpoints(p)
	if len(declared) == 0 {
		j.State, j.Current, j.Summary = trace.OK, trace.Current, "none declared"+neededBy(p)
		return j
	}
	j.Current = trace.Current
	addresses := Addresses(p)
	for _, name := range declared {
		if !slices.ContainsFunc(addresses, func(a trace.Address) bool { return a.Name == name }) {
			unresolved(p, j, name)
			continue
		}
		unseen(p, j, name, addresses)
	}
	if len(addresses) == 0 {
		return j
	}
	if a, reason, refused := firstNotRouted(p, addresses); refused {
		j.State, j.Cause, j.Summary = trace.Failed, result.CausedBy(trace.RungResource), fmt.Sprintf("%s is not routed: %s", a.URL, reason)
	}
	return assessProbes(p, j.OK("%s", best(addresses).URL))
}

// neededBy names the first component of the environment that waits for an endpoint of this one, which declares none.
func neededBy(p *view.Environment) string {
	for _, o := range p.Of(facts.Control, kinds.OpenChoreo, "ReleaseBinding") {
		if o.Ref.Namespace != p.Namespace || kinds.Text(o.Body, "spec", "environment") != p.Name {
			continue
		}
		for _, item := range kinds.Items(o.Body, "status", "pendingConnections") {
			if kinds.String(item, "component") == p.ComponentName {
				return fmt.Sprintf("; %s needs %s", kinds.Text(o.Body, "spec", "owner", "componentName"), kinds.String(item, "endpoint"))
			}
		}
	}
	return ""
}

// Labels of a rendered route (openchoreo v1.2.3 internal/labels/labels.go). ReleaseBinding.status.endpoints has the route's address
// before a gateway has accepted it.
const (
	labelEndpointName       = "openchoreo.dev/endpoint-name"
	labelEndpointVisibility = "openchoreo.dev/endpoint-visibility"
)

// firstNotRouted is the first address whose route is missing or refused, and why.
func firstNotRouted(p *view.Environment, addresses []trace.Address) (a trace.Address, reason string, found bool) {
	for _, a := range addresses {
		for _, o := range p.PlaneObjects() {
			if kinds.Label(o.Declared, labelEndpointName) != a.Name || kinds.Label(o.Declared, labelEndpointVisibility) != a.Visibility {
				continue
			}
			if route := AssessObject(p, o); route.State == trace.Failed {
				return a, route.Summary, true
			}
		}
	}
	return trace.Address{}, "", false
}

func unresolved(p *view.Environment, j *result.Result, name string) {
	ready := kinds.ConditionOf(p.Binding.Body, kinds.ConditionReady)
	j.Cause = result.NotFound()
	if !ready.True() && p.Within(view.LastTransition(ready), view.ObserveTimeout) {
		j.Wait(view.LastTransition(ready), "%s has no address yet", name)
		return
	}
	j.Summary = fmt.Sprintf("%s has no address", name)
	j.Fail(trace.Finding{
		Code: trace.CodeEndpointNotResolved, Message: fmt.Sprintf("endpoint %s of the release has no URL in status.endpoints", name),
		Hint: "the Environment and its data plane set no gateway for this visibility, or the route has no hostname",
	})
}

// unseen: an endpoint that is to be reached from outside has an address inside only, under Ready=True, where no gateway is
// configured for it (openchoreo v1.2.3 releasebinding, status.endpoints).
func unseen(p *view.Environment, j *result.Result, name string, addresses []trace.Address) {
	endpoint, _ := view.Nested(p.Object(p.Ref("ComponentRelease", p.ReleaseName())), "spec", "workload", "endpoints")[name].(map[string]any)
	visibilities, _, _ := unstructured.NestedStringSlice(endpoint, "visibility")
	for _, v := range visibilities {
		if v != "external" && v != "internal" || slices.ContainsFunc(addresses, func(a trace.Address) bool { return a.Name == name && a.Visibility == v }) {
			continue
		}
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeEndpointNotResolved, Message: fmt.Sprintf("endpoint %s has visibility %s, but no URL for it", name, v),
			Hint: "the Environment and its data plane set no gateway for this visibility, or the route has no hostname",
		})
	}
}

// declaredEndpoints are those of the snapshot in the release, not of the Workload, which may have moved on.
func declaredEndpoints(p *view.Environment) []string {
	return EndpointNames(p.Object(p.Ref("ComponentRelease", p.ReleaseName())))
}

// EndpointNames are the endpoints in a ComponentRelease's snapshot of the Workload, sorted.
func EndpointNames(release facts.Object) []string {
	endpoints := view.Nested(release, "spec", "workload", "endpoints")
	var names []string
	for name := range endpoints {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Addresses lists every URL that the binding has resolved, the most public first.
func Addresses(p *view.Environment) []trace.Address {
	addresses := []trace.Address{}
	for _, e := range kinds.Items(p.Binding.Body, "status", "endpoints") {
		name := kinds.String(e, "name")
		addresses = append(addresses, gatewayURLs(e, name, "external", "externalURLs")...)
		addresses = append(addresses, gatewayURLs(e, name, "internal", "internalURLs")...)
		if u := kinds.Fields(e, "serviceURL"); u != nil {
			addresses = append(addresses, trace.Address{Name: name, Visibility: "project", URL: url(u)})
		}
	}
	return addresses
}

func gatewayURLs(endpoint map[string]any, name, visibility, field string) []trace.Address {
	var addresses []trace.Address
	for _, listener := range []string{"https", "http", "tls"} {
		if u := kinds.Fields(endpoint, field, listener); u != nil {
			addresses = append(addresses, trace.Address{Name: name, Visibility: visibility, URL: url(u)})
		}
	}
	return addresses
}

func url(u map[string]any) string {
	var b strings.Builder
	if scheme := kinds.String(u, "scheme"); scheme != "" {
		b.WriteString(scheme + "://")
	}
	b.WriteString(kinds.String(u, "host"))
	if port, ok := u["port"].(int64); ok && port != 0 {
		fmt.Fprintf(&b, ":%d", port)
	}
	b.WriteString(kinds.String(u, "path"))
	return b.String()
}

func best(addresses []trace.Address) trace.Address {
	for _, visibility := range []string{"external", "internal"} {
		for _, a := range addresses {
			if a.Visibility == visibility {
				return a
			}
		}
	}
	return addresses[0]
}
