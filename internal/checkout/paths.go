package checkout

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// reportPath reports a missing folder, unless a variable or a patch is part of its path.
func (sim *simulation) reportPath(d appliedDelivery) {
	if d.Document == nil || sim.tree.HasFolder(d.Folder) || strings.Contains(d.Folder, "$") || d.isSuspended() {
		return
	}
	if d.source.ref.Kind == "ExternalArtifact" && d.path() == "." {
		return // its ArtifactGenerator copies nothing
	}
	of := "this repository"
	if d.source.ref.Kind == "ExternalArtifact" {
		of = "what is copied into " + d.source.ref.String()
	}
	if d.source.isBelowRoot() {
		of = d.source.base + ", from which " + d.source.ref.String() + " is pushed"
	}
	if tree.BelowAny(d.Folder, sim.tree.Submodules) {
		of += ": it is in a Git submodule, and " + d.source.ref.String() + " does not set spec.recurseSubmodules"
	}
	kind := manifest.PathAbsent
	if sim.isUnapplied(d) {
		kind = manifest.PathAbsentUnapplied
	}
	sim.problem(kind, d.Document.At(d.Content.Field), d.Ref, d.Content.Field+" "+d.Content.Path+" is no folder of "+of)
}
