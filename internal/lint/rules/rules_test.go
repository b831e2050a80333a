package rules_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestClustersDoNotMeet: what is there for each of two clusters is there once.
func TestClustersDoNotMeet(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop)
	again := linttest.Repository(t, linttest.Shop)
	for i := range r.Objects {
		r.Objects[i].Cluster, again.Objects[i].Cluster = "clusters/one", "clusters/two"
	}
	r.Objects = append(r.Objects, again.Objects...)
	if got := linttest.Lines(t, r); got != nil {
		t.Errorf("%v", got)
	}
}

// TestExternalNames: a reference to an object of another repository is not broken. An entry that no reference needs is reported.
func TestExternalNames(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop+linttest.Binding("b", "testing", "releaseName: front-20261121-1, state: Undeploy"))
	if got := linttest.Lines(t, r); len(got) != 1 || got[0] != "b.yaml error EnvironmentNotFound" {
		t.Fatalf("%v", got)
	}
	r.External = []manifest.External{
		{Kind: "Environment", Name: "test*", Place: manifest.Place{File: ".choreolint.yaml", Line: 2}},
		{Kind: "Environment", Name: "qa", Place: manifest.Place{File: ".choreolint.yaml", Line: 3}},
	}
	var got []string
	for _, f := range linttest.Findings(t, r) {
		if f.Code != trace.CodeReferencesNotChecked {
			got = append(got, fmt.Sprintf("%s %s %s: %s", f.Place, f.Severity, f.Code, f.Message))
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
	linttest.CompareLines(t, map[string]linttest.Case{
		"Nothing":                 {Add: "", Want: nil},
		"TargetPort":              {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i}, endpoints: {h: {type: HTTP, port: 80, targetPort: 8080}}"), Want: []string{"w.yaml warning TargetPortBlocked"}},
		"WorkloadTwice":           {Add: linttest.OwnedWorkload("w", "front", "container: {image: i}, endpoints: {http: {type: HTTP, port: 80}}"), Want: []string{"w.yaml error MultipleWorkloads"}},
		"BindingTwice":            {Add: linttest.Binding("b", "development", "releaseName: front-20261121-1"), Want: []string{"b.yaml error MultipleReleaseBindings"}},
		"CellTwice":               {Add: linttest.Choreo("ProjectReleaseBinding", "b", "owner: {projectName: demo}, environment: development"), Want: []string{"b.yaml error MultipleProjectReleaseBindings"}},
		"SameObjectTwice":         {Add: linttest.Choreo("Environment", "staging", ""), Want: []string{"staging.yaml error DuplicateObject"}},
		"ReleaseOfAnother":        {Add: linttest.BackComponent("") + linttest.Choreo("ReleaseBinding", "b", "owner: {projectName: demo, componentName: back}, environment: development, releaseName: front-20261121-1"), Want: []string{"b.yaml error InvalidReleaseConfiguration"}},
		"NotPinned":               {Add: linttest.Binding("b", "staging", "state: Active") + linttest.Choreo("ProjectReleaseBinding", "s", "owner: {projectName: demo}, environment: staging"), Want: []string{"b.yaml error ReleaseNotPinned"}},
		"NotPinnedWithAutoDeploy": {Add: linttest.BackComponent(", autoDeploy: true") + linttest.Choreo("ReleaseBinding", "b", "owner: {projectName: demo, componentName: back}, environment: development"), Want: nil},
		"ValueAndValueFrom":       {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i, env: [{key: A, value: x, valueFrom: {secretKeyRef: {name: database, key: password}}}]}"), Want: []string{"w.yaml error ValueAmbiguous"}},
		"NoValue":                 {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i, files: [{key: A, mountPath: /a}]}"), Want: []string{"w.yaml warning ValueAmbiguous"}},
		"EmptyValue":              {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i, env: [{key: A, value: ''}]}"), Want: nil},
		"UnknownField":            {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i, ports: []}"), Want: []string{"w.yaml error SchemaViolation"}},
		"VariableOfFlux":          {Add: linttest.BackComponent("") + linttest.OwnedWorkload("w", "back", "container: {image: i}, endpoints: {h: {type: '${TYPE}', port: 80}}"), Want: nil},
		"UnknownKind":             {Add: linttest.Choreo("Organization", "o", ""), Want: []string{"o.yaml error SchemaViolation"}},
		"VariableOfFluxInAName":   {Add: linttest.Binding("b", "'${ENVIRONMENT}'", "state: Undeploy"), Want: nil},
		"NamespaceOfFlux":         {Add: linttest.Binding("b", "testing", "state: Undeploy") + "{apiVersion: openchoreo.dev/v1alpha1, kind: Environment, metadata: {name: testing}, spec: {}}\n", Want: nil},
		"ForeignKind":             {Add: "{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}}\n", Want: nil},
	})
}

// TestAppliedTwiceIsSaidOnce: a file that two clusters apply has each mistake once, and counts once where it could not be checked.
func TestAppliedTwiceIsSaidOnce(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop+linttest.Binding("b", "testing", "state: Undeploy"))
	for _, o := range slices.Clone(r.Objects) {
		o.Cluster = "clusters/two"
		r.Objects = append(r.Objects, o)
	}
	var got []string
	for _, f := range linttest.Findings(t, r) {
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
