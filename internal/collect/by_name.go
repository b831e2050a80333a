package collect

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// requestByName requests by name what the lists of the first round trip were too long to bring.
func (k absences) requestByName() {
	k.requestInventories()
	k.requestNamedEnvironments()
	k.requestNamedCells()
}

// requestNamedEnvironments requests the Environments that are wanted and, if not all were listed, the names of all: a pipeline
// and an inventory may name others. If no other is wanted, it is the first of the pipeline, because a component must be bound
// there.
func (k absences) requestNamedEnvironments() {
	if k.List(k.Listed("Environment")).Truncated {
		k.RequestList(k.NamesOf("Environment"))
	}
	names := append(slices.Clone(k.Subject.Environments), k.environmentNames()...)
	if pipeline := k.pipelineEnvironments(); len(names) == 0 && len(pipeline) > 0 {
		names = pipeline[:1]
	}
	for _, name := range names {
		k.RequestObject(k.Ref("Environment", name))
	}
}

// requestNamedCells requests the ProjectReleaseBindings of the project, which a table distinguishes from the others. Until the
// table is read, those with the name that occ gives are requested (openchoreo v1.2.3 internal/occ): that saves a round trip.
func (k absences) requestNamedCells() {
	project := k.projectName()
	if project == "" || !k.List(k.Listed("ProjectReleaseBinding")).Truncated {
		return
	}
	owned := k.Owned("ProjectReleaseBinding", project)
	l := k.List(owned)
	switch {
	case l.Outcome == facts.NotAsked:
		k.RequestList(owned)
		for _, name := range k.environmentNames() {
			k.RequestObject(k.Ref("ProjectReleaseBinding", project+"-"+name))
		}
	case len(l.Items) > request.ListLimit:
		k.RequestList(k.All("ProjectReleaseBinding"))
	}
	for _, ref := range l.Items[:min(len(l.Items), request.ListLimit)] {
		k.RequestObject(ref)
	}
}
