package trace

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// assessEndpoint holds the endpoints that the release declares against the URLs that the binding has resolved. The
// URLs come from the rendered route, so they say what is meant to answer, not that it does.
func assessEndpoint(p *place) *judgement {
	j := rung(RungEndpoint, p.binding.Ref)
	if p.binding.Outcome != facts.Found {
		j.unasked = true
		j.Summary = "none"
		return j
	}
	if p.Object(p.ref("ComponentRelease", p.releaseName())).Outcome != facts.Found {
		j.unasked = true
		j.Summary = "not known without the release"
		return j
	}
	declared := p.declaredEndpoints()
	if len(declared) == 0 {
		j.State, j.Current, j.Summary = OK, Current, "none declared"
		return j
	}
	j.Current = Current
	addresses := p.addresses()
	for _, name := range declared {
		if !slices.ContainsFunc(addresses, func(a Address) bool { return a.Name == name }) {
			p.unresolved(j, name)
			continue
		}
		p.unseen(j, name, addresses)
	}
	if len(addresses) == 0 {
		return j
	}
	return j.ok("%s", best(addresses).URL)
}

func (p *place) unresolved(j *judgement, name string) {
	ready := kinds.ConditionOf(p.binding.Body, kinds.ConditionReady)
	if !ready.True() && p.within(since(ready), observeClock) {
		j.wait(since(ready), "%s has no address yet", name)
		return
	}
	j.Summary = fmt.Sprintf("%s has no address", name)
	j.absent = true
	j.fail(Finding{
		Code: CodeEndpointNotResolved, Message: fmt.Sprintf("endpoint %s of the release has no URL in status.endpoints", name),
		Hint: "no gateway is set for this visibility on the Environment or its plane, or the route has no host name",
	})
}

// unseen: an endpoint that is to be reached from outside has an address inside only, under Ready=True, where no gateway is
// configured for it (openchoreo v1.2.3 releasebinding, status.endpoints).
func (p *place) unseen(j *judgement, name string, addresses []Address) {
	endpoint, _ := nested(p.Object(p.ref("ComponentRelease", p.releaseName())), "spec", "workload", "endpoints")[name].(map[string]any)
	visibilities, _, _ := unstructured.NestedStringSlice(endpoint, "visibility")
	for _, v := range visibilities {
		if v != "external" && v != "internal" || slices.ContainsFunc(addresses, func(a Address) bool { return a.Name == name && a.Visibility == v }) {
			continue
		}
		j.note(Warning, Finding{
			Code: CodeEndpointNotResolved, Message: fmt.Sprintf("endpoint %s is to be %s, and has no such address", name, v),
			Hint: "no gateway is set for this visibility on the Environment or its plane, or the route has no host name",
		})
	}
}

// declaredEndpoints are those of the snapshot in the release, not of the Workload, which may have moved on.
func (p *place) declaredEndpoints() []string {
	return endpointNames(p.Object(p.ref("ComponentRelease", p.releaseName())))
}

func endpointNames(release facts.Object) []string {
	endpoints := nested(release, "spec", "workload", "endpoints")
	var names []string
	for name := range endpoints {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// addresses lists every URL that the binding has resolved, the most public first.
func (p *place) addresses() []Address {
	addresses := []Address{}
	for _, e := range kinds.Items(p.binding.Body, "status", "endpoints") {
		name := kinds.String(e, "name")
		addresses = append(addresses, gatewayURLs(e, name, "external", "externalURLs")...)
		addresses = append(addresses, gatewayURLs(e, name, "internal", "internalURLs")...)
		if u := kinds.Fields(e, "serviceURL"); u != nil {
			addresses = append(addresses, Address{name, "project", url(u)})
		}
	}
	return addresses
}

func gatewayURLs(endpoint map[string]any, name, visibility, field string) []Address {
	var addresses []Address
	for _, listener := range []string{"https", "http", "tls"} {
		if u := kinds.Fields(endpoint, field, listener); u != nil {
			addresses = append(addresses, Address{name, visibility, url(u)})
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

func best(addresses []Address) Address {
	for _, visibility := range []string{"external", "internal"} {
		for _, a := range addresses {
			if a.Visibility == visibility {
				return a
			}
		}
	}
	return addresses[0]
}
