package lint

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
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
