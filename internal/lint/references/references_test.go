package references_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

// TestHints: what was meant is an object of that name elsewhere, before one whose name is near; or the kind with the other scope.
func TestHints(t *testing.T) {
	t.Parallel()
	const elsewhere = "{apiVersion: openchoreo.dev/v1alpha1, kind: Environment, metadata: {name: stagin, namespace: other}, spec: {}}\n"
	const clusterType = "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterComponentType, metadata: {name: service}, spec: {workloadType: deployment, resources: [{id: deployment, template: {}}]}}\n"
	for name, c := range map[string]struct {
		add, code, want string
	}{
		"Near":           {linttest.Binding("b", "stagin", "state: Undeploy"), "EnvironmentNotFound", "is Environment shop/staging meant?"},
		"Elsewhere":      {elsewhere + linttest.Binding("b", "stagin", "state: Undeploy"), "EnvironmentNotFound", "is Environment other/stagin meant?"},
		"NothingNear":    {linttest.Binding("b", "production", "state: Undeploy"), "EnvironmentNotFound", ""},
		"OtherScope":     {clusterType + linttest.Choreo("Component", "c", "owner: {projectName: demo}, componentType: {name: deployment/service}"), "ComponentTypeNotFound", "there is a ClusterComponentType of that name: say kind: ClusterComponentType"},
		"OtherScopeBack": {linttest.Choreo("Trait", "t", "") + linttest.BackComponent(", traits: [{kind: ClusterTrait, name: t, instanceName: a}]"), "TraitNotFound", "there is a Trait of that name: say kind: Trait"},
	} {
		var got []string
		for _, f := range linttest.Findings(t, linttest.Repository(t, linttest.Shop+c.add)) {
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
	for _, f := range linttest.Findings(t, linttest.Repository(t, linttest.Shop+linttest.BackComponent(", workflow: {name: build}")+linttest.Choreo("Component", "side", "owner: {projectName: demo}, "+linttest.ServiceType))) {
		got = append(got, fmt.Sprintf("%s %s %s: %s", f.Place, f.Severity, f.Code, f.Message))
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
	linttest.CompareLines(t, map[string]linttest.Case{
		"ReleaseAbsent":            {Add: linttest.Binding("b", "staging", "releaseName: front-20261121-2, state: Undeploy"), Want: []string{"b.yaml error ComponentReleaseNotFound"}},
		"EnvironmentAbsent":        {Add: linttest.Binding("b", "testing", "releaseName: front-20261121-1"), Want: []string{"b.yaml error EnvironmentNotFound"}},
		"ComponentOfABinding":      {Add: linttest.Choreo("ReleaseBinding", "b", "owner: {projectName: demo, componentName: gone}, environment: development, releaseName: front-20261121-1"), Want: []string{"b.yaml error ComponentNotFound", "b.yaml error InvalidReleaseConfiguration"}},
		"ComponentOfAWorkload":     {Add: linttest.OwnedWorkload("w", "frnt", "container: {image: i}"), Want: []string{"w.yaml error ComponentNotFound"}},
		"ProjectOfAWorkload":       {Add: linttest.BackComponent("") + linttest.Choreo("Workload", "w", "owner: {projectName: dem, componentName: back}, container: {image: i}"), Want: []string{"w.yaml error ProjectNotFound"}},
		"TypeAbsent":               {Add: clusterType + linttest.Choreo("Component", "c", "owner: {projectName: demo}, componentType: {kind: ClusterComponentType, name: deployment/batch}"), Want: []string{"c.yaml error ComponentTypeNotFound"}},
		"TypeOfTheOtherScope":      {Add: clusterType + linttest.Choreo("Component", "c", "owner: {projectName: demo}, componentType: {name: deployment/service}"), Want: []string{"c.yaml error ComponentTypeNotFound"}},
		"TypeElsewhere":            {Add: linttest.Choreo("Component", "c", "owner: {projectName: demo}, componentType: {kind: ComponentType, name: deployment/worker}"), Want: nil},
		"TraitAbsent":              {Add: clusterTrait + linttest.BackComponent(", traits: [{kind: ClusterTrait, name: cash, instanceName: a}]"), Want: []string{"back.yaml error TraitNotFound"}},
		"TraitThere":               {Add: clusterTrait + linttest.BackComponent(", traits: [{kind: ClusterTrait, name: cache, instanceName: a}]"), Want: nil},
		"ProjectAbsent":            {Add: linttest.Choreo("Component", "c", "owner: {projectName: dmeo}, "+linttest.ServiceType), Want: []string{"c.yaml error ProjectNotFound"}},
		"PipelineAbsent":           {Add: linttest.Choreo("Project", "p", "deploymentPipelineRef: {name: fast}, type: {kind: ClusterProjectType, name: default}"), Want: []string{"p.yaml error DeploymentPipelineNotFound"}},
		"PipelineEnvironment":      {Add: linttest.Choreo("DeploymentPipeline", "p", "promotionPaths: [{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: staging}, {name: prod}]}]"), Want: []string{"p.yaml error PipelineEnvironmentNotFound", "p.yaml error PipelineEnvironmentNotFound"}},
		"ResourceAbsent":           {Add: linttest.Choreo("Resource", "r", "owner: {projectName: demo}, type: {name: postgres}") + linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i}, dependencies: {resources: [{ref: q}]}"), Want: []string{"w.yaml error ResourceDependenciesPending"}},
		"CellAbsent":               {Add: linttest.Binding("b", "staging", "releaseName: front-20261121-1"), Want: []string{"b.yaml error ProjectReleaseBindingNotFound"}},
		"CellOfWhatIsUndeployed":   {Add: linttest.Binding("b", "staging", "releaseName: front-20261121-1, state: Undeploy"), Want: nil},
		"SecretReferenceAbsent":    {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i, env: [{key: A, valueFrom: {secretKeyRef: {name: databse, key: password}}}]}"), Want: []string{"w.yaml error SecretReferenceNotUsable"}},
		"SecretReferenceKey":       {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i, files: [{key: A, mountPath: /a, valueFrom: {secretKeyRef: {name: database, key: user}}}]}"), Want: []string{"w.yaml error SecretReferenceNotUsable"}},
		"SecretReferenceOverride":  {Add: linttest.Binding("b", "staging", "state: Undeploy, workloadOverrides: {container: {env: [{key: A, valueFrom: {secretKeyRef: {name: databse, key: password}}}]}}"), Want: []string{"b.yaml error SecretReferenceNotUsable"}},
		"SecretReferenceThere":     {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i, env: [{key: A, valueFrom: {secretKeyRef: {name: database, key: password}}}]}"), Want: nil},
		"ProviderAbsent":           {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i}, dependencies: {endpoints: [{component: frnt, name: http, visibility: project, envBindings: {}}]}"), Want: []string{"w.yaml error ProviderNotFound"}},
		"ProviderOfAnotherProject": {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i}, dependencies: {endpoints: [{component: front, project: elsewhere, name: http, visibility: namespace, envBindings: {}}]}"), Want: []string{"w.yaml error ProviderNotFound"}},
		"ProviderElsewhere":        {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i}, dependencies: {endpoints: [{component: x, project: elsewhere, name: http, visibility: namespace, envBindings: {}}]}"), Want: nil},
		"EndpointAbsent":           {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i}, dependencies: {endpoints: [{component: front, name: grpc, visibility: project, envBindings: {}}]}"), Want: []string{"w.yaml error ProviderEndpointNotFound"}},
		"EndpointThere":            {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i}, dependencies: {endpoints: [{component: front, name: http, visibility: project, envBindings: {}}]}"), Want: nil},
	})
}

// TestNotChecked: what another repository may hold is counted, and fails nothing.
func TestNotChecked(t *testing.T) {
	t.Parallel()
	all := linttest.Findings(t, linttest.Repository(t, linttest.Shop))
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
	all := linttest.Findings(t, linttest.Repository(t, linttest.Shop+linttest.Binding("b", "develoment", "state: Undeploy")+linttest.Choreo("Component", "c", "owner: {projectName: demo}, componentType: {name: deployment/service}")+
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
	r := linttest.Repository(t, linttest.Shop+linttest.Binding("b", "testing", "state: Undeploy"))
	r.Unread = []string{"testing"}
	if got := linttest.Lines(t, r); got != nil {
		t.Errorf("%v", got)
	}
}
