package references_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

// TestDependencies: a component of this project, or of another one that is declared here, must be declared as well. What another
// repository may hold is not missed.
func TestDependencies(t *testing.T) {
	t.Parallel()
	got := linttest.LinesOf(t, `apiVersion: openchoreo.dev/v1alpha1
kind: Project
metadata: {name: known, namespace: shop}
spec: {deploymentPipelineRef: {name: standard}, type: {kind: ClusterProjectType, name: default}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: w, namespace: shop}
spec:
  owner: {projectName: demo, componentName: back}
  container: {image: i}
  dependencies:
    endpoints:
      - {component: front, name: http, visibility: project, envBindings: {}}
      - component: gone
        name: http
        visibility: project
        envBindings: {}
      - component: front
        name: grpc
        visibility: project
        envBindings: {}
      - component: front
        project: known
        name: http
        visibility: namespace
        envBindings: {}
      - component: gone
        project: known
        name: http
        visibility: namespace
        envBindings: {}
      - component: gone
        project: elsewhere
        name: http
        visibility: namespace
        envBindings: {}
      - component: back
        name: itself
        visibility: project
        envBindings: {}
`)
	want := []string{
		"15 error ProviderNotFound: Workload shop/w depends on component gone of project demo, which is not in this repository",
		"20 error ProviderEndpointNotFound: Workload shop/w depends on endpoint grpc of component front, whose Workload front-workload declares http",
		"23 error ProviderNotFound: Workload shop/w depends on component front of project known, but it belongs to project demo",
		"28 error ProviderNotFound: Workload shop/w depends on component gone of project known, which is not in this repository",
		"39 error ProviderEndpointNotFound: Workload shop/w depends on endpoint itself of component back, whose Workload w declares none",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCells: the project of the binding counts, and its namespace and environment.
func TestCells(t *testing.T) {
	t.Parallel()
	got := linttest.LinesOf(t, `apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: b, namespace: shop}
spec:
  owner: {projectName: demo, componentName: front}
  environment: staging
  releaseName: front-20261121-1
---
apiVersion: openchoreo.dev/v1alpha1
kind: ProjectReleaseBinding
metadata: {name: other-staging, namespace: shop}
spec:
  owner: {projectName: other}
  environment: staging
`)
	want := []string{
		"6 error ProjectReleaseBindingNotFound: ReleaseBinding shop/b is for environment staging, where project demo has no ProjectReleaseBinding",
		"13 error ProjectNotFound: ProjectReleaseBinding shop/other-staging names Project shop/other, which is not in this repository",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
