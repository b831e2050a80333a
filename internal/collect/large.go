package collect

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// listable is how many objects of a kind that grows with the cluster are read to find a few. An inventory of 200 entries is
// 20 KB, so that 1,000 Kustomizations take seconds. Where there are more, each that is needed is read by its name.
const listable = 100

// listedKustomizations are all, where they are few.
func listedKustomizations() facts.Query {
	q := allKustomizations()
	q.Limit = listable
	return q
}

// listed are all of a kind in the subject's namespace, where they are few.
func (k *known) listed(kind string) facts.Query {
	q := k.all(kind)
	q.Limit = listable
	return q
}

// byName asks by name for what the lists of the first wave were too long to bring.
func (k *known) byName() {
	k.undelivered()
	k.namedEnvironments()
	k.namedCells()
}

// undelivered searches all Kustomizations, however many, where only an inventory can say what has happened: the Component is
// gone, nothing on it says who applies it, or an environment that must be bound is not. The appliers that labels name are read
// first: one of their inventories mostly has the answer.
func (k *known) undelivered() {
	if !k.List(listedKustomizations()).Truncated || k.awaitsAppliers() {
		return
	}
	component := k.Object(k.ref("Component", k.component))
	switch {
	case component.Outcome == facts.Found && (len(engines.All().AppliedBy(component)) > 0 || engines.All().NeverApplied(component)):
		if k.unbound() {
			k.search(allKustomizations())
		}
	case !k.isApplied(component.Ref):
		k.search(allKustomizations())
	}
}

// awaitsAppliers reports whether objects that may name an applier, or an applier that they name, are still to be read.
func (k *known) awaitsAppliers() bool {
	open := func(ref facts.Ref) bool { return k.Object(ref).Outcome == facts.NotAsked && !k.covered(ref) }
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		for _, o := range k.ownedObjects(kind) {
			if open(o.Ref) && (kind != "ReleaseBinding" || k.wantedBinding(o)) {
				return true
			}
		}
	}
	return slices.ContainsFunc(k.appliers(), open)
}

// isApplied reports whether an inventory that was read has ref.
func (k *known) isApplied(ref facts.Ref) bool {
	return k.inventoryHas(func(e facts.Ref) bool { return e == ref })
}

func (k *known) inventoryHas(entry func(facts.Ref) bool) bool {
	return slices.ContainsFunc(k.listedAppliers(), func(o facts.Object) bool {
		return slices.ContainsFunc(engines.All().Inventory(o), entry)
	})
}

// unbound reports whether an environment that was asked for by name has no binding, or none has where none was asked for, and no
// inventory that was read says that there should be one of the name that occ gives (openchoreo v1.2.3 internal/occ).
func (k *known) unbound() bool {
	bound := k.environmentNames()
	if len(k.Subject.Environments) == 0 {
		return len(bound) == 0 && !k.inventoryHas(func(e facts.Ref) bool {
			return e.Kind == "ReleaseBinding" && e.Namespace == k.ns && strings.HasPrefix(e.Name, k.component+"-")
		})
	}
	return slices.ContainsFunc(k.Subject.Environments, func(name string) bool {
		return !slices.Contains(bound, name) && !k.isApplied(k.ref("ReleaseBinding", k.component+"-"+name))
	})
}

// namedEnvironments asks for the Environments that are wanted, and where not all are read for the names of all: a pipeline and an
// inventory may name others. The first of the pipeline is wanted where there is no other, as a component must be bound there.
func (k *known) namedEnvironments() {
	if k.List(k.listed("Environment")).Truncated {
		k.list(k.namesOf("Environment"))
	}
	names := append(slices.Clone(k.Subject.Environments), k.environmentNames()...)
	if pipeline := k.pipelineEnvironments(); len(names) == 0 && len(pipeline) > 0 {
		names = pipeline[:1]
	}
	for _, name := range names {
		k.get(k.ref("Environment", name))
	}
}

// pipelineEnvironments are those of the project's pipeline, in its order.
func (k *known) pipelineEnvironments() []string {
	project := k.Object(k.ref("Project", k.projectName()))
	return kinds.PipelineEnvironments(k.Object(k.ref("DeploymentPipeline", kinds.Text(project.Body, "spec", "deploymentPipelineRef", "name"))).Body)
}

// environmentExists reports whether an Environment was read, or is among the names of all.
func (k *known) environmentExists(name string) bool {
	ref := k.ref("Environment", name)
	return k.Object(ref).Outcome == facts.Found || slices.Contains(k.List(k.namesOf("Environment")).Items, ref)
}

func (k *known) namesOf(kind string) facts.Query {
	q := k.all(kind)
	q.Names = true
	return q
}

// namedCells asks for the ProjectReleaseBindings of the project, which a table tells from the others. Until it is read, those of
// the name that occ gives are asked for (openchoreo v1.2.3 internal/occ): that saves a round trip.
func (k *known) namedCells() {
	project := k.projectName()
	if project == "" || !k.List(k.listed("ProjectReleaseBinding")).Truncated {
		return
	}
	owned := k.owned("ProjectReleaseBinding", project)
	l := k.List(owned)
	switch {
	case l.Outcome == facts.NotAsked:
		k.list(owned)
		for _, name := range k.environmentNames() {
			k.get(k.ref("ProjectReleaseBinding", project+"-"+name))
		}
	case len(l.Items) > listable:
		k.list(k.all("ProjectReleaseBinding"))
	}
	for _, ref := range l.Items[:min(len(l.Items), listable)] {
		k.get(ref)
	}
}
