package lint

import (
	"cmp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// all are the rules by subject. Those of schemas are first, because they decide which release of OpenChoreo the others assume.
func all() []rules {
	return []rules{schemaRules(), referenceRules(), workloadRules(), secretRules(), releaseRules(), deliveryRules(), duplicateRules()}
}

// run applies all rules. The findings are in the order of files and lines, each once. release is that of OpenChoreo in all clusters,
// or "".
func run(r *manifest.Repository, set *schemas.Set, release string) *index {
	w := newIndex(r, set)
	w.versions = newVersions(r, release)
	for _, about := range all() {
		for _, apply := range about.repository {
			apply(w)
		}
	}
	for _, part := range clusters(r) {
		of := newIndex(part, set)
		of.needed, of.flux, of.versions, of.installed = w.needed, w.flux, w.versions, w.installed
		for _, about := range all() {
			for _, apply := range about.cluster {
				apply(of)
			}
		}
		w.findings = append(w.findings, of.findings...)
	}
	externalNames(w)
	w.findings = ordered(w.findings)
	return w
}

func ordered(all []finding) []finding {
	slices.SortStableFunc(all, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.place.File, b.place.File), cmp.Compare(a.place.Line, b.place.Line), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(all, func(a, b finding) bool {
		return a.place == b.place && a.Code == b.Code && a.Message == b.Message
	})
}
