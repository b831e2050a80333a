package references

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// targets are the references of an object that stand in one field each. The kinds that are meant where none is said are
// those of the definitions (openchoreo v1.2.3 config/crd/bases).
func targets(o *manifest.Object) []target {
	switch o.Ref.Kind {
	case "Component":
		return componentTargets(o)
	case "ComponentType":
		return traits(o, "Trait")
	case "ClusterComponentType":
		return traits(o, "ClusterTrait")
	case "Workload":
		return append(resourceTargets(o), field(o, trace.CodeComponentNotFound, "Component", "spec.owner.componentName"))
	case "ReleaseBinding":
		return []target{
			field(o, trace.CodeComponentNotFound, "Component", "spec.owner.componentName"),
			field(o, trace.CodeEnvironmentNotFound, "Environment", "spec.environment"),
			field(o, trace.CodeComponentReleaseNotFound, "ComponentRelease", "spec.releaseName"),
		}
	case "Project":
		return []target{
			field(o, trace.CodeDeploymentPipelineNotFound, "DeploymentPipeline", "spec.deploymentPipelineRef.name"),
			kinded(o, trace.CodeProjectTypeNotFound, "ProjectType", "spec.type"),
		}
	case "ProjectReleaseBinding":
		return []target{
			ownerProject(o),
			field(o, trace.CodeEnvironmentNotFound, "Environment", "spec.environment"),
			field(o, trace.CodeProjectReleaseNotFound, "ProjectRelease", "spec.projectRelease"),
		}
	case "Environment":
		return []target{kinded(o, trace.CodeDataPlaneNotFound, "DataPlane", "spec.dataPlaneRef")}
	case "DeploymentPipeline":
		return pipelineTargets(o)
	}
	return nil
}

func componentTargets(o *manifest.Object) []target {
	found := []target{ownerProject(o)}
	kind := kinded(o, trace.CodeComponentTypeNotFound, "ComponentType", "spec.componentType")
	if _, name, ok := strings.Cut(kind.name, "/"); ok { // "deployment/service": the object is service
		kind.name = name
		found = append(found, kind)
	}
	found = append(found, kinded(o, trace.CodeWorkflowNotUsable, "ClusterWorkflow", "spec.workflow"))
	return append(found, traits(o, "Trait")...)
}

func ownerProject(o *manifest.Object) target {
	return field(o, trace.CodeProjectNotFound, "Project", "spec.owner.projectName")
}

func traits(o *manifest.Object, otherwise string) []target {
	var found []target
	for i, t := range kinds.Items(o.Body, "spec", "traits") {
		kind := kinds.String(t, "kind")
		if kind == "" {
			kind = otherwise
		}
		found = append(found, target{trace.CodeTraitNotFound, fmt.Sprintf("spec.traits[%d].name", i), kind, kinds.String(t, "name")})
	}
	return found
}

func resourceTargets(o *manifest.Object) []target {
	var found []target
	for i, r := range kinds.Items(o.Body, "spec", "dependencies", "resources") {
		found = append(found, target{trace.CodeResourceDependenciesPending, fmt.Sprintf("spec.dependencies.resources[%d].ref", i), "Resource", kinds.String(r, "ref")})
	}
	return found
}

// pipelineTargets: OpenChoreo never checks that the environments of a pipeline exist.
func pipelineTargets(o *manifest.Object) []target {
	var found []target
	for i, p := range kinds.Items(o.Body, "spec", "promotionPaths") {
		path := fmt.Sprintf("spec.promotionPaths[%d].", i)
		found = append(found, target{trace.CodePipelineEnvironmentNotFound, path + "sourceEnvironmentRef.name", "Environment", kinds.String(p, "sourceEnvironmentRef", "name")})
		refs, _ := p["targetEnvironmentRefs"].([]any)
		for j, r := range refs {
			if to, ok := r.(map[string]any); ok {
				found = append(found, target{trace.CodePipelineEnvironmentNotFound, fmt.Sprintf("%stargetEnvironmentRefs[%d].name", path, j), "Environment", kinds.String(to, "name")})
			}
		}
	}
	return found
}

func field(o *manifest.Object, code trace.Code, kind, path string) target {
	return target{code, path, kind, kinds.Text(o.Body, strings.Split(path, ".")...)}
}

// kinded is a reference that may say its kind.
func kinded(o *manifest.Object, code trace.Code, otherwise, path string) target {
	steps := strings.Split(path, ".")
	kind := kinds.Text(o.Body, append(steps, "kind")...)
	if kind == "" {
		kind = otherwise
	}
	return target{code, path + ".name", kind, kinds.Text(o.Body, append(steps, "name")...)}
}
