package binding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// explainCycle states each dependency of a cycle, and where it can be broken. The bindings of ring wait for the next one, the last for the
// first. OpenChoreo resolves the endpoints of a component before its connections, so that a cycle only waits for an endpoint that a
// release does not declare (openchoreo v1.2.3 releasebinding/controller.go:683-709).
func explainCycle(p *view.Environment, f *trace.Finding, ring []facts.Ref) {
	var needs, workloads, undeclared []string
	reason := ""
	for i, ref := range ring {
		waiting, next := p.Object(ref), p.Object(ring[(i+1)%len(ring)])
		consumer, provider := componentOf(waiting), componentOf(next)
		item := pendingOf(waiting, provider)
		endpoint := kinds.String(item, "endpoint")
		reason = cmp.Or(reason, kinds.String(item, "reason"))
		needs = append(needs, fmt.Sprintf("%s needs endpoint %s of %s", consumer, endpoint, provider))
		workloads = append(workloads, workloadOf(p, consumer))
		release := p.Object(p.Ref("ComponentRelease", kinds.Text(next.Body, "spec", "releaseName")))
		if _, has := view.Nested(release, "spec", "workload", "endpoints")[endpoint]; release.Outcome == facts.Found && !has {
			undeclared = append(undeclared, fmt.Sprintf("endpoint %s in spec.endpoints of %s", endpoint, workloadOf(p, provider)))
		}
	}
	slices.Sort(workloads)
	f.Code, f.Message = trace.CodeConnectionCycle, strings.TrimSuffix(strings.Join(needs, ", and ")+": "+reason, ": ")
	f.Hint = fmt.Sprintf("the components depend on each other: remove one dependency from spec.dependencies.endpoints of %s in Git", strings.Join(workloads, " or "))
	if len(undeclared) > 0 {
		slices.Sort(undeclared)
		f.Hint = fmt.Sprintf("the components may depend on each other, but these endpoints are not declared: declare %s in Git, or remove one dependency from spec.dependencies.endpoints", strings.Join(undeclared, " and "))
	}
}

func componentOf(binding facts.Object) string {
	return kinds.Text(binding.Body, "spec", "owner", "componentName")
}

// pendingOf is the first pending connection of a binding to a component.
func pendingOf(binding facts.Object, provider string) map[string]any {
	for _, item := range kinds.Items(binding.Body, "status", "pendingConnections") {
		if kinds.String(item, "component") == provider {
			return item
		}
	}
	return nil
}

// workloadOf names the Workload of a component.
func workloadOf(p *view.Environment, component string) string {
	if all := p.OwnedBy("Workload", component); len(all) == 1 {
		return all[0].Ref.String()
	}
	return "the Workload of " + component
}
