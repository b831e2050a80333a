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
