package schema_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestExamples: what nothing applies, in a folder of examples, need not fit the newest version of an engine. What is applied must, and so must
// objects of OpenChoreo, whose release is known.
func TestExamples(t *testing.T) {
	t.Parallel()
	application := "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a, namespace: argocd}, spec: {destination: {}}}\n"
	for name, c := range map[string]struct {
		text, file string
		by         []facts.Ref
		want       trace.Severity
	}{
		"Example":    {application, "docs/a/app.yaml", nil, trace.Warning},
		"Applied":    {application, "docs/a/app.yaml", []facts.Ref{{Group: "argoproj.io", Kind: "Application", Name: "root"}}, trace.Error},
		"Elsewhere":  {application, "apps/app.yaml", nil, trace.Error},
		"OpenChoreo": {linttest.Choreo("Environment", "e", "bogus: 1"), "docs/a/e.yaml", nil, trace.Error},
	} {
		r := linttest.Repository(t, c.text)
		r.Objects[0].File, r.Objects[0].AppliedBy = c.file, c.by
		var got []trace.Severity
		for _, f := range findingsOf(t, r, trace.CodeSchemaViolation) {
			got = append(got, f.Severity)
		}
		if diff := cmp.Diff([]trace.Severity{c.want}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestSchemasOfRoots: the sources and Kustomizations with which a bootstrap begins are compared as well. They may be patches, which lack fields.
func TestSchemasOfRoots(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop)
	for _, d := range linttest.Documents(t, linttest.Flux("OCIRepository", "mistyped", "provier: generic")+linttest.Flux("GitRepository", "patch", "ref: {branch: main}")+
		linttest.Flux("Kustomization", "theirs", "pathh: ./x")) {
		r.Roots = append(r.Roots, *d)
	}
	var got []string
	for _, f := range findingsOf(t, r, trace.CodeSchemaViolation) {
		got = append(got, string(f.Severity)+" "+f.Message)
	}
	want := []string{
		"warning OCIRepository of source.toolkit.fluxcd.io/v1 has no field spec.provier",
		"warning Kustomization of kustomize.toolkit.fluxcd.io/v1 has no field spec.pathh",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
