package collect

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// subject reads the component, its project and its bindings.
type subject struct{ *request.Set }

// requestFirst requests what needs only the subject's name. Bindings and Workloads have no labels, so their owners are read from
// tables; Kustomizations, Environments and ProjectReleaseBindings are listed if they are few.
func (k subject) requestFirst() {
	k.RequestObject(k.Ref("Component", k.Component))
	k.RequestList(k.Owned("ReleaseBinding", k.Component))
	k.RequestList(k.Owned("Workload", k.Component))
	k.RequestList(k.renderedQuery())
	k.RequestList(request.ListedKustomizations())
	k.RequestList(k.Listed("Environment"))
	k.RequestList(k.Listed("ProjectReleaseBinding"))
}

// componentRequested reports whether the first round trip was made: everything else follows from it.
func (k subject) componentRequested() bool {
	return k.Object(k.Ref("Component", k.Component)).Outcome != facts.NotAsked
}

func (k subject) renderedQuery() facts.Query {
	q := k.All("RenderedRelease")
	q.Labels = request.HasLabel(kinds.LabelComponent, k.Component)
	return q
}

// projectName is that in the Component; else that in a Workload or a binding, which may outlive it.
func (k subject) projectName() string {
	if p := kinds.Text(k.Object(k.Ref("Component", k.Component)).Body, "spec", "owner", "projectName"); p != "" {
		return p
	}
	if k.Subject.Project != "" {
		return k.Subject.Project
	}
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		for _, o := range k.ownedObjects(kind) {
			if p := kinds.Text(o.Body, "spec", "owner", "projectName"); p != "" {
				return p
			}
		}
	}
	return ""
}

// ownedObjects are all objects of an owner list, whether read or not.
func (k subject) ownedObjects(kind string) []facts.Object {
	var objects []facts.Object
	for _, item := range k.List(k.Owned(kind, k.Component)).Items {
		objects = append(objects, k.Object(item))
	}
	return objects
}

func (k subject) wantsEnvironment(environment string) bool {
	if len(k.Subject.Environments) == 0 {
		return true
	}
	for _, e := range k.Subject.Environments {
		if e == environment {
			return true
		}
	}
	return false
}

// environmentNames are the wanted ones that the bindings and RenderedReleases name.
func (k subject) environmentNames() []string {
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if name != "" && !seen[name] && k.wantsEnvironment(name) {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, r := range k.List(k.renderedQuery()).Items {
		add(kinds.Text(k.Object(r).Body, "spec", "environmentName"))
	}
	for _, b := range k.ownedObjects("ReleaseBinding") {
		add(kinds.Text(b.Body, "spec", "environment"))
	}
	return names
}

func (k subject) renderedIn(environment string) []facts.Object {
	var found []facts.Object
	for _, item := range k.List(k.renderedQuery()).Items {
		o := k.Object(item)
		if kinds.Text(o.Body, "spec", "environmentName") == environment && kinds.Text(o.Body, "spec", "targetPlane") != "observabilityplane" {
			found = append(found, o)
		}
	}
	return found
}

// ownRefs are the subject's objects, as far as their names are known. The releases of its providers are not among them.
func (k subject) ownRefs() []facts.Ref {
	refs := []facts.Ref{k.Ref("Component", k.Component), k.Ref("Project", k.projectName())}
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		refs = append(refs, k.List(k.Owned(kind, k.Component)).Items...)
	}
	for _, kind := range []string{"ComponentRelease", "ProjectReleaseBinding", "Environment", "DeploymentPipeline"} {
		for _, o := range k.Of(facts.Control, kinds.OpenChoreo, kind) {
			if owner := kinds.Text(o.Body, "spec", "owner", "componentName"); owner == "" || owner == k.Component {
				refs = append(refs, o.Ref)
			}
		}
	}
	for _, b := range k.ownedObjects("ReleaseBinding") {
		if name := kinds.Text(b.Body, "spec", "releaseName"); name != "" {
			refs = append(refs, k.Ref("ComponentRelease", name))
		}
	}
	return refs
}

// pipelineEnvironments are those of the project's pipeline, in its order.
func (k subject) pipelineEnvironments() []string {
	project := k.Object(k.Ref("Project", k.projectName()))
	return kinds.PipelineEnvironments(k.Object(k.Ref("DeploymentPipeline", kinds.Text(project.Body, "spec", "deploymentPipelineRef", "name"))).Body)
}

// environmentExists reports whether an Environment was read, or is among the names of all.
func (k subject) environmentExists(name string) bool {
	ref := k.Ref("Environment", name)
	return k.Object(ref).Outcome == facts.Found || slices.Contains(k.List(k.NamesOf("Environment")).Items, ref)
}
