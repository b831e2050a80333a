package delivery_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	r := &manifest.Repository{}
	for _, kind := range []manifest.ProblemKind{manifest.ProblemUnknown, manifest.NotParsed, manifest.NotBuilt, manifest.NotSubstituted, manifest.PathAbsent, manifest.RemoteNotFetched, manifest.TargetAbsent, manifest.PathAbsentUnapplied, manifest.NotParsedUnapplied, manifest.Incomplete} {
		r.Problems = append(r.Problems, manifest.Problem{Kind: kind, Place: manifest.Place{File: fmt.Sprint("f", int(kind)), Line: 1}, Object: facts.Ref{Kind: "Kustomization"}, Message: "m"})
	}
	want := []string{"f0 error KustomizationBuildFailed", "f1 error YAMLInvalid", "f2 error KustomizationBuildFailed", "f3 error KustomizationPostBuildFailed", "f4 error KustomizationPathNotFound", "f5 info RemoteNotChecked", "f6 warning PatchTargetNotFound", "f7 warning KustomizationPathNotFound", "f8 warning YAMLInvalid", "f9 warning SchemaViolation"}
	if diff := cmp.Diff(want, linttest.Lines(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
