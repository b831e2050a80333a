package collect

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// missing asks, when the component is absent, which components there are: in this namespace for a slip of the pen, in
// all others for the wrong namespace.
func (k *known) missing() {
	if k.Object(k.ref("Component", k.component)).Outcome == facts.Absent {
		here := k.namesOf("Component")
		k.list(here)
		everywhere := here
		everywhere.Namespace = ""
		everywhere.Fields = named(k.component)
		k.list(everywhere)
	}
	for _, b := range k.ownedObjects("ReleaseBinding") {
		k.notFound(b)
		k.unreleased(b)
	}
	for _, ref := range k.vanished() {
		k.get(ref)
		if ref.Kind == "ReleaseBinding" {
			k.get(k.ref("Environment", strings.TrimPrefix(ref.Name, k.component+"-")))
		}
	}
	for _, c := range k.Of(facts.Control, kinds.OpenChoreo, "ProjectReleaseBinding") {
		if !kinds.ConditionOf(c.Body, kinds.ConditionSynced).True() {
			k.get(k.ref("ProjectRelease", kinds.Text(c.Body, "spec", "projectRelease")))
		}
	}
}

// vanished are the objects of the subject that an inventory lists and that no list of the subject's had: applied, and gone
// since, or another component's whose name begins alike.
func (k *known) vanished() []facts.Ref {
	var refs []facts.Ref
	for _, o := range k.listedAppliers() {
		for _, ref := range engines.All().Inventory(o) {
			if ref.Namespace == k.ns && ref.Group == kinds.OpenChoreo && k.mustBe(ref) && k.Object(ref).Outcome == facts.NotAsked {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// mustBe reports whether an object of that name is the subject's by all that names can say, as occ names them (openchoreo
// v1.2.3 internal/occ).
func (k *known) mustBe(e facts.Ref) bool {
	of, environment := k.component+"-", ""
	switch e.Kind {
	case "Workload":
		return len(k.List(k.owned("Workload", k.component)).Items) == 0 && strings.HasPrefix(e.Name, of)
	case "ReleaseBinding":
		environment = strings.TrimPrefix(e.Name, of)
	case "ProjectReleaseBinding":
		of = k.projectName() + "-"
		environment = strings.TrimPrefix(e.Name, of)
	}
	return environment != "" && strings.HasPrefix(e.Name, of) && k.asked(environment) &&
		k.environmentExists(environment)
}

// maxReleases bounds the releases that are read to find one that holds what the Workload says.
const maxReleases = 10

// unreleased asks for the other releases of the component, where the Workload is not what the pinned one holds.
func (k *known) unreleased(binding facts.Object) {
	release := k.Object(k.ref("ComponentRelease", kinds.Text(binding.Body, "spec", "releaseName")))
	workloads := k.ownedObjects("Workload")
	if release.Outcome != facts.Found || len(workloads) != 1 || workloads[0].Outcome != facts.Found || kinds.Released(workloads[0].Body, release.Body) {
		return
	}
	q := k.owned("ComponentRelease", k.component)
	k.list(q)
	items := k.List(q).Items
	for _, item := range items[max(0, len(items)-maxReleases):] {
		k.get(item)
	}
}

// builds asks for the builds of a component that has no image yet, or whose Workload is still to be made by one.
func (k *known) builds() {
	component := k.Object(k.ref("Component", k.component)).Body
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
	k.get(k.ref(kind, workflow))
	q := k.all("WorkflowRun")
	q.Labels = hasLabel(kinds.LabelComponent, k.component)
	k.list(q)
}

// notFound looks for what a binding says is not there: its controller does not look again by itself.
func (k *known) notFound(binding facts.Object) {
	release := k.Object(k.ref("ComponentRelease", kinds.Text(binding.Body, "spec", "releaseName")))
	synced := kinds.ConditionOf(binding.Body, kinds.ConditionReleaseSynced)
	switch synced.Reason {
	case kinds.ReasonRenderingFailed:
		for _, name := range kinds.NamedSecretReferences(synced.Message) {
			k.get(k.ref("SecretReference", name))
		}
	case kinds.ReasonComponentNotFound:
		k.get(k.ref("Component", kinds.Text(release.Body, "spec", "owner", "componentName")))
	case kinds.ReasonProjectNotFound:
		k.get(k.ref("Project", kinds.Text(release.Body, "spec", "owner", "projectName")))
	}
}
