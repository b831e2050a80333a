package lint

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

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

// TestRules covers duplicates, fields of one object, and what Flux changes before it applies an object.
func TestRules(t *testing.T) {
	t.Parallel()
	checkRules(t, map[string]ruleCase{
		"Nothing":                 {"", nil},
		"TargetPort":              {backComponent("") + ownedWorkload("w", "back", "container: {image: i}, endpoints: {h: {type: HTTP, port: 80, targetPort: 8080}}"), []string{"w.yaml warning TargetPortBlocked"}},
		"WorkloadTwice":           {ownedWorkload("w", "front", "container: {image: i}, endpoints: {http: {type: HTTP, port: 80}}"), []string{"w.yaml error MultipleWorkloads"}},
		"BindingTwice":            {binding("b", "development", "releaseName: front-20261121-1"), []string{"b.yaml error MultipleReleaseBindings"}},
		"CellTwice":               {choreo("ProjectReleaseBinding", "b", "owner: {projectName: demo}, environment: development"), []string{"b.yaml error MultipleProjectReleaseBindings"}},
		"SameObjectTwice":         {choreo("Environment", "staging", ""), []string{"staging.yaml error DuplicateObject"}},
		"ReleaseOfAnother":        {backComponent("") + choreo("ReleaseBinding", "b", "owner: {projectName: demo, componentName: back}, environment: development, releaseName: front-20261121-1"), []string{"b.yaml error InvalidReleaseConfiguration"}},
		"NotPinned":               {binding("b", "staging", "state: Active") + choreo("ProjectReleaseBinding", "s", "owner: {projectName: demo}, environment: staging"), []string{"b.yaml error ReleaseNotPinned"}},
		"NotPinnedWithAutoDeploy": {backComponent(", autoDeploy: true") + choreo("ReleaseBinding", "b", "owner: {projectName: demo, componentName: back}, environment: development"), nil},
		"ValueAndValueFrom":       {backComponent("") + ownedWorkload("w", "back", "container: {image: i, env: [{key: A, value: x, valueFrom: {secretKeyRef: {name: database, key: password}}}]}"), []string{"w.yaml error ValueAmbiguous"}},
		"NoValue":                 {backComponent("") + ownedWorkload("w", "back", "container: {image: i, files: [{key: A, mountPath: /a}]}"), []string{"w.yaml warning ValueAmbiguous"}},
		"EmptyValue":              {backComponent("") + ownedWorkload("w", "back", "container: {image: i, env: [{key: A, value: ''}]}"), nil},
		"UnknownField":            {backComponent("") + ownedWorkload("w", "back", "container: {image: i, ports: []}"), []string{"w.yaml error SchemaViolation"}},
		"VariableOfFlux":          {backComponent("") + ownedWorkload("w", "back", "container: {image: i}, endpoints: {h: {type: '${TYPE}', port: 80}}"), nil},
		"UnknownKind":             {choreo("Organization", "o", ""), []string{"o.yaml error SchemaViolation"}},
		"VariableOfFluxInAName":   {binding("b", "'${ENVIRONMENT}'", "state: Undeploy"), nil},
		"NamespaceOfFlux":         {binding("b", "testing", "state: Undeploy") + "{apiVersion: openchoreo.dev/v1alpha1, kind: Environment, metadata: {name: testing}, spec: {}}\n", nil},
		"ForeignKind":             {"{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}}\n", nil},
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

// TestAppliedTwiceIsSaidOnce: a file that two clusters apply has each mistake once, and counts once where it could not be checked.
func TestAppliedTwiceIsSaidOnce(t *testing.T) {
	t.Parallel()
	r := repository(t, shop+binding("b", "testing", "state: Undeploy"))
	for _, o := range slices.Clone(r.Objects) {
		o.Cluster = "clusters/two"
		r.Objects = append(r.Objects, o)
	}
	var got []string
	for _, f := range judge(t, r) {
		got = append(got, string(f.Code)+" "+f.Message)
	}
	want := []string{
		"EnvironmentNotFound ReleaseBinding shop/b names Environment shop/testing, which is not in this repository",
		"ReferencesNotChecked this reference to kind ClusterProjectType was not checked: this repository declares no ClusterProjectType",
		"ReferencesNotChecked this reference to kind ClusterComponentType was not checked: this repository declares no ClusterComponentType",
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

func TestProblems(t *testing.T) {
	t.Parallel()
	r := &manifest.Repository{}
	for _, kind := range []manifest.ProblemKind{manifest.Unsaid, manifest.NotParsed, manifest.NotBuilt, manifest.NotSubstituted, manifest.PathAbsent, manifest.RemoteNotFetched} {
		r.Problems = append(r.Problems, manifest.Problem{Kind: kind, Place: manifest.Place{File: fmt.Sprint("f", int(kind)), Line: 1}, Object: facts.Ref{Kind: "Kustomization"}, Message: "m"})
	}
	want := []string{"f0 error KustomizationBuildFailed", "f1 error YAMLInvalid", "f2 error KustomizationBuildFailed", "f3 error KustomizationPostBuildFailed", "f4 error KustomizationPathNotFound", "f5 info RemoteNotChecked"}
	if diff := cmp.Diff(want, found(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
