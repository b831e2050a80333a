package ci

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// remarks are one of each kind, hostile in every text.
func remarks() []Annotation {
	object := facts.Ref{Plane: facts.Control, Kind: "Kustomization" + printerstest.Nasty, Namespace: "flux-system", Name: "apps"}
	return []Annotation{
		{Code: "KustomizationBuildFailed", Severity: "error", Object: object, Subject: "40 components", Message: printerstest.Nasty, Hint: printerstest.Nasty, File: "apps/a b,c:d.yaml", Line: 7, Names: []string{"a", printerstest.Nasty}},
		{Code: printerstest.Nasty, Severity: "warning", Subject: printerstest.Nasty, Message: printerstest.Nasty, File: printerstest.Nasty},
		{Severity: "info", Code: "Worth"},
		{},
	}
}
