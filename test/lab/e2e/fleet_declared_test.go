package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

func failed(rung, environment, code, kind, object, message string) want {
	return want{exit: 2, verdict: "Failed", rung: rung, environment: environment, code: code, kind: kind, object: object, message: message}
}

// worth is a healthy component with a finding that is worth a word.
func worth(code string) want { return want{exit: 0, verdict: "Healthy", finds: code} }

// behind is what a finding does that says why the running release is not the wanted one: what runs is healthy, and exit 3.
func behind(code string) want { return want{exit: 3, verdict: "Healthy", finds: code} }

// also is w with a further finding beside the failing one.
func also(w want, code string) want {
	w.finds = code
	return w
}

// says is w with words that must stand somewhere in the trace.
func says(w want, words string) want {
	w.says = words
	return w
}

// brokenDeclarations: the Component, its Workload and its releases.
func brokenDeclarations() []broken {
	return append(brokenComponents(), brokenWorkloads()...)
}

func brokenComponents() []broken {
	return []broken{
		{
			scenario: scenario{name: "component-type-absent", fault: "the Component leaves out the kind of its type, and only a ClusterComponentType has that name", want: failed("component", "", "ComponentTypeNotFound", "ComponentType", "worker", "does not exist")},
			uncut:    true, declare: func(c *gitops.Checkout, name string) error {
				return c.Set(filepath.Join(c.ComponentDir(name), "component.yaml"), map[string]any{"name": "deployment/worker"}, "spec", "componentType")
			},
		},
		{
			scenario: scenario{name: "trait-absent", fault: "the Component names a trait that does not exist", want: failed("component", "", "TraitNotFound", "Component", "trait-absent", `Trait "ghost" not found`)},
			kind:     "deployment/traited", uncut: true, declare: set("component.yaml", []any{map[string]any{"name": "ghost", "kind": "ClusterTrait", "instanceName": "ghost"}}, "spec", "traits"),
		},
		{
			scenario: scenario{name: "workflow-not-allowed", fault: "the Component names a workflow that its type does not allow", want: failed("component", "", "WorkflowNotUsable", "Component", "workflow-not-allowed", "")},
			uncut:    true, declare: set("component.yaml", map[string]any{"name": "ghost"}, "spec", "workflow"),
		},
		{
			scenario: scenario{name: "component-invalid", fault: "the Component says cronjob, and its type is for a deployment", want: failed("component", "", "InvalidConfiguration", "Component", "component-invalid", "")},
			kind:     "cronjob/worker", uncut: true,
		},
		{
			scenario: scenario{name: "autodeploy-fails", fault: "autoDeploy is on and spec.parameters do not match the type's schema", want: failed("component", "", "AutoDeployFailed", "Component", "autodeploy-fails", "")},
			kind:     "cronjob/scheduled-task", uncut: true, declare: func(c *gitops.Checkout, name string) error {
				if err := set("component.yaml", true, "spec", "autoDeploy")(c, name); err != nil {
					return err
				}
				return set("component.yaml", map[string]any{"backoffLimit": "many"}, "spec", "parameters")(c, name)
			},
		},
		{
			scenario: scenario{name: "autodeploy-healthy", fault: "none: autoDeploy is on", want: want{exit: 0, verdict: "Healthy"}},
			uncut:    true, declare: set("component.yaml", true, "spec", "autoDeploy"),
		},
		{
			scenario: scenario{name: "project-absent", fault: "the Component belongs to a project that does not exist", want: failed("project", "", "ProjectNotFound", "Project", "ghost", "does not exist")},
			uncut:    true, declare: func(c *gitops.Checkout, name string) error {
				for _, file := range []string{"component.yaml", "workload.yaml"} {
					if err := set(file, "ghost", "spec", "owner", "projectName")(c, name); err != nil {
						return err
					}
				}
				return nil
			},
		},
		{
			scenario: scenario{name: "project-not-ready", fault: "the Project names a ClusterProjectType that does not exist", want: failed("project", "", "ProjectNotReady", "Project", "odd", "")},
			uncut:    true, declare: oddProject,
		},
		{
			scenario: scenario{name: "pipeline-absent", fault: "the Project names a DeploymentPipeline that does not exist", want: failed("project", "", "DeploymentPipelineNotFound", "DeploymentPipeline", "ghost", "does not exist")},
			uncut:    true, declare: projectWithoutPipeline,
		},
	}
}

func brokenWorkloads() []broken {
	const dev = "development"
	return []broken{
		{
			scenario: scenario{name: "workloads-two", fault: "two Workloads have the same owner", want: failed("workload", "", "MultipleWorkloads", "Workload", "*", "a component has exactly one Workload")},
			bound:    secondWorkload,
		},
		{
			scenario: scenario{name: "workload-owner-misspelt", fault: "the owner in the Workload is misspelt", want: failed("workload", "", "WorkloadNotFound", "Workload", "", "no Workload in namespace TENANT")},
			uncut:    true, declare: set("workload.yaml", "workload-owner-mispelt", "spec", "owner", "componentName"),
		},
		{
			scenario: scenario{name: "target-port", fault: "an endpoint's targetPort is not its port", want: worth("TargetPortBlocked")},
			kind:     "deployment/service", declare: set("workload.yaml", map[string]any{"http": map[string]any{"type": "HTTP", "port": int64(80), "targetPort": int64(8080)}}, "spec", "endpoints"),
		},
		{
			scenario: scenario{name: "workload-not-released", fault: "the Workload changed and no release was cut", want: behind("WorkloadNotReleased")},
			bound:    func(c *gitops.Checkout, name, _ string) error { return c.SetImage(name, "1.0.1") },
		},
		{
			scenario: scenario{name: "release-not-bound", fault: "a release was cut and not bound", want: behind("ReleaseNotBound")},
			bound: func(c *gitops.Checkout, name, _ string) error {
				if err := c.SetImage(name, "1.0.1"); err != nil {
					return err
				}
				_, err := c.CutRelease(name)
				return err
			},
		},
		{
			scenario:     scenario{name: "release-not-promoted", fault: "development has a newer release than staging", want: worth("ReleaseNotPromoted")},
			environments: []string{dev, "staging"}, bound: func(c *gitops.Checkout, name, _ string) error {
				_, err := c.Release(name, "1.0.1", dev)
				return err
			},
		},
		{
			scenario: scenario{name: "release-outdated", fault: "spec.parameters of the Component changed since the release was cut", want: worth("ReleaseOutdated")},
			kind:     "cronjob/scheduled-task", bound: func(c *gitops.Checkout, name, _ string) error {
				return set("component.yaml", map[string]any{"backoffLimit": int64(7)}, "spec", "parameters")(c, name)
			},
		},
		{
			scenario: scenario{name: "build-pending", fault: "the build of the image never starts: there is no WorkflowPlane", args: []string{"-e", dev}, want: want{exit: 3, verdict: "Progressing", waits: "component"}},
			kind:     "deployment/built", uncut: true, declare: builtComponent, then: startBuild,
		},
		{
			scenario: scenario{name: "component-terminating", fault: "somebody deletes the Component while a finalizer of theirs holds it", want: failed("component", "", "Terminating", "Component", "component-terminating", "blocked by finalizer")},
			then:     holdAndDelete,
		},
	}
}

func oddProject(c *gitops.Checkout, name string) error {
	return inProject(c, name, "odd", "spec: {deploymentPipelineRef: {name: standard}, type: {kind: ClusterProjectType, name: ghost}}\n")
}

func projectWithoutPipeline(c *gitops.Checkout, name string) error {
	return inProject(c, name, "lost", "spec: {deploymentPipelineRef: {name: ghost}, type: {kind: ClusterProjectType, name: default}}\n")
}

// inProject moves a component into a project of its own.
func inProject(c *gitops.Checkout, name, project, spec string) error {
	text := fmt.Sprintf("apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata: {name: %s, namespace: %s}\n%s", project, c.Options.Namespace, spec)
	if err := c.Write(filepath.Join(c.ComponentDir(name), "project.yaml"), text); err != nil {
		return err
	}
	for _, file := range []string{"component.yaml", "workload.yaml"} {
		if err := set(file, project, "spec", "owner", "projectName")(c, name); err != nil {
			return err
		}
	}
	return nil
}

func secondWorkload(c *gitops.Checkout, name, _ string) error {
	text := fmt.Sprintf("apiVersion: openchoreo.dev/v1alpha1\nkind: Workload\nmetadata: {name: %[1]s-again, namespace: %[2]s}\nspec:\n  owner: {projectName: %[3]s, componentName: %[1]s}\n  container: {image: registry.example.com/acme/again:1}\n",
		name, c.Options.Namespace, c.Options.Project)
	return c.Write(filepath.Join(c.ComponentDir(name), "workload-again.yaml"), text)
}

func builtComponent(c *gitops.Checkout, name string) error {
	if err := c.Remove(filepath.Join(c.ComponentDir(name), "workload.yaml")); err != nil {
		return err
	}
	return set("component.yaml", map[string]any{"kind": "ClusterWorkflow", "name": "builder"}, "spec", "workflow")(c, name)
}

// startBuild makes the run that OpenChoreo's API would make for a push.
func startBuild(ctx context.Context, n *tenant, name string) error {
	return shared.lab.Apply(ctx, "", fmt.Sprintf(`
apiVersion: openchoreo.dev/v1alpha1
kind: ClusterWorkflow
metadata: {name: builder}
spec: {runTemplate: {apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: "${metadata.workflowRunName}", namespace: "${metadata.namespace}"}}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: WorkflowRun
metadata:
  name: %[1]s-1
  namespace: %[2]s
  labels: {openchoreo.dev/project: %[3]s, openchoreo.dev/component: %[1]s}
spec: {workflow: {kind: ClusterWorkflow, name: builder}}
`, name, n.Namespace, n.Project))
}

func holdAndDelete(ctx context.Context, n *tenant, name string) error {
	component := n.Choreo("Component", name)
	if err := shared.lab.Patch(ctx, component, `{"metadata":{"finalizers":["example.com/hold"]}}`); err != nil {
		return err
	}
	n.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := shared.lab.Patch(ctx, component, `{"metadata":{"finalizers":null}}`); err != nil {
			n.t.Error(err)
		}
	})
	return shared.lab.Delete(ctx, component)
}

// endpoint gives the component an HTTP endpoint that is to be reached from outside.
func endpoint(visibility string) func(*gitops.Checkout, string) error {
	return set("workload.yaml", map[string]any{"http": map[string]any{"type": "HTTP", "port": int64(80), "visibility": []any{visibility}}}, "spec", "endpoints")
}
