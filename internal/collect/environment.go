package collect

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// environments asks, for each environment that has a RenderedRelease or a binding and is wanted, for the release, the
// plane and what runs there.
func (k *known) environments() {
	for _, name := range k.environmentNames() {
		plane, known := k.plane(name)
		for _, b := range k.ownedObjects("ReleaseBinding") {
			if kinds.Text(b.Body, "spec", "environment") == name {
				k.get(k.ref("ComponentRelease", kinds.Text(b.Body, "spec", "releaseName")))
				k.providers(b, 0)
			}
		}
		if !known {
			continue
		}
		k.cell(name, plane)
		for _, r := range k.rendered(name) {
			k.running(r, plane)
		}
	}
	if project := k.projectName(); project != "" {
		q := k.all("RenderedRelease")
		q.Labels = hasLabel(kinds.LabelProject, project) + ",!" + kinds.LabelComponent
		k.list(q)
	}
}

// environmentNames are those that the bindings and RenderedReleases name and the user wants.
func (k *known) environmentNames() []string {
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if name != "" && !seen[name] && k.asked(name) {
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

func (k *known) rendered(environment string) []facts.Object {
	var found []facts.Object
	for _, item := range k.List(k.renderedQuery()).Items {
		o := k.Object(item)
		if kinds.Text(o.Body, "spec", "environmentName") == environment && kinds.Text(o.Body, "spec", "targetPlane") != "observabilityplane" {
			found = append(found, o)
		}
	}
	return found
}

// plane resolves and asks for the data plane of an environment, and says under which name its objects are kept. An
// Environment that names none has the DataPlane "default" of its namespace, else the ClusterDataPlane of that name
// (openchoreo v1.2.3 internal/controller/reference.go:124).
func (k *known) plane(environment string) (facts.Plane, bool) {
	env := k.Object(k.ref("Environment", environment))
	if env.Outcome != facts.Found {
		return "", false
	}
	kind, name := kinds.Text(env.Body, "spec", "dataPlaneRef", "kind"), kinds.Text(env.Body, "spec", "dataPlaneRef", "name")
	if name != "" {
		if kind == "" {
			kind = "DataPlane"
		}
		k.get(k.ref(kind, name))
		return planeName(k.ref(kind, name)), true
	}
	own, shared := k.ref("DataPlane", "default"), k.ref("ClusterDataPlane", "default")
	k.get(own)
	k.get(shared)
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

// cell asks for the namespace of the project's cell. Where there is none, the project's other cells tell whether this
// cluster is the plane at all.
func (k *known) cell(environment string, plane facts.Plane) {
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
		k.get(namespace)
		missing = missing && k.Object(namespace).Outcome == facts.Absent
	}
	if missing {
		for _, namespace := range others[:min(len(others), 3)] {
			k.get(namespace)
		}
	}
}
