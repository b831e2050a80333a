// Package linttest has the repository of a small shop, for tests of the rules of lint. All rules run, so that a test notices a finding
// of another rule.
package linttest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Shop is the world of a small shop. A test adds documents to it, or takes some away.
const Shop = `
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

// Documents parses one object a line, each in a file of its own name.
func Documents(t *testing.T, text string) []*manifest.Document {
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

// Repository declares objects, each in a file of its own name.
func Repository(t *testing.T, text string) *manifest.Repository {
	t.Helper()
	r := &manifest.Repository{}
	for _, d := range Documents(t, text) {
		r.Objects = append(r.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File})
		r.Declared = append(r.Declared, d.Ref)
	}
	return r
}

// Choreo is an object of OpenChoreo in the namespace of the shop.
func Choreo(kind, name, spec string) string {
	return fmt.Sprintf("{apiVersion: openchoreo.dev/v1alpha1, kind: %s, metadata: {name: %s, namespace: shop}, spec: {%s}}\n", kind, name, spec)
}

// OwnedWorkload is a Workload of a component of the shop.
func OwnedWorkload(name, component, more string) string {
	return Choreo("Workload", name, "owner: {projectName: demo, componentName: "+component+"}, "+more)
}

// Binding is a ReleaseBinding of the component front.
func Binding(name, environment, more string) string {
	return Choreo("ReleaseBinding", name, "owner: {projectName: demo, componentName: front}, environment: "+environment+", "+more)
}

// ServiceType is the componentType of the components in the shop.
const ServiceType = "componentType: {kind: ClusterComponentType, name: deployment/service}"

// BackComponent is the component back, which the shop does not have.
func BackComponent(more string) string {
	return Choreo("Component", "back", "owner: {projectName: demo}, "+ServiceType+more)
}

// Delivered declares a Kustomization, and lets it apply the objects of some kinds.
func Delivered(t *testing.T, r *manifest.Repository, name, dependsOn string, applies ...string) {
	t.Helper()
	d := Documents(t, "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: "+name+", namespace: flux-system}, spec: {interval: 5m, prune: true, sourceRef: {kind: GitRepository, name: fleet}, path: ./"+name+", dependsOn: ["+dependsOn+"]}}")[0]
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

// ClusterScoped is a cluster-scoped object of OpenChoreo.
func ClusterScoped(kind, name, spec string) string {
	return "{apiVersion: openchoreo.dev/v1alpha1, kind: " + kind + ", metadata: {name: " + name + "}, spec: {" + spec + "}}\n"
}

// JobType is the spec of a component type that renders a Job.
func JobType(more string) string {
	return "workloadType: job, resources: [{id: job, template: {apiVersion: batch/v1, kind: Job, spec: {backoffLimit: 1" + more + "}}}]"
}

// ReleaseLine is the ComponentRelease of the shop.
func ReleaseLine() string {
	for _, line := range strings.Split(Shop, "\n") {
		if strings.Contains(line, "kind: ComponentRelease,") {
			return line
		}
	}
	return ""
}

// Flux is an object of Flux, in one line. Its file has its name.
func Flux(kind, name, spec string) string {
	groups := map[string]string{"HelmRelease": "helm.toolkit.fluxcd.io/v2", "Kustomization": "kustomize.toolkit.fluxcd.io/v1"}
	version := groups[kind]
	if version == "" {
		version = "source.toolkit.fluxcd.io/v1"
	}
	return fmt.Sprintf("{apiVersion: %s, kind: %s, metadata: {name: %s, namespace: flux-system}, spec: {interval: 5m, %s}}\n", version, kind, name, spec)
}

// ChartRelease is a HelmRelease of a version of OpenChoreo.
func ChartRelease(version string) string {
	return Flux("HelmRelease", "openchoreo", "chart: {spec: {chart: openchoreo-control-plane, version: '"+version+"', sourceRef: {kind: HelmRepository, name: charts}}}")
}
