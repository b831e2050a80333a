package binding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/dataplane"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// connectionsPending: the release is applied nevertheless, so the pods run without the variables of the dependency and
// may crash (openchoreo v1.2.3 releasebinding/controller.go:611 and :701). So this comes before a crash below, and its
// cause is looked for in the component that is waited for.
func connectionsPending(p *view.Environment, j *result.Result, o facts.Object, c kinds.Condition) *result.Result {
	var reasons []string
	for _, item := range kinds.Items(o.Body, "status", "pendingConnections") {
		reasons = append(reasons, kinds.String(item, "component")+": "+kinds.String(item, "reason"))
	}
	message := cmp.Or(strings.Join(reasons, "; "), c.Message)
	if p.Within(view.LastTransition(c), view.ConnectionTimeout) {
		return j.Wait(view.LastTransition(c), "%s: %s", o.Ref.Name, message)
	}
	f := trace.Finding{
		Code: trace.CodeConnectionsPending, Message: message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c),
		Hint: "the release is applied, but the environment variables of this dependency are not set in its pods",
	}
	for _, item := range kinds.Items(o.Body, "status", "pendingConnections") {
		if cause, found := providerCause(p, o, item, []facts.Ref{o.Ref}); found {
			cause.Since, cause.Evidence = f.Since, append(cause.Evidence, f.Evidence...)
			f = cause
			break
		}
	}
	j.Summary = fmt.Sprintf("%s waits for %s", o.Ref.Name, providers(o))
	if f.Code == trace.CodeConnectionCycle && f.Object == o.Ref && len(f.Path) == 2 {
		j.Summary += ", which waits for " + p.ComponentName
	}
	return j.Fail(f)
}

// providers names the components that a binding waits for.
func providers(o facts.Object) string {
	var names []string
	for _, item := range kinds.Items(o.Body, "status", "pendingConnections") {
		if name := kinds.String(item, "component"); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "another component"
	}
	return "component " + strings.Join(names, ", ")
}

// providerCause follows one pending connection of waiting into the component that it names; seen is the way there.
func providerCause(p *view.Environment, waiting facts.Object, item map[string]any, seen []facts.Ref) (trace.Finding, bool) {
	name, reason := kinds.String(item, "component"), kinds.String(item, "reason")
	component := p.Object(p.Ref("Component", name))
	f := trace.Finding{Message: fmt.Sprintf("%s needs endpoint %s of %s: %s", waiting.Ref, kinds.String(item, "endpoint"), name, reason), Path: slices.Clone(seen)}
	bound := boundHere(p, name)
	wanted, owner := kinds.String(item, "project"), kinds.Text(component.Body, "spec", "owner", "projectName")
	switch {
	case component.Outcome == facts.Absent:
		f.Code, f.Object = trace.CodeProviderNotFound, component.Ref
		f.Hint = fmt.Sprintf("%s does not exist: commit it, or remove the dependency from the Workload", component.Ref)
	case component.Outcome != facts.Found:
		return trace.Finding{}, false
	case wanted != "" && owner != "" && wanted != owner:
		// OpenChoreo finds a provider by its project as well (openchoreo v1.2.3 releasebinding/controller_connections.go:81).
		f.Code, f.Object = trace.CodeProviderNotFound, component.Ref
		f.Hint = fmt.Sprintf("%s belongs to project %s, not to %s: correct project in spec.dependencies.endpoints of the Workload", component.Ref, owner, wanted)
	case len(bound) == 0:
		f.Code, f.Object = trace.CodeProviderNotBound, component.Ref
		f.Hint = fmt.Sprintf("no ReleaseBinding binds %s to %s: deploy it there too", name, p.Name)
	case len(bound) > 1:
		f.Code, f.Object = trace.CodeMultipleReleaseBindings, bound[0].Ref
		f.Hint = fmt.Sprintf("several ReleaseBindings bind %s to %s", name, p.Name)
	default:
		return providerBinding(p, f, bound[0], kinds.String(item, "endpoint"), seen)
	}
	return f, true
}

// boundHere are the bindings of another component in this environment.
func boundHere(p *view.Environment, component string) []facts.Object {
	return slices.DeleteFunc(p.OwnedBy("ReleaseBinding", component), func(o facts.Object) bool {
		return kinds.Text(o.Body, "spec", "environment") != p.Name
	})
}

// providerBinding finds what is wrong with the one binding of the component that is waited for.
func providerBinding(p *view.Environment, f trace.Finding, bound facts.Object, endpoint string, seen []facts.Ref) (trace.Finding, bool) {
	f.Object = bound.Ref
	if slices.Contains(seen, bound.Ref) {
		explainCycle(p, &f, seen[slices.Index(seen, bound.Ref):])
		return f, true
	}
	if kinds.Text(bound.Body, "spec", "state") == "Undeploy" {
		f.Code, f.Hint = trace.CodeProviderUndeployed, fmt.Sprintf("%s is undeployed: if that is not intended, set its spec.state to Active in Git", bound.Ref)
		return f, true
	}
	seen = append(slices.Clone(seen), bound.Ref)
	synced := kinds.ConditionOf(bound.Body, kinds.ConditionReleaseSynced)
	if !synced.False() {
		for _, item := range kinds.Items(bound.Body, "status", "pendingConnections") {
			if cause, found := providerCause(p, bound, item, seen); found && cause.Code == trace.CodeConnectionCycle {
				return cause, true
			}
		}
	}
	release := p.Object(p.Ref("ComponentRelease", kinds.Text(bound.Body, "spec", "releaseName")))
	_, has := view.Nested(release, "spec", "workload", "endpoints")[endpoint]
	switch {
	case synced.False():
		f.Code, f.Hint = trace.CodeProviderNotReady, fmt.Sprintf("%s is not ready: %s", bound.Ref, synced.Message)
	case release.Outcome == facts.Found && !has:
		f.Code, f.Object = trace.CodeProviderEndpointNotFound, release.Ref
		f.Hint = fmt.Sprintf("the deployed release of %s has no endpoint %q, only %s: correct the dependency in the Workload that needs it, or add the endpoint", kinds.Text(bound.Body, "spec", "owner", "componentName"), endpoint, cmp.Or(strings.Join(dataplane.EndpointNames(release), ", "), "none"))
	default:
		f.Code, f.Hint = trace.CodeProviderNotReady, fmt.Sprintf("%s has not resolved the endpoint for this visibility", bound.Ref)
		p.Retriggers(&f, bound.Ref)
	}
	return f, true
}

// resourcesPending: a Resource that the workload depends on must be bound and ready in this environment (openchoreo v1.2.3
// releasebinding/controller_resourcedependencies.go:142-224).
func resourcesPending(p *view.Environment, j *result.Result, o facts.Object, c kinds.Condition) *result.Result {
	var reasons []string
	f := trace.Finding{Code: trace.CodeResourceDependenciesPending, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c)}
	for _, item := range kinds.Items(o.Body, "status", "pendingResourceDependencies") {
		reasons = append(reasons, kinds.String(item, "reason"))
		resourceCause(p, &f, o, kinds.String(item, "resourceName"))
	}
	f.Message = cmp.Or(strings.Join(reasons, "; "), c.Message)
	if p.Within(view.LastTransition(c), view.ConnectionTimeout) {
		return j.Wait(view.LastTransition(c), "%s: %s", o.Ref.Name, f.Message)
	}
	j.Summary = fmt.Sprintf("%s waits for a resource", o.Ref.Name)
	return j.Fail(f)
}

func resourceCause(p *view.Environment, f *trace.Finding, waiting facts.Object, name string) {
	resource := p.Object(p.Ref("Resource", name))
	if resource.Outcome == facts.Absent {
		f.Object, f.Path = resource.Ref, []facts.Ref{waiting.Ref}
		f.Hint = fmt.Sprintf("%s does not exist: commit it, or remove it from spec.dependencies.resources of the Workload", resource.Ref)
		return
	}
	project := kinds.Text(waiting.Body, "spec", "owner", "projectName")
	for _, o := range p.Of(facts.Control, kinds.OpenChoreo, "ResourceReleaseBinding") {
		if kinds.Text(o.Body, "spec", "owner", "projectName") != project || kinds.Text(o.Body, "spec", "owner", "resourceName") != name || kinds.Text(o.Body, "spec", "environment") != p.Name {
			continue
		}
		f.Object, f.Path = o.Ref, []facts.Ref{waiting.Ref}
		if broken := firstFalse(kinds.Conditions(o.Body)); broken.Present() {
			f.Hint = fmt.Sprintf("%s: %s", broken.Reason, broken.Message)
		}
		return
	}
	f.Hint = fmt.Sprintf("no ResourceReleaseBinding binds Resource %s to Environment %s: commit one", name, p.Name)
}

func firstFalse(conditions []kinds.Condition) kinds.Condition {
	for _, c := range conditions {
		if c.False() {
			return c
		}
	}
	return kinds.Condition{}
}
