package lint

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestClustersDoNotMeet: what is there for each of two clusters is there once.
func TestClustersDoNotMeet(t *testing.T) {
	t.Parallel()
	r := repository(t, shop)
	again := repository(t, shop)
	for i := range r.Objects {
		r.Objects[i].Cluster, again.Objects[i].Cluster = "clusters/one", "clusters/two"
	}
	r.Objects = append(r.Objects, again.Objects...)
	if got := found(t, r); got != nil {
		t.Errorf("%v", got)
	}
}

// TestExternalNames: a reference to an object of another repository is not broken. An entry that no reference needs is reported.
func TestExternalNames(t *testing.T) {
	t.Parallel()
	r := repository(t, shop+binding("b", "testing", "releaseName: front-20261121-1, state: Undeploy"))
	if got := found(t, r); len(got) != 1 || got[0] != "b.yaml error EnvironmentNotFound" {
		t.Fatalf("%v", got)
	}
	r.External = []manifest.External{
		{Kind: "Environment", Name: "test*", Place: manifest.Place{File: ".choreolint.yaml", Line: 2}},
		{Kind: "Environment", Name: "qa", Place: manifest.Place{File: ".choreolint.yaml", Line: 3}},
	}
	var got []string
	for _, f := range judge(t, r) {
		if f.Code != trace.CodeReferencesNotChecked {
			got = append(got, fmt.Sprintf("%s %s %s: %s", f.place, f.Severity, f.Code, f.Message))
		}
	}
	want := []string{".choreolint.yaml:3 info SuppressionUnused: no reference needs the external name Environment qa"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
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
