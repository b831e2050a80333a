package collect

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// planes reads what runs on the data planes.
type planes struct {
	subject

	nodes map[facts.Ref]bool // those that were requested
}

// requestEnvironments requests, for each wanted environment that has a RenderedRelease or a binding, its release, its plane and
// what runs there.
func (k planes) requestEnvironments() {
	for _, name := range k.environmentNames() {
		plane, known := k.requestPlane(name)
		for _, b := range k.ownedObjects("ReleaseBinding") {
			if kinds.Text(b.Body, "spec", "environment") == name {
				k.RequestObject(k.Ref("ComponentRelease", kinds.Text(b.Body, "spec", "releaseName")))
				k.requestProviders(b, 0)
				k.requestProvidersInProjects(b)
			}
		}
		if !known {
			continue
		}
		k.requestCell(name, plane)
		for _, r := range k.renderedIn(name) {
			k.requestReleased(r, plane)
		}
	}
	if project := k.projectName(); project != "" {
		q := k.All("RenderedRelease")
		q.Labels = request.HasLabel(kinds.LabelProject, project) + ",!" + kinds.LabelComponent
		k.RequestList(q)
	}
}

// requestPlane resolves and requests the data plane of an environment, and returns the name under which its objects are kept. An
// Environment that names none has the DataPlane "default" of its namespace, else the ClusterDataPlane of that name (openchoreo
// v1.2.3 internal/controller/reference.go:124).
func (k planes) requestPlane(environment string) (facts.Plane, bool) {
	env := k.Object(k.Ref("Environment", environment))
	if env.Outcome != facts.Found {
		return "", false
	}
	kind, name := kinds.Text(env.Body, "spec", "dataPlaneRef", "kind"), kinds.Text(env.Body, "spec", "dataPlaneRef", "name")
	if name != "" {
		if kind == "" {
			kind = "DataPlane"
		}
		k.RequestObject(k.Ref(kind, name))
		return planeName(k.Ref(kind, name)), true
	}
	own, shared := k.Ref("DataPlane", "default"), k.Ref("ClusterDataPlane", "default")
	k.RequestObject(own)
	k.RequestObject(shared)
	switch k.Object(own).Outcome {
	case facts.Found:
		return planeName(own), true
	case facts.NotAsked:
		return "", false
	case facts.Absent, facts.Forbidden, facts.NoKind, facts.Unreachable, facts.Invalid:
	}
	return planeName(shared), true
}

func planeName(ref facts.Ref) facts.Plane {
	if ref.Namespace != "" {
		return facts.Plane(ref.Namespace + "/" + ref.Name)
	}
	return facts.Plane(ref.Name)
}

// requestCell requests the namespace of the project's cell. If it is absent, the project's other cells show whether this cluster
// is the plane at all.
func (k planes) requestCell(environment string, plane facts.Plane) {
	var others []facts.Ref
	missing := true
	for _, o := range k.Of(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding") {
		if kinds.Text(o.Body, "spec", "owner", "projectName") != k.projectName() {
			continue
		}
		namespace := facts.Ref{Plane: plane, Kind: "Namespace", Name: kinds.Text(o.Body, "status", "namespace")}
		if kinds.Text(o.Body, "spec", "environment") != environment {
			others = append(others, namespace)
			continue
		}
		k.RequestObject(namespace)
		missing = missing && k.Object(namespace).Outcome == facts.Absent
	}
	if missing {
		for _, namespace := range others[:min(len(others), 3)] {
			k.RequestObject(namespace)
		}
	}
}

// maxProviders bounds the chain of components that wait for each other.
const maxProviders = 4

// requestProviders requests the components that a binding's pending connections wait for, their bindings in the same
// environment, and what those wait for in turn; and the bindings of the resources that it waits for.
func (k planes) requestProviders(binding facts.Object, depth int) {
	if depth > maxProviders {
		return
	}
	environment := kinds.Text(binding.Body, "spec", "environment")
	for _, c := range kinds.Items(binding.Body, "status", "pendingConnections") {
		provider := kinds.String(c, "component")
		if provider == "" {
			continue
		}
		k.RequestObject(k.Ref("Component", provider))
		for _, bound := range k.requestBound(provider, environment) {
			k.requestProviders(bound, depth+1)
		}
	}
	for _, d := range kinds.Items(binding.Body, "status", "pendingResourceDependencies") {
		k.RequestObject(k.Ref("Resource", kinds.String(d, "resourceName")))
		k.RequestList(k.All("ResourceReleaseBinding"))
	}
}

// requestProvidersInProjects requests the release of each provider in another project: the visibility of its endpoints decides
// whether its NetworkPolicy admits the component.
func (k planes) requestProvidersInProjects(binding facts.Object) {
	for _, c := range kinds.ConnectionsToProjects(binding.Body, k.projectName()) {
		if provider := kinds.String(c, "component"); provider != "" {
			k.requestBound(provider, kinds.Text(binding.Body, "spec", "environment"))
		}
	}
}

// requestBound requests the bindings of a component, and the releases of those in an environment, which it returns.
func (k planes) requestBound(component, environment string) []facts.Object {
	q := k.Owned("ReleaseBinding", component)
	k.RequestList(q)
	var here []facts.Object
	for _, item := range k.List(q).Items {
		k.RequestObject(item)
		bound := k.Object(item)
		if kinds.Text(bound.Body, "spec", "environment") == environment {
			k.RequestObject(k.Ref("ComponentRelease", kinds.Text(bound.Body, "spec", "releaseName")))
			here = append(here, bound)
		}
	}
	return here
}
