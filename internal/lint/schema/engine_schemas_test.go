package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// findingsOf are those with a code.
func findingsOf(t *testing.T, r *manifest.Repository, code trace.Code) []index.Finding {
	t.Helper()
	return slices.DeleteFunc(linttest.Findings(t, r), func(f index.Finding) bool { return f.Code != code })
}

// TestHintSaysWhatFails: the API server refuses an object, and the hint says what that means for the engine that applies it.
func TestHintSaysWhatFails(t *testing.T) {
	t.Parallel()
	const refuses = "the API server refuses it"
	applied := func(group, kind string) []facts.Ref { return []facts.Ref{{Group: group, Kind: kind, Name: "k"}} }
	source := linttest.Flux("GitRepository", "g", "url: 'https://example.com/x'")
	for name, c := range map[string]struct {
		more string
		by   []facts.Ref
		want string
	}{
		"NoEngine":      {"", nil, "error " + refuses},
		"Flux":          {source, nil, "error " + refuses + ", and Flux applies nothing of the Kustomization"},
		"Kustomization": {"", applied("kustomize.toolkit.fluxcd.io", "Kustomization"), "error " + refuses + ", and Flux applies nothing of the Kustomization"},
		"Application":   {"", applied("argoproj.io", "Application"), "error " + refuses + ", and Argo CD cannot sync the Application"},
		"Both":          {source, applied("argoproj.io", "Application"), "error " + refuses + ", and Argo CD cannot sync the Application"},
		"Other":         {source, applied("example.com", "Set"), "error " + refuses},
		"Later":         {linttest.ChartRelease("1.3.0"), nil, "warning the repository installs OpenChoreo 1.3, whose definitions this version of lint does not have"},
		"Earlier":       {linttest.ChartRelease("1.1.0"), nil, "error " + refuses + ", and Flux applies nothing of the Kustomization"},
	} {
		r := linttest.Repository(t, linttest.Choreo("Environment", "e", "bogus: 1")+c.more)
		r.Objects[0].AppliedBy = c.by
		var got []string
		for _, f := range findingsOf(t, r, trace.CodeSchemaViolation) {
			if f.Object.Kind == "Environment" {
				got = append(got, string(f.Severity)+" "+f.Hint)
			}
		}
		if diff := cmp.Diff([]string{c.want}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestUncheckedIsReported: objects of OpenChoreo, Flux and Argo CD without a definition are one finding for each kind and API version.
// Those of Argo Rollouts, which has the group of Argo CD, are only counted.
func TestUncheckedIsReported(t *testing.T) {
	t.Parallel()
	object := func(version, kind, name string) string {
		return fmt.Sprintf("{apiVersion: %s, kind: %s, metadata: {name: %s, namespace: a}, spec: {x: 1}}\n", version, kind, name)
	}
	const old = "helm.toolkit.fluxcd.io/v2beta1"
	r := linttest.Repository(t, linttest.ChartRelease("0.16.0")+object("argoproj.io/v1alpha1", "Rollout", "r")+object("argoproj.io/v1beta1", "AppProject", "p")+object("argoproj.io/v1beta1", "ApplicationSet", "s")+
		object("fluxcd.controlplane.io/v0", "FluxInstance", "i")+object(old, "HelmRelease", "one")+object(old, "HelmRelease", "two")+linttest.Choreo("Environment", "e", "")+object("v1", "ConfigMap", "c"))
	const migrate = "the newest release has no such API version: migrate the objects before an upgrade"
	want := []string{
		"e.yaml: no definition of kind Environment in openchoreo.dev/v1alpha1 is known: 1 object was not checked; the repository installs OpenChoreo 0.16; definitions are known since 1.0",
		"i.yaml: no definition of kind FluxInstance in fluxcd.controlplane.io/v0 is known: 1 object was not checked; " + migrate,
		"one.yaml: no definition of kind HelmRelease in " + old + " is known: 2 objects, this one first, were not checked; " + migrate,
		"p.yaml: no definition of kind AppProject in argoproj.io/v1beta1 is known: 1 object was not checked; " + migrate,
		"s.yaml: no definition of kind ApplicationSet in argoproj.io/v1beta1 is known: 1 object was not checked; " + migrate,
	}
	var got []string
	for _, f := range findingsOf(t, r, trace.CodeSchemaNotChecked) {
		if f.Severity != trace.Info {
			t.Errorf("%s: severity %s", f.Object, f.Severity)
		}
		got = append(got, f.Place.File+": "+f.Message+"; "+f.Hint)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestMistypedFieldOfAnEngine: the hint names the field that was meant. A field that Argo CD does not know is a warning, because it has
// removed fields from an API version before.
func TestMistypedFieldOfAnEngine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		application("a", "source: {repoURL: u, pth: x}"):      "warning is spec.source.path meant?",
		application("a", "source: {repoURL: u, anything: x}"): "warning ",
		application("a", "source: {repoURL: 1}"):              "error the API server refuses it",
		linttest.Flux("HelmRelease", "r", "chart: {spec: {chart: c, verson: '1', sourceRef: {kind: HelmRepository, name: h}}}"): "error is spec.chart.spec.version meant? the API server refuses it, and Flux applies nothing of the Kustomization",
	} {
		var got []string
		for _, f := range findingsOf(t, linttest.Repository(t, text), trace.CodeSchemaViolation) {
			got = append(got, string(f.Severity)+" "+f.Hint)
		}
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s(-want +got)\n%s", text, diff)
		}
	}
}

// TestOutdatedNamesObjects: the finding names all objects that only an earlier release accepts. It is an error if the repository states
// its release, else a warning, because the clusters may run the earlier one.
func TestOutdatedNamesObjects(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		chart, hint string
		severity    trace.Severity
	}{
		"Stated":    {linttest.ChartRelease("1.2.0"), "adapt them to OpenChoreo 1.2, or use --openchoreo-version 1.1 if the cluster runs it", trace.Error},
		"NotStated": {"", "this repository does not state its version of OpenChoreo: use --openchoreo-version 1.1 if the clusters run that one", trace.Warning},
	} {
		all := findingsOf(t, linttest.Repository(t, projects(3)+c.chart), trace.CodeSchemaOutdated)
		if len(all) != 1 || all[0].Hint != c.hint || all[0].Severity != c.severity {
			t.Fatalf("%s: %+v", name, all)
		}
		if diff := cmp.Diff("Project shop/p0, Project shop/p1, Project shop/p2", strings.Join(all[0].Names, ", ")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
