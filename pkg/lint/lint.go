// Package lint says what will go wrong with the objects that a GitOps repository declares, before they are merged: by their
// own words, without a cluster. It reads no file; internal/checkout does.
package lint

import (
	"cmp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Finding is one thing that is the matter with a repository, and where it stands.
type Finding struct {
	trace.Finding
	File string // from the root of the repository; "" where no file is to blame
	Line int    // from 1; 0 where only the file is known
	// Names are what else it is about, where one cause shows at many objects.
	Names []string
	// Cause is a key that is the same for all findings with the same cause, at whichever objects they show.
	Cause string
}

// rule looks at a repository for one kind of mistake, and reports what it finds.
type rule func(*index)

// rules are those for the whole repository.
func rules() []rule {
	return []rule{
		schema, installed, // first: they decide which release of OpenChoreo the other rules assume
		problems, values, secrets, targetPorts, editedReleases, neverApplied, namespaces,
		jobs, controlPlaneNamespaces, renamedNamespaces, encryptedSecrets,
	}
}

// clusterRules are those for what is applied to one cluster.
func clusterRules() []rule {
	return []rule{
		duplicates, owners, places,
		references, ownReferences, dependencies, secretReferences, cells,
		pinnedReleases, workloadsNotReleased,
		bindingsBeforeReleases, kustomizations,
		workloadTypes, promotions, unusedReleases, chartSources, kustomizationSources,
	}
}

func check(r *manifest.Repository, set *schemas.Set, o Options) (Report, error) {
	w := newIndex(r, set)
	w.versions = w.newVersions(o.OpenChoreoVersion)
	for _, apply := range rules() {
		apply(w)
	}
	for _, part := range clusters(r) {
		of := newIndex(part, set)
		of.external, of.flux, of.versions, of.installed = w.external, w.flux, w.versions, w.installed
		for _, apply := range clusterRules() {
			apply(of)
		}
		w.findings = append(w.findings, of.findings...)
	}
	externalNames(w)
	slices.SortStableFunc(w.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	same := func(a, b Finding) bool {
		return a.File == b.File && a.Line == b.Line && a.Code == b.Code && a.Message == b.Message
	}
	found := slices.CompactFunc(w.findings, same)
	for i, f := range found {
		found[i].Message, found[i].Cause = Redact(f.Message), CauseOf(f)
	}
	return Report{found, w.versions.used(), w.unchecked}, w.err
}
