package binding

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// blockedConnections: a connection to another project resolves whether or not the provider's NetworkPolicy admits that project.
func blockedConnections(p *view.Environment, j *result.Result, o facts.Object) {
	for _, c := range kinds.ConnectionsToProjects(o.Body, p.ProjectName) {
		project, component, endpoint := kinds.String(c, "project"), kinds.String(c, "component"), kinds.String(c, "endpoint")
		if !refusesProjects(providerEndpoints(p, project, component), endpoint) {
			continue
		}
		j.Note(trace.Warning, trace.Finding{
			Code:    trace.CodeConnectionBlocked,
			Message: fmt.Sprintf("endpoint %s of %s in project %s is not visible to other projects", endpoint, component, project),
			Hint:    "the connection is resolved, but the NetworkPolicy of that component blocks it: its owner must add namespace to the visibility of the endpoint",
		})
	}
}

// providerEndpoints are the endpoints in the release that is deployed in this environment; none where that is not known.
func providerEndpoints(p *view.Environment, project, component string) map[string]any {
	bound := boundHere(p, component)
	if len(bound) != 1 || kinds.Text(bound[0].Body, "spec", "owner", "projectName") != project ||
		kinds.ConditionOf(bound[0].Body, kinds.ConditionReleaseSynced).False() {
		return nil
	}
	return view.Nested(p.Object(p.Ref("ComponentRelease", kinds.Text(bound[0].Body, "spec", "releaseName"))), "spec", "workload", "endpoints")
}

// refusesProjects: the NetworkPolicy of a component admits other projects to the ports of the endpoints that are visible in the
// namespace; external and internal admit only gateways (openchoreo v1.2.3 internal/networkpolicy/networkpolicy.go:136-195). It
// is made from the release (releasebinding/controller.go:577).
func refusesProjects(endpoints map[string]any, name string) bool {
	wanted, declared := endpoints[name].(map[string]any)
	if !declared {
		return false
	}
	for _, e := range endpoints {
		e, ok := e.(map[string]any)
		if ok && samePort(e, wanted) && visibleInNamespace(e) {
			return false
		}
	}
	return true
}

func samePort(a, b map[string]any) bool {
	return a["port"] == b["port"] && (kinds.String(a, "type") == "UDP") == (kinds.String(b, "type") == "UDP")
}

func visibleInNamespace(endpoint map[string]any) bool {
	visibility, _, _ := unstructured.NestedSlice(endpoint, "visibility")
	for _, v := range visibility {
		if v == "namespace" {
			return true
		}
	}
	return false
}
