package collect

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
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

// undelivered asks for all Kustomizations, however many, where only an inventory can say what has happened: the Component is
// gone, nothing on it says who applies it, or an environment that must be bound is not.
func (k *known) undelivered() {
	if !k.List(listedKustomizations()).Truncated {
		return
	}
	if component := k.Object(k.ref("Component", k.component)); len(engines.All().AppliedBy(component)) == 0 || k.unbound() {
		k.list(allKustomizations())
	}
}

// unbound reports whether there is no binding, or none for an environment that was asked for by name. Before all bindings
// were read it is not known.
func (k *known) unbound() bool {
	for _, b := range k.ownedObjects("ReleaseBinding") {
		if b.Outcome == facts.NotAsked && k.wantedBinding(b) {
			return false
		}
	}
	bound := k.environmentNames()
	return len(bound) == 0 || slices.ContainsFunc(k.Subject.Environments, func(name string) bool { return !slices.Contains(bound, name) })
}

// namedEnvironments asks for the Environments that are wanted, and for the names of all: a pipeline and an inventory may name
// others.
func (k *known) namedEnvironments() {
	if !k.List(k.listed("Environment")).Truncated {
		return
	}
	k.list(k.namesOf("Environment"))
	for _, name := range append(slices.Clone(k.Subject.Environments), k.environmentNames()...) {
		k.get(k.ref("Environment", name))
	}
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
