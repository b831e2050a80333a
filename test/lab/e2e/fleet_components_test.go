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

// healthyWith is a healthy trace with a finding.
func healthyWith(code string) want { return want{exit: 0, verdict: "Healthy", finding: code} }

// outdated is a trace whose running release is healthy, but not the wanted one; the finding has the reason.
func outdated(code string) want { return want{exit: 3, verdict: "Healthy", finding: code} }

// withFinding adds a further finding to w.
func withFinding(w want, code string) want {
	w.finding = code
	return w
}

// withText adds a text that the JSON output must contain to w.
func withText(w want, text string) want {
	w.contains = text
	return w
}

// brokenDeclarations have faults in the Component, its Workload or its releases.
func brokenDeclarations() []fleetCase {
	return append(brokenComponents(), brokenWorkloads()...)
}

func brokenComponents() []fleetCase {
	return []fleetCase{
		{
			scenario:  scenario{name: "component-type-absent", fault: "the Component leaves out the kind of its type, and only a ClusterComponentType has that name", want: failed("component", "", "ComponentTypeNotFound", "ComponentType", "worker", "does not exist")},
			noRelease: true, declare: func(c *gitops.Checkout, name string) error {
				return c.Set(filepath.Join(c.ComponentDir(name), "component.yaml"), map[string]any{"name": "deployment/worker"}, "spec", "componentType")
			},
		},
		{
			scenario: scenario{name: "trait-absent", fault: "the Component names a trait that does not exist", want: failed("component", "", "TraitNotFound", "Component", "trait-absent", `Trait "ghost" not found`)},
			kind:     "deployment/traited", noRelease: true, declare: setField("component.yaml", []any{map[string]any{"name": "ghost", "kind": "ClusterTrait", "instanceName": "ghost"}}, "spec", "traits"),
		},
		{
			scenario:  scenario{name: "workflow-not-allowed", fault: "the Component names a workflow that its type does not allow", want: failed("component", "", "WorkflowNotUsable", "Component", "workflow-not-allowed", "")},
			noRelease: true, declare: setField("component.yaml", map[string]any{"name": "ghost"}, "spec", "workflow"),
		},
		{
			scenario: scenario{name: "component-invalid", fault: "the Component says cronjob, and its type is for a deployment", want: failed("component", "", "InvalidConfiguration", "Component", "component-invalid", "")},
			kind:     "cronjob/worker", noRelease: true,
		},
		{
			scenario: scenario{name: "autodeploy-fails", fault: "autoDeploy is on and spec.parameters do not match the type's schema", want: failed("component", "", "AutoDeployFailed", "Component", "autodeploy-fails", "")},
			kind:     "cronjob/scheduled-task", noRelease: true, declare: func(c *gitops.Checkout, name string) error {
				if err := setField("component.yaml", true, "spec", "autoDeploy")(c, name); err != nil {
					return err
				}
				return setField("component.yaml", map[string]any{"backoffLimit": "many"}, "spec", "parameters")(c, name)
			},
		},
		{
			scenario:  scenario{name: "autodeploy-healthy", fault: "none: autoDeploy is on", want: want{exit: 0, verdict: "Healthy"}},
			noRelease: true, declare: setField("component.yaml", true, "spec", "autoDeploy"),
		},
		{
			scenario:  scenario{name: "project-absent", fault: "the Component belongs to a project that does not exist", want: failed("project", "", "ProjectNotFound", "Project", "ghost", "does not exist")},
			noRelease: true, declare: func(c *gitops.Checkout, name string) error {
				for _, file := range []string{"component.yaml", "workload.yaml"} {
					if err := setField(file, "ghost", "spec", "owner", "projectName")(c, name); err != nil {
						return err
					}
				}
				return nil
			},
		},
		{
			scenario:  scenario{name: "project-not-ready", fault: "the Project names a ClusterProjectType that does not exist", want: failed("project", "", "ProjectNotReady", "Project", "odd", "")},
			noRelease: true, declare: projectWithoutType,
		},
		{
			scenario:  scenario{name: "pipeline-absent", fault: "the Project names a DeploymentPipeline that does not exist", want: failed("project", "", "DeploymentPipelineNotFound", "DeploymentPipeline", "ghost", "does not exist")},
			noRelease: true, declare: projectWithoutPipeline,
		},
	}
}

func brokenWorkloads() []fleetCase {
	const dev = "development"
	return []fleetCase{
		{
			scenario: scenario{name: "workloads-two", fault: "two Workloads have the same owner", want: failed("workload", "", "MultipleWorkloads", "Workload", "*", "a component has exactly one Workload")},
			bound:    secondWorkload,
		},
		{
			scenario:  scenario{name: "workload-owner-misspelt", fault: "the owner in the Workload is misspelt", want: failed("workload", "", "WorkloadNotFound", "Workload", "", "no Workload in namespace TENANT")},
			noRelease: true, declare: setField("workload.yaml", "workload-owner-mispelt", "spec", "owner", "componentName"),
		},
		{
			scenario: scenario{name: "target-port", fault: "an endpoint's targetPort is not its port", want: healthyWith("TargetPortBlocked")},
			kind:     "deployment/service", declare: setField("workload.yaml", map[string]any{"http": map[string]any{"type": "HTTP", "port": int64(80), "targetPort": int64(8080)}}, "spec", "endpoints"),
		},
		{
			scenario: scenario{name: "workload-not-released", fault: "the Workload changed and no release was cut", want: outdated("WorkloadNotReleased")},
			bound:    func(c *gitops.Checkout, name, _ string) error { return c.SetImage(name, "1.0.1") },
		},
		{
			scenario: scenario{name: "release-not-bound", fault: "a release was cut and not bound", want: outdated("ReleaseNotBound")},
			bound: func(c *gitops.Checkout, name, _ string) error {
				if err := c.SetImage(name, "1.0.1"); err != nil {
					return err
				}
				_, err := c.CutRelease(name)
				return err
			},
		},
		{
			scenario:     scenario{name: "release-not-promoted", fault: "development has a newer release than staging", want: healthyWith("ReleaseNotPromoted")},
			environments: []string{dev, "staging"}, bound: func(c *gitops.Checkout, name, _ string) error {
				_, err := c.Release(name, "1.0.1", dev)
				return err
			},
		},
		{
			scenario: scenario{name: "release-outdated", fault: "spec.parameters of the Component changed since the release was cut", want: healthyWith("ReleaseOutdated")},
			kind:     "cronjob/scheduled-task", bound: func(c *gitops.Checkout, name, _ string) error {
				return setField("component.yaml", map[string]any{"backoffLimit": int64(7)}, "spec", "parameters")(c, name)
			},
		},
		{
			scenario: scenario{name: "build-pending", fault: "the build of the image never starts: there is no WorkflowPlane", args: []string{"-e", dev}, want: want{exit: 3, verdict: "Progressing", progressing: "component"}},
			kind:     "deployment/built", noRelease: true, declare: builtComponent, then: startBuild,
		},
		{
			scenario: scenario{name: "component-terminating", fault: "somebody deletes the Component while a finalizer of theirs holds it", want: failed("component", "", "Terminating", "Component", "component-terminating", "blocked by finalizer")},
			then:     deleteWithFinalizer,
		},
	}
}

func projectWithoutType(c *gitops.Checkout, name string) error {
	return inProject(c, name, "odd", "spec: {deploymentPipelineRef: {name: standard}, type: {kind: ClusterProjectType, name: ghost}}\n")
}

func projectWithoutPipeline(c *gitops.Checkout, name string) error {
	return inProject(c, name, "lost", "spec: {deploymentPipelineRef: {name: ghost}, type: {kind: ClusterProjectType, name: default}}\n")
}

// inProject moves a component into a new project.
func inProject(c *gitops.Checkout, name, project, spec string) error {
	text := fmt.Sprintf("apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata: {name: %s, namespace: %s}\n%s", project, c.Options.Namespace, spec)
	if err := c.Write(filepath.Join(c.ComponentDir(name), "project.yaml"), text); err != nil {
		return err
	}
	for _, file := range []string{"component.yaml", "workload.yaml"} {
		if err := setField(file, project, "spec", "owner", "projectName")(c, name); err != nil {
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
	return setField("component.yaml", map[string]any{"kind": "ClusterWorkflow", "name": "builder"}, "spec", "workflow")(c, name)
}

// startBuild creates the WorkflowRun that OpenChoreo's API would create for a push.
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

func deleteWithFinalizer(ctx context.Context, n *tenant, name string) error {
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

// endpoint adds an HTTP endpoint with a visibility to the Workload.
func endpoint(visibility string) func(*gitops.Checkout, string) error {
	return setField("workload.yaml", map[string]any{"http": map[string]any{"type": "HTTP", "port": int64(80), "visibility": []any{visibility}}}, "spec", "endpoints")
}
