package lint

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// world of a small shop. A test adds documents to it, or takes some away.
const shop = `
{apiVersion: openchoreo.dev/v1alpha1, kind: Environment, metadata: {name: development, namespace: shop}, spec: {}}
{apiVersion: openchoreo.dev/v1alpha1, kind: Environment, metadata: {name: staging, namespace: shop}, spec: {}}
{apiVersion: openchoreo.dev/v1alpha1, kind: DeploymentPipeline, metadata: {name: standard, namespace: shop}, spec: {promotionPaths: [{sourceEnvironmentRef: {name: development}, targetEnvironmentRefs: [{name: staging}]}]}}
{apiVersion: openchoreo.dev/v1alpha1, kind: Project, metadata: {name: demo, namespace: shop}, spec: {deploymentPipelineRef: {name: standard}, type: {kind: ClusterProjectType, name: default}}}
{apiVersion: openchoreo.dev/v1alpha1, kind: ProjectReleaseBinding, metadata: {name: demo-development, namespace: shop}, spec: {owner: {projectName: demo}, environment: development}}
{apiVersion: openchoreo.dev/v1alpha1, kind: Component, metadata: {name: front, namespace: shop}, spec: {owner: {projectName: demo}, componentType: {kind: ClusterComponentType, name: deployment/service}}}
{apiVersion: openchoreo.dev/v1alpha1, kind: Workload, metadata: {name: front-workload, namespace: shop}, spec: {owner: {projectName: demo, componentName: front}, container: {image: i}, endpoints: {http: {type: HTTP, port: 80}}}}
{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, metadata: {name: front-20261121-1, namespace: shop}, spec: {owner: {projectName: demo, componentName: front}, componentType: {kind: ClusterComponentType, name: deployment/service, spec: {workloadType: deployment, resources: [{id: deployment, template: {}}]}}, workload: {container: {image: i}, endpoints: {http: {type: HTTP, port: 80}}}}}
{apiVersion: openchoreo.dev/v1alpha1, kind: ReleaseBinding, metadata: {name: front-development, namespace: shop}, spec: {owner: {projectName: demo, componentName: front}, environment: development, releaseName: front-20261121-1}}
{apiVersion: openchoreo.dev/v1alpha1, kind: SecretReference, metadata: {name: database, namespace: shop}, spec: {template: {type: Opaque}, data: [{secretKey: password, remoteRef: {key: k}}]}}
`

// documents parses one object a line, each in a file of its own name.
func documents(t *testing.T, text string) []*manifest.Document {
	t.Helper()
	var all []*manifest.Document
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		found, err := manifest.Parse("", []byte(line))
		if err != nil || len(found.Documents) != 1 {
			t.Fatalf("%s: %d objects, %v", line, len(found.Documents), err)
		}
		d := &found.Documents[0]
		d.Place.File = d.Ref.Name + ".yaml"
		all = append(all, d)
	}
	return all
}

func repository(t *testing.T, text string) *manifest.Repository {
	t.Helper()
	r := &manifest.Repository{}
	for _, d := range documents(t, text) {
		r.Objects = append(r.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File})
		r.Declared = append(r.Declared, d.Ref)
	}
	return r
}

// compiled are the schemas, once for all tests: to compile the rules takes longer than all else.
var compiled = sync.OnceValue(schemas.New)

func judge(t *testing.T, r *manifest.Repository) []finding {
	t.Helper()
	w := run(r, compiled(), "")
	if w.err != nil {
		t.Fatal(w.err)
	}
	return w.findings
}

// found are the findings in a form to compare, without what was not checked.
func found(t *testing.T, r *manifest.Repository) []string {
	t.Helper()
	all := judge(t, r)
	var lines []string
	for _, f := range all {
		if f.Code != "ReferencesNotChecked" {
			lines = append(lines, fmt.Sprintf("%s %s %s", f.place.File, f.Severity, f.Code))
		}
		if f.Message == "" || strings.Contains(f.Message, "\n") {
			t.Errorf("%s: the message %q is not one sentence", f.Code, f.Message)
		}
	}
	return lines
}

// said are the findings about the objects of one file, added to the shop, with line and message.
func said(t *testing.T, text string) []string {
	t.Helper()
	file, err := manifest.Parse("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r := repository(t, shop+backComponent(""))
	for i := range file.Documents {
		d := &file.Documents[i]
		r.Objects = append(r.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File})
	}
	var lines []string
	for _, f := range judge(t, r) {
		if f.place.File == "a.yaml" {
			lines = append(lines, fmt.Sprintf("%d %s %s: %s", f.place.Line, f.Severity, f.Code, f.Message))
		}
	}
	return lines
}

func choreo(kind, name, spec string) string {
	return fmt.Sprintf("{apiVersion: openchoreo.dev/v1alpha1, kind: %s, metadata: {name: %s, namespace: shop}, spec: {%s}}\n", kind, name, spec)
}

func ownedWorkload(name, component, more string) string {
	return choreo("Workload", name, "owner: {projectName: demo, componentName: "+component+"}, "+more)
}

func binding(name, environment, more string) string {
	return choreo("ReleaseBinding", name, "owner: {projectName: demo, componentName: front}, environment: "+environment+", "+more)
}

const service = "componentType: {kind: ClusterComponentType, name: deployment/service}"

func backComponent(more string) string {
	return choreo("Component", "back", "owner: {projectName: demo}, "+service+more)
}

func kustomizationRef(name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: name}
}

// delivered declares a Kustomization, and lets it apply the objects of some kinds.
func delivered(t *testing.T, r *manifest.Repository, name, dependsOn string, applies ...string) {
	t.Helper()
	d := documents(t, "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: "+name+", namespace: flux-system}, spec: {interval: 5m, prune: true, sourceRef: {kind: GitRepository, name: fleet}, path: ./"+name+", dependsOn: ["+dependsOn+"]}}")[0]
	r.Kustomizations = append(r.Kustomizations, manifest.Kustomization{Object: manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File}, Folder: name})
	r.Declared = append(r.Declared, d.Ref)
	for i, o := range r.Objects {
		for _, kind := range applies {
			if o.Ref.Kind == kind {
				r.Objects[i].AppliedBy = append(r.Objects[i].AppliedBy, d.Ref)
			}
		}
	}
}

func without(lines []string, code string) []string {
	var kept []string
	for _, l := range lines {
		if !strings.HasSuffix(l, " "+code) {
			kept = append(kept, l)
		}
	}
	return kept
}

// ruleCase adds one fault to the shop, or what looks like one.
type ruleCase struct {
	add  string
	want []string
}

func checkRules(t *testing.T, cases map[string]ruleCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := found(t, repository(t, shop+c.add))
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// clustered is a cluster-scoped object of OpenChoreo.
func clustered(kind, name, spec string) string {
	return "{apiVersion: openchoreo.dev/v1alpha1, kind: " + kind + ", metadata: {name: " + name + "}, spec: {" + spec + "}}\n"
}

// compareRules runs rules over the shop and more, and compares file, severity, code and message.
func compareRules(t *testing.T, name, text string, want []string) {
	t.Helper()
	var got []string
	for _, line := range reported(t, repository(t, shop+text), "") {
		if !strings.HasPrefix(line, "checked as") {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// jobType is the spec of a component type that renders a Job.
func jobType(more string) string {
	return "workloadType: job, resources: [{id: job, template: {apiVersion: batch/v1, kind: Job, spec: {backoffLimit: 1" + more + "}}}]"
}

func releaseLine() string {
	for _, line := range strings.Split(shop, "\n") {
		if strings.Contains(line, "kind: ComponentRelease,") {
			return line
		}
	}
	return ""
}

// flux is an object of Flux, in one line. Its file has its name.
func flux(kind, name, spec string) string {
	groups := map[string]string{"HelmRelease": "helm.toolkit.fluxcd.io/v2", "Kustomization": "kustomize.toolkit.fluxcd.io/v1"}
	version := groups[kind]
	if version == "" {
		version = "source.toolkit.fluxcd.io/v1"
	}
	return fmt.Sprintf("{apiVersion: %s, kind: %s, metadata: {name: %s, namespace: flux-system}, spec: {interval: 5m, %s}}\n", version, kind, name, spec)
}

func chartRelease(version string) string {
	return flux("HelmRelease", "openchoreo", "chart: {spec: {chart: openchoreo-control-plane, version: '"+version+"', sourceRef: {kind: HelmRepository, name: charts}}}")
}

func reported(t *testing.T, r *manifest.Repository, release string) []string {
	t.Helper()
	w := run(r, compiled(), release)
	if w.err != nil {
		t.Fatal(w.err)
	}
	var lines []string
	for _, f := range w.findings {
		if f.Code != "ReferencesNotChecked" {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", f.place.File, f.Severity, f.Code, f.Message)))
		}
	}
	return append(lines, "checked as "+strings.Join(w.versions.used(), " "))
}
