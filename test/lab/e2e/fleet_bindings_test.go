package e2e

import (
	"context"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// brokenBindings have faults in the ReleaseBinding or in objects that it references.
func brokenBindings() []fleetCase {
	const dev = "development"
	return []fleetCase{
		{
			scenario: scenario{name: "release-not-pinned", fault: "the binding names no release", want: failed("release", dev, "ReleaseNotPinned", "ReleaseBinding", "release-not-pinned-development", "spec.releaseName is not set")},
			bound: func(c *gitops.Checkout, name, _ string) error {
				return c.Edit(c.BindingFile(name, dev), func(o map[string]any) error {
					spec, _ := o["spec"].(map[string]any)
					delete(spec, "releaseName")
					return nil
				})
			},
		},
		{
			scenario: scenario{name: "release-name-hostile", fault: "the binding's spec.releaseName is a path to a Secret", want: failed("release", dev, "InvalidReference", "ReleaseBinding", "release-name-hostile-development", "spec.releaseName")},
			bound:    setBindingField("../../../../../../api/v1/namespaces/default/secrets/db", "spec", "releaseName"),
		},
		{
			scenario: scenario{name: "release-of-another", fault: "the binding pins another component's release", want: failed("binding", dev, "InvalidReleaseConfiguration", "ReleaseBinding", "release-of-another-development", "does not match component release owner")},
			bound: func(c *gitops.Checkout, name, _ string) error {
				return setBindingField("greeter-service-"+time.Now().UTC().Format("20060102")+"-1", "spec", "releaseName")(c, name, "")
			},
		},
		{
			scenario: scenario{name: "bindings-two", fault: "two bindings bind the component to one environment", want: failed("binding", dev, "*", "ReleaseBinding", "*", "")},
			bound:    secondBinding,
		},
		{
			scenario: scenario{name: "rendering-fails", fault: "the binding's componentTypeEnvironmentConfigs do not match the schema", want: failed("binding", dev, "RenderingFailed", "ReleaseBinding", "rendering-fails-development", "environmentConfigs validation failed")},
			bound:    setBindingField(map[string]any{"replicas": "many"}, "spec", "componentTypeEnvironmentConfigs"),
		},
		{
			scenario: scenario{name: "secret-reference-absent", fault: "the Workload takes a value from a SecretReference that does not exist", want: failed("binding", dev, "SecretReferenceNotUsable", "SecretReference", "ghost", `SecretReference "ghost"`)},
			declare:  secretEnv("ghost", "password"),
		},
		{
			scenario: scenario{name: "secret-reference-key", fault: "the Workload asks a SecretReference for a key that it does not have", want: failed("binding", dev, "SecretReferenceNotUsable", "SecretReference", "vault-items", "available keys")},
			declare: func(c *gitops.Checkout, name string) error {
				if err := secretEnv("vault-items", "password")(c, name); err != nil {
					return err
				}
				return c.Write(filepath.Join(c.ComponentDir(name), "secret-reference.yaml"),
					"apiVersion: openchoreo.dev/v1alpha1\nkind: SecretReference\nmetadata: {name: vault-items, namespace: "+c.Options.Namespace+"}\nspec: {template: {type: Opaque}, data: [{secretKey: token, remoteRef: {key: items, property: token}}]}\n")
			},
		},
		{
			scenario: scenario{name: "override-ignored", fault: "the binding configures a trait that the release does not have", want: healthyWith("OverrideIgnored")},
			bound:    setBindingField(map[string]any{"ghost": map[string]any{"level": "high"}}, "spec", "traitEnvironmentConfigs"),
		},
		{
			scenario: scenario{name: "resource-dependency-absent", fault: "the Workload depends on a Resource that does not exist", timeout: 5 * time.Minute, want: failed("binding", dev, "ResourceDependenciesPending", "Resource", "ghost", "ResourceReleaseBinding not found")},
			declare:  setField("workload.yaml", map[string]any{"resources": []any{map[string]any{"ref": "ghost", "envBindings": map[string]any{"host": "DB_HOST"}}}}, "spec", "dependencies"),
		},
	}
}

// brokenRenderings have faults in the rendered objects, or objects that were changed later.
func brokenRenderings() []fleetCase {
	const dev = "development"
	return []fleetCase{
		{
			scenario: scenario{name: "plane-without-definition", fault: "the type renders a kind whose CustomResourceDefinition is not on the plane", want: failed("rendered", dev, "ApplyFailed", "RenderedRelease", "plane-without-definition-development", "gizmo")},
			kind:     "deployment/gizmo",
		},
		{
			scenario: scenario{name: "rendered-invalid", fault: "the type renders a Service that the API server refuses", want: failed("rendered", dev, "ApplyFailed", "RenderedRelease", "rendered-invalid-development", "is invalid")},
			kind:     "deployment/bad-port",
		},
		{
			scenario: scenario{name: "rendered-immutable", fix: []string{"kubectl delete jobs", "kubectl annotate renderedrelease"}, fault: "a new release changes a field of a Job that cannot be changed", want: failed("rendered", dev, "ApplyFailed", "RenderedRelease", "rendered-immutable-development", "field is immutable")},
			kind:     "job/one-off", then: newImage("development"),
		},
		{
			scenario: scenario{name: "deployment-deleted", fix: []string{"kubectl choreo reconcile"}, fault: "somebody deletes the Deployment on the plane", want: failed("resource", dev, "ResourceNotFound", "Deployment", "*", "does not exist on the data plane")},
			then:     deletedByHand, recovers: true,
		},
		{
			scenario: scenario{name: "deployment-scaled-by-hand", fix: []string{"kubectl annotate renderedreleases"}, fault: "somebody scales the Deployment on the plane", want: healthyWith("ResourceDrift")},
			then:     scaledByHand,
		},
		{
			scenario: scenario{name: "field-set-by-hand", fault: "somebody changes a field of the ReleaseBinding that Git does not set", want: healthyWith("FieldDrift")},
			then: func(ctx context.Context, n *tenant, name string) error {
				return shared.lab.Patch(ctx, n.Choreo("ReleaseBinding", name+"-development"), `{"spec":{"componentTypeEnvironmentConfigs":{"replicas":1}}}`)
			},
		},
		{
			scenario: scenario{name: "reconcile-disabled", fix: []string{"kubectl annotate"}, fault: "the Component bears the annotation that makes Flux leave it alone", want: healthyWith("ReconcileDisabled")},
			then: func(ctx context.Context, n *tenant, name string) error {
				return shared.lab.Patch(ctx, n.Choreo("Component", name), `{"metadata":{"annotations":{"kustomize.toolkit.fluxcd.io/reconcile":"disabled"}}}`)
			},
		},
	}
}

func secondBinding(c *gitops.Checkout, name, release string) error {
	if err := c.Bind(name, "development-again", release); err != nil {
		return err
	}
	return c.Set(c.BindingFile(name, "development-again"), "development", "spec", "environment")
}

func secretEnv(reference, key string) func(*gitops.Checkout, string) error {
	return setField("workload.yaml", []any{map[string]any{
		"key": "PASSWORD", "valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": reference, "key": key}},
	}}, "spec", "container", "env")
}

// newImage releases the component with another image, after its first release is applied to the plane.
func newImage(environment string) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		if err := n.waitForResourcesApplied(ctx, name, environment); err != nil {
			return err
		}
		_, err := n.Commit(ctx, "release "+name+" 1.0.1", func(c *gitops.Checkout) error {
			_, err := c.Release(name, "1.0.1", environment)
			return err
		})
		return err
	}
}

// deletedByHand deletes the Deployment when the next poll of OpenChoreo, which would recreate it, is minutes away.
func deletedByHand(ctx context.Context, n *tenant, name string) error {
	if err := n.waitForLongPoll(ctx, name); err != nil {
		return err
	}
	deployment, err := n.renderedObject(ctx, name, "development", deploymentKind())
	if err != nil {
		return err
	}
	return shared.lab.Delete(ctx, deployment)
}

func scaledByHand(ctx context.Context, n *tenant, name string) error {
	if err := n.waitForLongPoll(ctx, name); err != nil {
		return err
	}
	deployment, err := n.renderedObject(ctx, name, "development", deploymentKind())
	if err != nil {
		return err
	}
	return shared.lab.Patch(ctx, deployment, `{"spec":{"replicas":2}}`)
}

// waitForLongPoll waits until the binding is Ready: OpenChoreo then polls the plane every five minutes instead of every ten seconds
// (openchoreo v1.2.3 internal/controller/renderedrelease/controller.go).
func (n *tenant) waitForLongPoll(ctx context.Context, name string) error {
	return shared.lab.WaitFor(ctx, n.Choreo("ReleaseBinding", name+"-development"), func(u *unstructured.Unstructured) error {
		return client.HasCondition(u, "Ready", "True", "")
	})
}
