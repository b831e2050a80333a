package component_test

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestRungs breaks what a component declares.
func TestRungs(t *testing.T) {
	t.Parallel()
	assesstest.Check(t, assess.Assess, map[string]assesstest.Case{
		"ProjectAbsent":  {Change: func(w assesstest.World) { w.Answer(w.One("Project", "demo"), facts.Absent) }, Want: assesstest.Failed(trace.RungProject, "", trace.CodeProjectNotFound, "Project")},
		"PipelineAbsent": {Change: func(w assesstest.World) { w.Answer(w.One("DeploymentPipeline", ""), facts.Absent) }, Want: assesstest.Failed(trace.RungProject, "", trace.CodeDeploymentPipelineNotFound, "DeploymentPipeline")},
		"ComponentTypeAbsent": {Change: func(w assesstest.World) {
			w.Answer(w.One("ClusterComponentType", "service"), facts.Absent)
		}, Want: assesstest.Failed(trace.RungComponent, "", trace.CodeComponentTypeNotFound, "ClusterComponentType")},
		"ComponentInvalid": {Change: func(w assesstest.World) {
			w.Condition(w.One("Component", ""), time.Hour, "Ready", "False", "InvalidConfiguration", "ComponentType: traits are not allowed")
		}, Want: assesstest.Failed(trace.RungComponent, "", trace.CodeInvalidConfiguration, "Component")},
		"ComponentTerminates": {Change: func(w assesstest.World) {
			w.Set(w.One("Component", ""), w.TakenAt.UTC().Format(time.RFC3339), "metadata", "deletionTimestamp")
		}, Want: assesstest.Failed(trace.RungComponent, "", trace.CodeTerminating, "Component")},
		"ComponentOfAnOlderGeneration": {Change: func(w assesstest.World) {
			w.Set(w.One("Component", ""), int64(7), "metadata", "generation")
			w.Set(w.One("Component", ""), w.TakenAt.Add(-time.Hour).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
			w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "True", "ReconciliationSucceeded", "")
		}, Want: assesstest.Failed(trace.RungComponent, "", trace.CodeGenerationNotObserved, "Component")},
		"WorkloadAbsent": {Change: func(w assesstest.World) {
			w.Drop(w.One("Workload", "").Ref)
			w.ClearOwners("Workload")
		}, Want: assesstest.Failed(trace.RungWorkload, "", trace.CodeWorkloadNotFound, "Workload")},
		"WorkloadTwice": {Change: func(w assesstest.World) {
			o := w.One("Workload", "")
			second := facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
			second.Ref.Name = "again"
			second.Body.SetName("again")
			w.Put(second)
		}, Want: assesstest.Failed(trace.RungWorkload, "", trace.CodeMultipleWorkloads, "Workload")},
		"WorkloadMovedOn": {Change: func(w assesstest.World) {
			w.Set(w.One("Workload", ""), "registry.example.com/acme/greeter-service:9", "spec", "container", "image")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictHealthy}},
	})
}
