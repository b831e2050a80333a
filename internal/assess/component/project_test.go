package component_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/component"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestProject: the Project's own Ready looks neither at its pipeline nor at what the pipeline names.
func TestProject(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const name = "demo: development → staging → production"
	for title, c := range map[string]struct {
		change func(w assesstest.World)
		want   []string
	}{
		"Healthy": {func(assesstest.World) {}, []string{"OK " + name}},
		"NobodyNamesOne": {func(w assesstest.World) {
			for _, kind := range []string{"Component", "Workload", "ReleaseBinding"} {
				w.DropWhere(func(o facts.Object) bool { return o.Ref.Kind == kind })
			}
			w.Subject.Project = ""
		}, []string{"Unknown no object names the project"}},
		"NamedByABindingOnly": {func(w assesstest.World) {
			w.DropWhere(func(o facts.Object) bool { return o.Ref.Kind == "Component" || o.Ref.Kind == "Workload" })
		}, []string{"OK " + name}},
		"Absent": {func(w assesstest.World) { w.Answer(w.One("Project", "demo"), facts.Absent) }, []string{
			"Failed demo does not exist", "error ProjectNotFound of Project demo: Project healthy/demo does not exist, although Kustomization oc-healthy-projects lists it as applied",
		}},
		"Forbidden": {func(w assesstest.World) { w.Answer(w.One("Project", "demo"), facts.Forbidden) }, []string{
			"Unknown not readable: forbidden", "warning Forbidden of Project demo: so the test says",
		}},
		"NotReady": {func(w assesstest.World) {
			w.Condition(w.One("Project", "demo"), time.Hour, "Ready", "False", "Broken", "it is broken")
		}, []string{"Failed demo: Broken", "error ProjectNotReady of Project demo: it is broken"}},
		"PipelineAbsent": {func(w assesstest.World) { w.Answer(w.One("DeploymentPipeline", "standard"), facts.Absent) }, []string{
			"Failed DeploymentPipeline healthy/standard does not exist", "error DeploymentPipelineNotFound of DeploymentPipeline standard: DeploymentPipeline healthy/standard does not exist",
		}},
		"PipelineForbidden": {func(w assesstest.World) { w.Answer(w.One("DeploymentPipeline", "standard"), facts.Forbidden) }, []string{"OK demo"}},
		"PipelineInvalid": {func(w assesstest.World) { w.Answer(w.One("DeploymentPipeline", "standard"), facts.Invalid) }, []string{
			"Failed not requested: the reference is invalid", "error InvalidReference of DeploymentPipeline standard: so the test says",
		}},
		"EnvironmentAbsent": {func(w assesstest.World) { environments(w, facts.Found, false, "development", "staging") }, []string{
			"OK " + name, "warning PipelineEnvironmentNotFound of DeploymentPipeline standard: DeploymentPipeline healthy/standard promotes to environment production, which does not exist",
		}},
		"EnvironmentsCutShort":  {func(w assesstest.World) { environments(w, facts.Found, true, "development") }, []string{"OK " + name}},
		"EnvironmentsForbidden": {func(w assesstest.World) { environments(w, facts.Forbidden, false) }, []string{"OK " + name}},
		"NoPipeline": {func(w assesstest.World) {
			unstructured.RemoveNestedField(w.One("Project", "demo").Body.Object, "spec", "deploymentPipelineRef")
		}, []string{"OK demo"}},
	} {
		w := healthy.Copy(t)
		c.change(w)
		if diff := cmp.Diff(c.want, assesstest.Lines(component.AssessProject(w.Component()).Rung)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", title, diff)
		}
	}
}

// environments answers the list of Environments.
func environments(w assesstest.World, outcome facts.Outcome, truncated bool, names ...string) {
	l := facts.List{Query: facts.Query{Plane: facts.Control, Group: "openchoreo.dev", Kind: "Environment", Namespace: w.Subject.Namespace}, Outcome: outcome, Truncated: truncated}
	for _, name := range names {
		l.Items = append(l.Items, facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "Environment", Namespace: w.Subject.Namespace, Name: name})
	}
	w.PutList(l, nil)
}
