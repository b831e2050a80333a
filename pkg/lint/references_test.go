package lint

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHints: what was meant is an object of that name elsewhere, before one whose name is near; or the kind with the other scope.
func TestHints(t *testing.T) {
	t.Parallel()
	const elsewhere = "{apiVersion: openchoreo.dev/v1alpha1, kind: Environment, metadata: {name: stagin, namespace: other}, spec: {}}\n"
	const clusterType = "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterComponentType, metadata: {name: service}, spec: {workloadType: deployment, resources: [{id: deployment, template: {}}]}}\n"
	for name, c := range map[string]struct {
		add, code, want string
	}{
		"Near":           {binding("b", "stagin", "state: Undeploy"), "EnvironmentNotFound", "is Environment shop/staging meant?"},
		"Elsewhere":      {elsewhere + binding("b", "stagin", "state: Undeploy"), "EnvironmentNotFound", "is Environment other/stagin meant?"},
		"NothingNear":    {binding("b", "production", "state: Undeploy"), "EnvironmentNotFound", ""},
		"OtherScope":     {clusterType + choreo("Component", "c", "owner: {projectName: demo}, componentType: {name: deployment/service}"), "ComponentTypeNotFound", "there is a ClusterComponentType of that name: say kind: ClusterComponentType"},
		"OtherScopeBack": {choreo("Trait", "t", "") + backComponent(", traits: [{kind: ClusterTrait, name: t, instanceName: a}]"), "TraitNotFound", "there is a Trait of that name: say kind: Trait"},
	} {
		var got []string
		for _, f := range judge(t, repository(t, shop+c.add)) {
			if string(f.Code) == c.code {
				got = append(got, f.Hint)
			}
		}
		if diff := cmp.Diff([]string{c.want}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestReferencesNotChecked: several of one kind are one finding, at the first of them.
func TestReferencesNotChecked(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range judge(t, repository(t, shop+backComponent(", workflow: {name: build}")+choreo("Component", "side", "owner: {projectName: demo}, "+service))) {
		got = append(got, fmt.Sprintf("%s %s %s: %s", f.place, f.Severity, f.Code, f.Message))
	}
	want := []string{
		"back.yaml:1 info ReferencesNotChecked: this reference to kind ClusterWorkflow was not checked: this repository declares no ClusterWorkflow",
		"demo.yaml:1 info ReferencesNotChecked: this reference to kind ClusterProjectType was not checked: this repository declares no ClusterProjectType",
		"front.yaml:1 info ReferencesNotChecked: 3 references to kind ClusterComponentType, this one first, were not checked: this repository declares no ClusterComponentType",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestReferences covers objects that name other objects.
func TestReferences(t *testing.T) {
	t.Parallel()
	clusterType := "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterComponentType, metadata: {name: service}, spec: {workloadType: deployment, resources: [{id: deployment, template: {}}]}}\n"
	clusterTrait := "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterTrait, metadata: {name: cache}, spec: {}}\n"
	checkRules(t, map[string]ruleCase{
		"ReleaseAbsent":            {binding("b", "staging", "releaseName: front-20261121-2, state: Undeploy"), []string{"b.yaml error ComponentReleaseNotFound"}},
		"EnvironmentAbsent":        {binding("b", "testing", "releaseName: front-20261121-1"), []string{"b.yaml error EnvironmentNotFound"}},
		"ComponentOfABinding":      {choreo("ReleaseBinding", "b", "owner: {projectName: demo, componentName: gone}, environment: development, releaseName: front-20261121-1"), []string{"b.yaml error ComponentNotFound", "b.yaml error InvalidReleaseConfiguration"}},
		"ComponentOfAWorkload":     {ownedWorkload("w", "frnt", "container: {image: i}"), []string{"w.yaml error ComponentNotFound"}},
		"TypeAbsent":               {clusterType + choreo("Component", "c", "owner: {projectName: demo}, componentType: {kind: ClusterComponentType, name: deployment/batch}"), []string{"c.yaml error ComponentTypeNotFound"}},
		"TypeOfTheOtherScope":      {clusterType + choreo("Component", "c", "owner: {projectName: demo}, componentType: {name: deployment/service}"), []string{"c.yaml error ComponentTypeNotFound"}},
		"TypeElsewhere":            {choreo("Component", "c", "owner: {projectName: demo}, componentType: {kind: ComponentType, name: deployment/worker}"), nil},
		"TraitAbsent":              {clusterTrait + backComponent(", traits: [{kind: ClusterTrait, name: cash, instanceName: a}]"), []string{"back.yaml error TraitNotFound"}},
		"TraitThere":               {clusterTrait + backComponent(", traits: [{kind: ClusterTrait, name: cache, instanceName: a}]"), nil},
		"ProjectAbsent":            {choreo("Component", "c", "owner: {projectName: dmeo}, "+service), []string{"c.yaml error ProjectNotFound"}},
		"PipelineAbsent":           {choreo("Project", "p", "deploymentPipelineRef: {name: fast}, type: {kind: ClusterProjectType, name: default}"), []string{"p.yaml error DeploymentPipelineNotFound"}},
		"PipelineEnvironment":      {choreo("DeploymentPipeline", "p", "promotionPaths: [{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: staging}, {name: prod}]}]"), []string{"p.yaml error PipelineEnvironmentNotFound", "p.yaml error PipelineEnvironmentNotFound"}},
		"ResourceAbsent":           {choreo("Resource", "r", "owner: {projectName: demo}, type: {name: postgres}") + backComponent("") + ownedWorkload("w", "back", "container: {image: i}, dependencies: {resources: [{ref: q}]}"), []string{"w.yaml error ResourceDependenciesPending"}},
		"CellAbsent":               {binding("b", "staging", "releaseName: front-20261121-1"), []string{"b.yaml error ProjectReleaseBindingNotFound"}},
		"CellOfWhatIsUndeployed":   {binding("b", "staging", "releaseName: front-20261121-1, state: Undeploy"), nil},
		"SecretReferenceAbsent":    {backComponent("") + ownedWorkload("w", "back", "container: {image: i, env: [{key: A, valueFrom: {secretKeyRef: {name: databse, key: password}}}]}"), []string{"w.yaml error SecretReferenceNotUsable"}},
		"SecretReferenceKey":       {backComponent("") + ownedWorkload("w", "back", "container: {image: i, files: [{key: A, mountPath: /a, valueFrom: {secretKeyRef: {name: database, key: user}}}]}"), []string{"w.yaml error SecretReferenceNotUsable"}},
		"SecretReferenceOverride":  {binding("b", "staging", "state: Undeploy, workloadOverrides: {container: {env: [{key: A, valueFrom: {secretKeyRef: {name: databse, key: password}}}]}}"), []string{"b.yaml error SecretReferenceNotUsable"}},
		"SecretReferenceThere":     {backComponent("") + ownedWorkload("w", "back", "container: {image: i, env: [{key: A, valueFrom: {secretKeyRef: {name: database, key: password}}}]}"), nil},
		"ProviderAbsent":           {backComponent("") + ownedWorkload("w", "back", "container: {image: i}, dependencies: {endpoints: [{component: frnt, name: http, visibility: project, envBindings: {}}]}"), []string{"w.yaml error ProviderNotFound"}},
		"ProviderOfAnotherProject": {backComponent("") + ownedWorkload("w", "back", "container: {image: i}, dependencies: {endpoints: [{component: front, project: elsewhere, name: http, visibility: namespace, envBindings: {}}]}"), []string{"w.yaml error ProviderNotFound"}},
		"ProviderElsewhere":        {backComponent("") + ownedWorkload("w", "back", "container: {image: i}, dependencies: {endpoints: [{component: x, project: elsewhere, name: http, visibility: namespace, envBindings: {}}]}"), nil},
		"EndpointAbsent":           {backComponent("") + ownedWorkload("w", "back", "container: {image: i}, dependencies: {endpoints: [{component: front, name: grpc, visibility: project, envBindings: {}}]}"), []string{"w.yaml error ProviderEndpointNotFound"}},
		"EndpointThere":            {backComponent("") + ownedWorkload("w", "back", "container: {image: i}, dependencies: {endpoints: [{component: front, name: http, visibility: project, envBindings: {}}]}"), nil},
	})
}

// TestNotChecked: what another repository may hold is counted, and fails nothing.
func TestNotChecked(t *testing.T) {
	t.Parallel()
	all := judge(t, repository(t, shop))
	var got []string
	for _, f := range all {
		got = append(got, string(f.Severity)+" "+f.Object.Kind+" "+f.Message)
	}
	want := []string{
		"info ClusterProjectType this reference to kind ClusterProjectType was not checked: this repository declares no ClusterProjectType",
		"info ClusterComponentType this reference to kind ClusterComponentType was not checked: this repository declares no ClusterComponentType",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestHintsNameWhatIsNear and the kind to say.
func TestHintsNameWhatIsNear(t *testing.T) {
	t.Parallel()
	all := judge(t, repository(t, shop+binding("b", "develoment", "state: Undeploy")+choreo("Component", "c", "owner: {projectName: demo}, componentType: {name: deployment/service}")+
		"{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterComponentType, metadata: {name: service}, spec: {workloadType: deployment, resources: [{id: deployment, template: {}}]}}"))
	hints := map[string]string{}
	for _, f := range all {
		hints[string(f.Code)] = f.Hint
	}
	if hints["EnvironmentNotFound"] != "is Environment shop/development meant?" || hints["ComponentTypeNotFound"] != "there is a ClusterComponentType of that name: say kind: ClusterComponentType" {
		t.Errorf("%v", hints)
	}
}

// TestUnreadFiles: what a file that is no YAML declares is not missing.
func TestUnreadFiles(t *testing.T) {
	t.Parallel()
	r := repository(t, shop+binding("b", "testing", "state: Undeploy"))
	r.Unread = []string{"testing"}
	if got := found(t, r); got != nil {
		t.Errorf("%v", got)
	}
}
