package references_test

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

func componentOf(kind, name string) string {
	return linttest.Choreo("Component", "c", "owner: {projectName: demo}, componentType: {kind: "+kind+", name: "+name+"}")
}

// TestDefaults: what OpenChoreo's getting-started guide installs is not missing, also where other objects of the kind are declared.
func TestDefaults(t *testing.T) {
	t.Parallel()
	own := linttest.ClusterScoped("ClusterTrait", "cache", "") + linttest.ClusterScoped("ClusterWorkflow", "own", "runTemplate: {}") + linttest.ClusterScoped("ClusterComponentType", "own", linttest.JobType(""))
	with := func(more string) string {
		return own + linttest.Choreo("Component", "c", "owner: {projectName: demo}, componentType: {kind: ClusterComponentType, name: deployment/service}, "+more)
	}
	linttest.CompareMessages(t, "Trait", with("traits: [{kind: ClusterTrait, name: observability-alert-rule, instanceName: a}]"), nil)
	linttest.CompareMessages(t, "Workflow", with("workflow: {kind: ClusterWorkflow, name: dockerfile-builder}"), nil)
	linttest.CompareMessages(t, "OtherName", with("traits: [{kind: ClusterTrait, name: observability-alert-rules, instanceName: a}]"), []string{
		"c.yaml error TraitNotFound Component shop/c names ClusterTrait observability-alert-rules, which is not in this repository",
	})
	linttest.CompareMessages(t, "OtherScope", with("traits: [{kind: Trait, name: observability-alert-rule, instanceName: a}]"), nil) // no Trait is declared
	linttest.CompareMessages(t, "AddedLater", linttest.ChartRelease("1.0.0")+linttest.ClusterScoped("ClusterProjectType", "own", "resources: []"), []string{
		"demo-development.yaml error SchemaViolation OpenChoreo 1.0 has no kind ProjectReleaseBinding in openchoreo.dev/v1alpha1",
		"demo.yaml error ProjectTypeNotFound Project shop/demo names ClusterProjectType default, which is not in this repository",
		"demo.yaml error SchemaViolation OpenChoreo 1.0 has no field spec.type in Project",
		"own.yaml error SchemaViolation OpenChoreo 1.0 has no kind ClusterProjectType in openchoreo.dev/v1alpha1",
	})
}

func TestWorkloadTypes(t *testing.T) {
	t.Parallel()
	own := linttest.Choreo("ComponentType", "web", "workloadType: deployment, resources: [{id: deployment, template: {}}]")
	linttest.CompareMessages(t, "Same", own+componentOf("ComponentType", "deployment/web"), nil)
	linttest.CompareMessages(t, "Other", own+componentOf("ComponentType", "statefulset/web"), []string{
		"c.yaml error InvalidConfiguration Component shop/c names its type as statefulset/web, but the workloadType of ComponentType shop/web is deployment",
	})
	linttest.CompareMessages(t, "Installed", componentOf("ClusterComponentType", "deployment/scheduled-task"), []string{
		"c.yaml error InvalidConfiguration Component shop/c names its type as deployment/scheduled-task, but the workloadType of ClusterComponentType scheduled-task is cronjob",
	})
	linttest.CompareMessages(t, "NotKnown", componentOf("ClusterComponentType", "statefulset/postgres"), nil)
	linttest.CompareMessages(t, "OwnInsteadOfInstalled", linttest.ClusterScoped("ClusterComponentType", "service", "workloadType: statefulset, resources: [{id: statefulset, template: {}}]")+componentOf("ClusterComponentType", "statefulset/service"), []string{
		"front.yaml error InvalidConfiguration Component shop/front names its type as deployment/service, but the workloadType of ClusterComponentType service is statefulset",
	})
}
