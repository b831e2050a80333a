package collect

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// absences reads what explains that something is absent, and what lists were too long to bring.
type absences struct{ delivery }

// requestSimilarNames requests, when the component is absent, the names of all components: in this namespace for a mistyped
// name, in all others for the wrong namespace.
func (k absences) requestSimilarNames() {
	if k.Object(k.Ref("Component", k.Component)).Outcome == facts.Absent {
		here := k.NamesOf("Component")
		k.RequestList(here)
		everywhere := here
		everywhere.Namespace = ""
		everywhere.Fields = request.ByName(k.Component)
		k.RequestList(everywhere)
		k.requestFewFetchers()
	}
	for _, b := range k.ownedObjects("ReleaseBinding") {
		k.requestNotFound(b)
		k.requestOtherReleases(b)
	}
	for _, ref := range k.appliedButUnlisted() {
		k.RequestObject(ref)
		if ref.Kind == "ReleaseBinding" {
			k.RequestObject(k.Ref("Environment", strings.TrimPrefix(ref.Name, k.Component+"-")))
		}
	}
	for _, c := range k.Of(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding") {
		if !kinds.ConditionOf(c.Body, kinds.ConditionSynced).True() {
			k.RequestObject(k.Ref("ProjectRelease", kinds.Text(c.Body, "spec", "projectRelease")))
		}
	}
}

// requestFewFetchers requests, if they are few, the objects of engines that name what they deliver in a repository only: such an object may
// be the reason why the component is absent.
func (k absences) requestFewFetchers() {
	for _, e := range engines.All() {
		if p := e.Properties(); p.Applies && p.Fetches {
			for _, kind := range p.Kinds {
				k.RequestList(facts.Query{Plane: facts.Control, Group: kind.Group, Kind: kind.Kind, Limit: request.ListLimit})
			}
		}
	}
}

// appliedButUnlisted are the objects of the subject that an inventory has and no list of the subject has: applied and deleted
// since, or of another component whose name has the same prefix.
func (k absences) appliedButUnlisted() []facts.Ref {
	var refs []facts.Ref
	for _, o := range k.listedAppliers() {
		for _, ref := range engines.All().Inventory(o) {
			if ref.Namespace == k.Namespace && ref.Group == kinds.OpenChoreo && k.belongsByName(ref) && k.Object(ref).Outcome == facts.NotAsked {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// belongsByName reports whether an object of that name must be the subject's, by the names that occ gives (openchoreo v1.2.3
// internal/occ).
func (k absences) belongsByName(e facts.Ref) bool {
	of, environment := k.Component+"-", ""
	switch e.Kind {
	case "Workload":
		return len(k.List(k.Owned("Workload", k.Component)).Items) == 0 && strings.HasPrefix(e.Name, of)
	case "ReleaseBinding":
		environment = strings.TrimPrefix(e.Name, of)
	case "ProjectReleaseBinding":
		of = k.projectName() + "-"
		environment = strings.TrimPrefix(e.Name, of)
	}
	return environment != "" && strings.HasPrefix(e.Name, of) && k.wantsEnvironment(environment) &&
		k.environmentExists(environment)
}

// maxReleases bounds the releases that are read to find one that holds the current Workload.
const maxReleases = 10

// requestOtherReleases requests the other releases of the component, if the Workload differs from what the pinned one holds.
func (k absences) requestOtherReleases(binding facts.Object) {
	release := k.Object(k.Ref("ComponentRelease", kinds.Text(binding.Body, "spec", "releaseName")))
	workloads := k.ownedObjects("Workload")
	if release.Outcome != facts.Found || len(workloads) != 1 || workloads[0].Outcome != facts.Found || kinds.Released(workloads[0].Body, release.Body) {
		return
	}
	q := k.Owned("ComponentRelease", k.Component)
	k.RequestList(q)
	items := k.List(q).Items
	for _, item := range items[max(0, len(items)-maxReleases):] {
		k.RequestObject(item)
	}
}

// requestBuilds requests the builds of a component that has no image yet, or whose Workload is still to be created by one.
func (k absences) requestBuilds() {
	component := k.Object(k.Ref("Component", k.Component)).Body
	workflow := kinds.Text(component, "spec", "workflow", "name")
	if workflow == "" {
		return
	}
	for _, o := range k.ownedObjects("Workload") {
		if kinds.Text(o.Body, "spec", "container", "image") != "" || o.Outcome == facts.NotAsked {
			return
		}
	}
	kind := kinds.Text(component, "spec", "workflow", "kind")
	if kind == "" {
		kind = "ClusterWorkflow" // openchoreo v1.2.3 internal/controller/component/controller.go:382
	}
	k.RequestObject(k.Ref(kind, workflow))
	q := k.All("WorkflowRun")
	q.Labels = request.HasLabel(kinds.LabelComponent, k.Component)
	k.RequestList(q)
}

// requestNotFound requests what a binding reports as not found: its controller does not watch these kinds, so the condition may
// be stale.
func (k absences) requestNotFound(binding facts.Object) {
	release := k.Object(k.Ref("ComponentRelease", kinds.Text(binding.Body, "spec", "releaseName")))
	synced := kinds.ConditionOf(binding.Body, kinds.ConditionReleaseSynced)
	switch synced.Reason {
	case kinds.ReasonRenderingFailed:
		for _, name := range kinds.NamedSecretReferences(synced.Message) {
			k.RequestObject(k.Ref("SecretReference", name))
		}
	case kinds.ReasonComponentNotFound:
		k.RequestObject(k.Ref("Component", kinds.Text(release.Body, "spec", "owner", "componentName")))
	case kinds.ReasonProjectNotFound:
		k.RequestObject(k.Ref("Project", kinds.Text(release.Body, "spec", "owner", "projectName")))
	}
}
