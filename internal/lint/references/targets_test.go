package references

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestTargets: each reference has a field, a kind, also where none is said, and a code of its own.
func TestTargets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind, spec string
		want       []string
	}{
		"Component": {
			"Component", "owner: {projectName: p}, componentType: {name: deployment/web}, workflow: {name: build}, traits: [{name: t}, {kind: ClusterTrait, name: u}]",
			[]string{"ProjectNotFound Project p at spec.owner.projectName", "ComponentTypeNotFound ComponentType web at spec.componentType.name", "WorkflowNotUsable ClusterWorkflow build at spec.workflow.name", "TraitNotFound Trait t at spec.traits[0].name", "TraitNotFound ClusterTrait u at spec.traits[1].name"},
		},
		"ComponentWithKinds": {
			"Component", "owner: {projectName: p}, componentType: {kind: ClusterComponentType, name: deployment/web}, workflow: {kind: Workflow, name: build}",
			[]string{"ProjectNotFound Project p at spec.owner.projectName", "ComponentTypeNotFound ClusterComponentType web at spec.componentType.name", "WorkflowNotUsable Workflow build at spec.workflow.name"},
		},
		// The schema refuses a type without the kind of its workload.
		"TypeOfAnotherForm":    {"Component", "owner: {projectName: p}, componentType: {name: web}", []string{"ProjectNotFound Project p at spec.owner.projectName"}},
		"ComponentType":        {"ComponentType", "traits: [{name: t}]", []string{"TraitNotFound Trait t at spec.traits[0].name"}},
		"ClusterComponentType": {"ClusterComponentType", "traits: [{name: t}, {kind: Trait, name: u}]", []string{"TraitNotFound ClusterTrait t at spec.traits[0].name", "TraitNotFound Trait u at spec.traits[1].name"}},
		"Workload": {
			"Workload", "owner: {componentName: c, projectName: p}, dependencies: {resources: [{ref: q}, {ref: r}]}",
			[]string{"ResourceDependenciesPending Resource q at spec.dependencies.resources[0].ref", "ResourceDependenciesPending Resource r at spec.dependencies.resources[1].ref", "ComponentNotFound Component c at spec.owner.componentName"},
		},
		"ReleaseBinding": {
			"ReleaseBinding", "owner: {componentName: c}, environment: e, releaseName: r",
			[]string{"ComponentNotFound Component c at spec.owner.componentName", "EnvironmentNotFound Environment e at spec.environment", "ComponentReleaseNotFound ComponentRelease r at spec.releaseName"},
		},
		"Project": {
			"Project", "deploymentPipelineRef: {name: d}, type: {name: t}",
			[]string{"DeploymentPipelineNotFound DeploymentPipeline d at spec.deploymentPipelineRef.name", "ProjectTypeNotFound ProjectType t at spec.type.name"},
		},
		"ProjectReleaseBinding": {
			"ProjectReleaseBinding", "owner: {projectName: p}, environment: e, projectRelease: r",
			[]string{"ProjectNotFound Project p at spec.owner.projectName", "EnvironmentNotFound Environment e at spec.environment", "ProjectReleaseNotFound ProjectRelease r at spec.projectRelease"},
		},
		"Environment":             {"Environment", "dataPlaneRef: {name: d}", []string{"DataPlaneNotFound DataPlane d at spec.dataPlaneRef.name"}},
		"EnvironmentOfTheCluster": {"Environment", "dataPlaneRef: {kind: ClusterDataPlane, name: d}", []string{"DataPlaneNotFound ClusterDataPlane d at spec.dataPlaneRef.name"}},
		"KindWithoutAnyReference": {"SecretReference", "template: {type: Opaque}", nil},
		"PipelineOfSeveralTargets": {
			"DeploymentPipeline", "promotionPaths: [{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: eu}, {name: us}]}, {sourceEnvironmentRef: {name: us}}]",
			[]string{"PipelineEnvironmentNotFound Environment dev at spec.promotionPaths[0].sourceEnvironmentRef.name", "PipelineEnvironmentNotFound Environment eu at spec.promotionPaths[0].targetEnvironmentRefs[0].name", "PipelineEnvironmentNotFound Environment us at spec.promotionPaths[0].targetEnvironmentRefs[1].name", "PipelineEnvironmentNotFound Environment us at spec.promotionPaths[1].sourceEnvironmentRef.name"},
		},
	} {
		text := fmt.Sprintf("{apiVersion: openchoreo.dev/v1alpha1, kind: %s, metadata: {name: a, namespace: shop}, spec: {%s}}", c.kind, c.spec)
		parsed, err := manifest.Parse("", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		d := parsed.Documents[0]
		var got []string
		for _, to := range targets(&manifest.Object{Ref: d.Ref, Body: d.Body}) {
			if to.name != "" {
				got = append(got, fmt.Sprintf("%s %s %s at %s", to.code, to.kind, to.name, to.path))
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
