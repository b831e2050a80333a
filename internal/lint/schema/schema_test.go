package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/rules"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

func application(name, source string) string {
	return fmt.Sprintf("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: %s, namespace: argocd}, spec: {project: default, destination: {namespace: x}, %s}}\n", name, source)
}

// TestOpenChoreoVersion: the release is that of the flag, or of the chart, however it is installed. Only 1.2 requires spec.type, and
// only 1.0 an env entry's value.
func TestOpenChoreoVersion(t *testing.T) {
	t.Parallel()
	const path = "oci://ghcr.io/openchoreo/helm-charts/openchoreo-control-plane"
	for name, c := range map[string]struct{ chart, flag, want string }{
		"NothingStated": {"", "", "1.2"},
		"Flag":          {"", "1.1", "1.1"},
		"FlagWins":      {linttest.ChartRelease("1.0.5"), "1.1", "1.1"},
		"HelmRelease":   {linttest.ChartRelease("1.1.4"), "", "1.1"},
		"Range":         {linttest.ChartRelease("1.0.x"), "", "1.0"},
		"OtherChart":    {linttest.Flux("HelmRelease", "openchoreo", "chart: {spec: {chart: openchoreo-data-plane, version: 1.0.0, sourceRef: {kind: HelmRepository, name: charts}}}"), "", "1.2"},
		"HelmChart":     {linttest.Flux("HelmChart", "openchoreo", "chart: openchoreo-control-plane, version: 1.1.0, sourceRef: {kind: HelmRepository, name: charts}"), "", "1.1"},
		"Tag":           {linttest.Flux("OCIRepository", "openchoreo", "url: '"+path+"', ref: {tag: 1.1.2}"), "", "1.1"},
		"SemVer":        {linttest.Flux("OCIRepository", "openchoreo", "url: '"+path+"', ref: {tag: 1.0.0, semver: ~1.1.0}"), "", "1.1"},
		"OtherImage":    {linttest.Flux("OCIRepository", "openchoreo", "url: 'oci://ghcr.io/openchoreo/other', ref: {tag: 1.1.2}"), "", "1.2"},
		"Application":   {application("openchoreo", "source: {repoURL: ghcr.io/openchoreo/helm-charts, chart: openchoreo-control-plane, targetRevision: 1.0.1}"), "", "1.0"},
		"Sources":       {application("openchoreo", "sources: [{repoURL: 'https://git.example.net/x', targetRevision: main}, {repoURL: '"+path+"', path: ., targetRevision: 1.1.1}]"), "", "1.1"},
		"Variable":      {linttest.ChartRelease("${VERSION}"), "", "1.2"},
	} {
		r := linttest.Repository(t, linttest.Shop+c.chart+linttest.Choreo("Project", "p", "deploymentPipelineRef: {name: standard}"))
		want := []string{"checked as " + c.want}
		if c.want == "1.2" {
			want = append([]string{"p.yaml error SchemaViolation spec.type: Required value"}, want...)
		} else { // which have no project types
			r.Objects = slices.DeleteFunc(r.Objects, func(o manifest.Object) bool { return o.Ref.Kind == "ProjectReleaseBinding" || o.Ref.Name == "demo" })
			r.Declared = append(r.Declared, index.Ref("Project", "shop", "demo"))
		}
		if diff := cmp.Diff(want, linttest.Messages(t, r, c.flag)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestClustersOfTwoReleases: each cluster has its own definitions; one that states none has the newest that another one states.
func TestClustersOfTwoReleases(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.ChartRelease("1.1.4")+linttest.Choreo("Project", "east", "deploymentPipelineRef: {name: standard}")+linttest.Choreo("DeploymentPipeline", "standard", "promotionPaths: []"))
	for i := range r.Objects {
		r.Objects[i].Cluster = "east"
	}
	west := linttest.Repository(t, strings.ReplaceAll(linttest.ChartRelease("1.2.0"), "openchoreo,", "west-release,")+linttest.Choreo("Project", "west", "deploymentPipelineRef: {name: standard}")+linttest.Choreo("Project", "hub", "deploymentPipelineRef: {name: standard}"))
	for i := range west.Objects {
		west.Objects[i].Cluster = map[bool]string{true: "hub", false: "west"}[west.Objects[i].Ref.Name == "hub"]
	}
	r.Objects = append(r.Objects, west.Objects...)
	want := []string{
		"hub.yaml error SchemaViolation spec.type: Required value",
		"west.yaml error SchemaViolation spec.type: Required value",
		"checked as 1.1 1.2",
	}
	if diff := cmp.Diff(want, linttest.Messages(t, r, "")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// projects are n of an earlier release than 1.2.
func projects(n int) string {
	text := linttest.Choreo("DeploymentPipeline", "standard", "promotionPaths: []")
	for i := range n {
		text += linttest.Choreo("Project", fmt.Sprint("p", i), "deploymentPipelineRef: {name: standard}")
	}
	return text
}

// TestOutdated: one cause is one finding, if most objects show it and none needs the present release.
func TestOutdated(t *testing.T) {
	t.Parallel()
	const typed = "deploymentPipelineRef: {name: standard}, type: {kind: ClusterProjectType, name: default}"
	one := "p0.yaml %s SchemaOutdated 3 objects are valid in OpenChoreo 1.1, but not in 1.2: spec.type: Required value"
	each := []string{"p0.yaml error SchemaViolation spec.type: Required value", "p1.yaml error SchemaViolation spec.type: Required value", "p2.yaml error SchemaViolation spec.type: Required value"}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"NothingStated": {projects(3), []string{fmt.Sprintf(one, "warning"), "checked as 1.1"}},
		"Stated":        {linttest.ChartRelease("1.2.1") + projects(3), []string{fmt.Sprintf(one, "error"), "checked as 1.2"}},
		"Few":           {projects(2), append(slices.Clone(each[:2]), "checked as 1.2")},
		// An object that only 1.2 accepts shows that the others are mistakes.
		"NewerObject": {projects(3) + linttest.Choreo("Project", "q", typed), append(slices.Clone(each), "checked as 1.2")},
		// A mistake in any release keeps its own finding.
		"OtherFault": {projects(3) + linttest.Choreo("Project", "q", "deploymentPipelineRef: {nam: standard}"), []string{
			fmt.Sprintf(one, "warning"), "q.yaml error SchemaViolation OpenChoreo 1.2 has no field spec.deploymentPipelineRef.nam in Project",
			"q.yaml error SchemaViolation spec.deploymentPipelineRef.name: Required value", "q.yaml error SchemaViolation spec.type: Required value", "checked as 1.1",
		}},
		"Earlier": {linttest.ChartRelease("0.16.0") + projects(1), []string{
			"p0.yaml info SchemaNotChecked no definition of kind Project in openchoreo.dev/v1alpha1 is known: 1 object was not checked",
			"standard.yaml info SchemaNotChecked no definition of kind DeploymentPipeline in openchoreo.dev/v1alpha1 is known: 1 object was not checked",
			"checked as",
		}},
		"Later": {linttest.ChartRelease("1.3.0") + projects(1), []string{"p0.yaml warning SchemaViolation spec.type: Required value", "checked as 1.2"}},
	} {
		got := linttest.Messages(t, linttest.Repository(t, c.text), "")
		got[len(got)-1] = strings.TrimSpace(got[len(got)-1])
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestHintNamesTheEarlierRelease: a single object does not decide, but its finding tells how to.
func TestHintNamesTheEarlierRelease(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		projects(1): "OpenChoreo 1.1 accepts the object: use --openchoreo-version 1.1 if the clusters run that release",
		projects(1) + linttest.ChartRelease("1.2.0"):                       "the API server refuses it, and Flux applies nothing of the Kustomization",
		linttest.Choreo("Project", "p", "deploymentPipelineRef: {nam: x}"): "is spec.deploymentPipelineRef.name meant? the API server refuses it",
	} {
		all := linttest.Findings(t, linttest.Repository(t, text))
		at := slices.IndexFunc(all, func(f index.Finding) bool { return f.Code == "SchemaViolation" })
		if at < 0 || all[at].Hint != want {
			t.Errorf("%d of %v, want %q", at, all, want)
		}
	}
}

// TestEngineSchemas: objects of Flux and Argo CD have definitions as well. Values with variables are not known, and of earlier API
// versions and other kinds there is nothing to compare with.
func TestEngineSchemas(t *testing.T) {
	t.Parallel()
	source := "sourceRef: {kind: GitRepository, name: fleet}"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"Good":       {linttest.Flux("Kustomization", "k", "prune: true, path: ./a, "+source), nil},
		"Misspelt":   {linttest.Flux("Kustomization", "k", "prune: true, targetNamspace: a, "+source), []string{"k.yaml error SchemaViolation Kustomization of kustomize.toolkit.fluxcd.io/v1 has no field spec.targetNamspace"}},
		"Type":       {linttest.Flux("Kustomization", "k", "prune: 'yes', "+source), []string{`k.yaml error SchemaViolation spec.prune: Invalid value: "string": spec.prune in body must be of type boolean: "string"`}},
		"Variable":   {linttest.Flux("Kustomization", "k", "prune: '${PRUNE}', "+source), nil},
		"Chart":      {linttest.Flux("HelmRelease", "r", "chart: {spec: {chart: c, verson: '1', sourceRef: {kind: HelmRepository, name: h}}}"), []string{"r.yaml error SchemaViolation HelmRelease of helm.toolkit.fluxcd.io/v2 has no field spec.chart.spec.verson"}},
		"Values":     {linttest.Flux("HelmRelease", "r", "values: {any: {thing: 1}}, chart: {spec: {chart: c, sourceRef: {kind: HelmRepository, name: h}}}"), nil},
		"ArgoCD":     {application("a", "source: {repoURL: u, pth: x}"), []string{"a.yaml warning SchemaViolation Application of argoproj.io/v1alpha1 has no field spec.source.pth"}},
		"OldVersion": {"{apiVersion: helm.toolkit.fluxcd.io/v2beta1, kind: HelmRelease, metadata: {name: r, namespace: a}, spec: {any: thing}}\n", []string{"r.yaml info SchemaNotChecked no definition of kind HelmRelease in helm.toolkit.fluxcd.io/v2beta1 is known: 1 object was not checked"}},
		"Workflow":   {"{apiVersion: argoproj.io/v1alpha1, kind: WorkflowTemplate, metadata: {name: w, namespace: a}}\n", nil},
		"Operator":   {"{apiVersion: notification.toolkit.fluxcd.io/v1beta3, kind: Alert, metadata: {name: a, namespace: a}, spec: {providerRef: {name: p}, eventSources: [{kind: FluxInstance, name: flux}]}}\n", nil},
		"SourceKind": {"{apiVersion: notification.toolkit.fluxcd.io/v1beta3, kind: Alert, metadata: {name: a, namespace: a}, spec: {providerRef: {name: p}, eventSources: [{kind: FluxInstanze, name: flux}]}}\n", []string{`a.yaml error SchemaViolation spec.eventSources[0].kind: Unsupported value: "FluxInstanze": supported values: "Bucket", "GitRepository", "Kustomization", "HelmRelease", "HelmChart", "HelmRepository", "ImageRepository", "ImagePolicy", "ImageUpdateAutomation", "OCIRepository", "ArtifactGenerator", "ExternalArtifact"`}},
		"OtherKind":  {"{apiVersion: example.com/v1, kind: Thing, metadata: {name: r}, spec: {any: thing}}\n", nil},
	} {
		if diff := cmp.Diff(append(slices.Clone(c.want), "checked as 1.2"), linttest.Messages(t, linttest.Repository(t, c.text), "")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestEntrySchemas: a Kustomization that is applied from outside is checked; of the files beside it, which may be patches, only the
// names of fields.
func TestEntrySchemas(t *testing.T) {
	t.Parallel()
	r := &manifest.Repository{}
	beside := linttest.Documents(t, linttest.Flux("Kustomization", "k", "prun: true, sourceRef: {kind: GitRepository, name: fleet}")+
		linttest.Flux("GitRepository", "patch", "ref: {branch: main}")+linttest.Flux("GitRepository", "slip", "reff: {branch: main}, $patch: replace")+
		"{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}}")
	for _, d := range beside {
		d.Place.File = "clusters/" + d.Place.File
	}
	k := beside[0]
	r.Kustomizations = []manifest.Kustomization{{Object: manifest.Object{Ref: k.Ref, Body: k.Body, Document: k, File: k.Place.File}, Folder: "apps"}}
	for _, d := range beside[1:] {
		r.Unapplied = append(r.Unapplied, *d)
	}
	part := linttest.Documents(t, linttest.Flux("Kustomization", "part", "wait: true"))[0]
	r.Kustomizations = append(r.Kustomizations, manifest.Kustomization{Object: manifest.Object{Ref: part.Ref, Body: part.Body, Document: part, File: part.Place.File}, Folder: "."})
	elsewhere := linttest.Documents(t, linttest.Flux("GitRepository", "example", "reff: {branch: main}"))[0]
	elsewhere.Place.File = "docs/example.yaml"
	r.Unapplied = append(r.Unapplied, *elsewhere)
	want := []string{
		"clusters/k.yaml error SchemaViolation Kustomization of kustomize.toolkit.fluxcd.io/v1 has no field spec.prun",
		"clusters/k.yaml error SchemaViolation spec.prune: Required value",
		"clusters/slip.yaml warning SchemaViolation GitRepository of source.toolkit.fluxcd.io/v1 has no field spec.reff",
		"checked as 1.2",
	}
	if diff := cmp.Diff(want, linttest.Messages(t, r, "")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestUnchecked: kinds without a definition are counted.
func TestUnchecked(t *testing.T) {
	t.Parallel()
	const thing = "{apiVersion: example.com/v1, kind: Thing, metadata: {name: %s}}\n"
	w := rules.Check(linttest.Repository(t, linttest.Shop+fmt.Sprintf(thing, "a")+fmt.Sprintf(thing, "b")+"{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop}}"), linttest.Schemas(), "")
	if w.Err != nil {
		t.Fatal(w.Err)
	}
	if diff := cmp.Diff(map[string]int{"example.com/v1 Thing": 2, "v1 Secret": 1}, w.Unchecked); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestImmutableFields: with a base the rules of a change count.
func TestImmutableFields(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop)
	for _, d := range linttest.Documents(t, strings.Replace(linttest.Shop, "environment: development, releaseName", "environment: staging, releaseName", 1)) {
		r.Former = append(r.Former, *d)
	}
	if diff := cmp.Diff([]string{"front-development.yaml error SchemaViolation"}, linttest.Lines(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
