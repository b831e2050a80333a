package component

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessProject looks up what the Project names: its own Ready looks neither at the pipeline nor at the bindings
// (openchoreo v1.2.3 internal/controller/project/controller.go).
func AssessProject(v *view.Component) *result.Result {
	if v.ProjectName == "" {
		j := result.New(trace.RungProject, facts.Ref{})
		j.Cause = result.NotChecked()
		j.Summary = "no object names the project"
		return j
	}
	o := v.Object(v.Ref("Project", v.ProjectName))
	j := result.New(trace.RungProject, o.Ref)
	if o.Outcome == facts.Absent {
		j.Cause = result.NotFound()
		j.Summary = fmt.Sprintf("%s does not exist", v.ProjectName)
		f := trace.Finding{Code: trace.CodeProjectNotFound, Message: delivery.NotFoundMessage(v, o.Ref)}
		f.Hint = "commit the Project, or recreate the Component with another spec.owner.projectName, because that field is immutable"
		delivery.ExplainVanished(v, &f, func(ref facts.Ref) bool { return ref == o.Ref })
		return j.Fail(f)
	}
	if j.CannotRead(o) {
		return j
	}
	delivery.DeclaredState(v, j, o, trace.CodeProjectNotReady)
	explainType(j)
	delivery.AddWarnings(v, j, o)
	if pipeline := v.Pipeline(); pipeline.Outcome == facts.Invalid {
		j.CannotRead(pipeline)
	} else if pipeline.Outcome == facts.Absent {
		j.Fail(trace.Finding{
			Code: trace.CodeDeploymentPipelineNotFound, Object: pipeline.Ref, Message: delivery.NotFoundMessage(v, pipeline.Ref),
			Hint: "the Project refers to it: correct spec.deploymentPipelineRef in Git, or commit the DeploymentPipeline",
		})
	}
	pipelineEnvironments(v, j)
	return j.OK("%s", strings.TrimSuffix(v.ProjectName+": "+strings.Join(kinds.PipelineEnvironments(v.Pipeline().Body), " → "), ": "))
}

// typeNotFound is how OpenChoreo reports the missing type of a Project (v1.2.3 internal/controller/project).
var typeNotFound = regexp.MustCompile(`^((?:Cluster)?ProjectType) "([^"]*)" not found`)

// explainType adds what to do about a type that does not exist: a Project cannot get another one.
func explainType(j *result.Result) {
	for i, f := range j.Findings {
		if m := typeNotFound.FindStringSubmatch(f.Message); m != nil && f.Code == trace.CodeProjectNotReady {
			j.Findings[i].Hint = fmt.Sprintf("commit %s %s, or recreate the Project with another spec.type, which is immutable: that also deletes its components", m[1], m[2])
		}
	}
}

// pipelineEnvironments looks up what the pipeline names: nothing else does (openchoreo v1.2.3
// internal/controller/deploymentpipeline/controller.go).
func pipelineEnvironments(v *view.Component, j *result.Result) {
	l := v.Listed(facts.Control, kinds.OpenChoreo, "Environment", v.Namespace)
	if l.Outcome != facts.Found || l.Truncated {
		return
	}
	for _, name := range kinds.PipelineEnvironments(v.Pipeline().Body) {
		if !slices.Contains(l.Items, v.Ref("Environment", name)) {
			j.Note(trace.Warning, trace.Finding{
				Code: trace.CodePipelineEnvironmentNotFound, Object: v.Pipeline().Ref,
				Message: fmt.Sprintf("%s promotes to environment %s, which does not exist", v.Pipeline().Ref, name),
			})
		}
	}
}
