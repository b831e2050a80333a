// Package rules runs all rules of lint: on the whole repository, and on what is applied to each cluster.
package rules

import (
	"cmp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/duplicates"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/references"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/releases"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/schema"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/secrets"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/versions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/workloads"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// all are the rules by subject. Those of schemas are first, because they decide which release of OpenChoreo the others assume.
func all() []index.Rules {
	return []index.Rules{schema.Rules(), references.Rules(), workloads.Rules(), secrets.Rules(), releases.Rules(), delivery.Rules(), duplicates.Rules()}
}

// Check applies all rules. The findings are in the order of files and lines, each once. release is that of OpenChoreo in all clusters,
// or "".
func Check(r *manifest.Repository, set *schemas.Set, release string) *index.Index {
	ix := index.New(r, set)
	ix.Versions = versions.New(r, release)
	for _, about := range all() {
		for _, apply := range about.Repository {
			apply(ix)
		}
	}
	for _, part := range clusters(r) {
		of := index.New(part, set)
		of.Needed, of.Flux, of.Versions, of.Installed = ix.Needed, ix.Flux, ix.Versions, ix.Installed
		for _, about := range all() {
			for _, apply := range about.Cluster {
				apply(of)
			}
		}
		ix.Findings = append(ix.Findings, of.Findings...)
	}
	externalNames(ix)
	ix.Findings = ordered(ix.Findings)
	return ix
}

func ordered(all []index.Finding) []index.Finding {
	slices.SortStableFunc(all, func(a, b index.Finding) int {
		return cmp.Or(cmp.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(all, func(a, b index.Finding) bool {
		return a.Place == b.Place && a.Code == b.Code && a.Message == b.Message
	})
}
