package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// brokenKustomizations break a Kustomization that has already applied the component.
func brokenKustomizations() []deliveryCase {
	fails := func(name, fault, code, message string, then func(context.Context, *tenant, string) error) deliveryCase {
		return deliveryCase{
			scenario: scenario{name: name, fault: fault, want: failed("delivery", "", code, "Kustomization", "oc-TENANT-"+name, message)},
			then:     then,
		}
	}
	warns := func(name, fault, code string, then func(context.Context, *tenant, string) error) deliveryCase {
		return deliveryCase{scenario: scenario{name: name, fault: fault, want: healthyWith(code)}, then: then}
	}
	health := fails("health-check-fails", "a new image does not exist, and the Kustomization waits for health", "", "", healthCheck)
	health.want = withFinding(pod("ImagePullBackOff", "Failed to pull image"), "HealthCheckFailed")
	cycle := fails("dependency-cycle", "the Kustomization depends on itself", "DependencyCycle", "oc-TENANT-dependency-cycle → oc-TENANT-dependency-cycle", dependsOnItself)
	cycle.ownSource = true // a cycle stops the events of its source for all Kustomizations that use it
	notFound := fails("dependency-absent", "the Kustomization depends on one that does not exist", "KustomizationNotFound", "does not exist", patchKustomization(`{"spec":{"dependsOn":[{"name":"ghost"}]}}`))
	unset := fails("variable-substitution", "variables are substituted in a ComponentRelease, which has ${expressions} of its own", "KustomizationPostBuildFailed", "post build failed for 'ComponentRelease", addVariable(`{"spec":{"postBuild":{"substitute":{"other":"x"}}}}`))
	artifact := fails("artifact-absent", "the Kustomization names a source that does not exist", "", "", patchKustomization(`{"spec":{"sourceRef":{"name":"ghost"}}}`))
	artifact.want = withFinding(failed("source", "", "SourceNotFound", "GitRepository", "ghost", "does not exist"), "KustomizationArtifactFailed")
	notFound.want.object = "ghost"
	unsubstituted := warns("variable-not-substituted", "a variable is to come from a ConfigMap that is optional and missing", "VariableNotSubstituted", addVariable(`{"spec":{"postBuild":{"substituteFrom":[{"kind":"ConfigMap","name":"ghost","optional":true}]}}}`))
	unsubstituted.want = outdated("VariableNotSubstituted") // the Workload differs from the released one
	return []deliveryCase{
		health, cycle, notFound, unset,
		fails("path-absent", "the path of the Kustomization does not exist", "KustomizationPathNotFound", "path not found", patchKustomization(`{"spec":{"path":"./ghost"}}`)),
		fails("applier-without-rights", "the service account of the Kustomization may do nothing", "KustomizationDryRunFailed", "forbidden", patchKustomization(`{"spec":{"serviceAccountName":"nobody"}}`)),
		fails("prune-fails", "the service account of the Kustomization may not delete what left Git", "KustomizationPruneFailed", "delete", pruneForbidden),
		fails("expression-invalid", "a healthCheckExpr of the Kustomization cannot be parsed", "KustomizationStalled", "", patchKustomization(`{"spec":{"wait":true,"healthCheckExprs":[{"apiVersion":"v1","kind":"ConfigMap","current":"((("}]}}`)),
		fails("definition-absent", "a file beside the component's is of a kind that the cluster does not know", "KustomizationDryRunFailed", "no matches for kind", addFile("apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: one, namespace: TENANT}\n")),
		fails("blocked-by-another", "a file of another component is refused", "KustomizationDryRunFailed", "field not declared in schema", addFile("apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: neighbour, namespace: TENANT}\nspec: {colour: red, owner: {projectName: demo}, componentType: {kind: ClusterComponentType, name: deployment/worker}}\n")),
		fails("field-immutable", "a commit changes a field that cannot be changed", "KustomizationDryRunFailed", "is immutable", commitChange("move to staging", func(c *gitops.Checkout, dir string) error {
			return c.Set(filepath.Join(dir, "release-bindings", "field-immutable-development.yaml"), "staging", "spec", "environment")
		})),
		fails("kustomization-emptied", "a commit adds a kustomization.yaml that lists nothing", "KustomizationEmpty", "which has no objects", commitChange("tidy up", func(c *gitops.Checkout, dir string) error {
			return c.Write(filepath.Join(dir, "kustomization.yaml"), "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n")
		})),
		fails("kustomization-deleted", "somebody deletes the Kustomization and leaves what it applied", "KustomizationNotFound", "does not exist", deletedKustomization),
		artifact,
		warns("kustomization-forced", "the Kustomization has spec.force", "KustomizationForce", patchKustomization(`{"spec":{"force":true}}`)),
		warns("applied-twice", "two Kustomizations apply the same files", "TwoOwners", secondApplier),
		warns("left-behind", "a binding leaves Git while prune is off", "NotInInventory", removeUnpruned),
		unsubstituted,
	}
}

// addFile commits an additional file to the component's folder.
func addFile(text string) func(context.Context, *tenant, string) error {
	return commitChange("add a file", func(c *gitops.Checkout, dir string) error {
		return c.Write(filepath.Join(dir, "extra.yaml"), inTenant(text, c.Options.Namespace))
	})
}

// addVariable commits a file with a variable, and configures the substitution.
func addVariable(patch string) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		if err := patchKustomization(patch)(ctx, n, name); err != nil {
			return err
		}
		return commitChange("greet somebody", func(c *gitops.Checkout, dir string) error {
			return c.Set(filepath.Join(dir, "workload.yaml"), []any{"--greeting=${GHOST}"}, "spec", "container", "args")
		})(ctx, n, name)
	}
}

func healthCheck(ctx context.Context, n *tenant, name string) error {
	if err := commitChange("release an image that does not exist", func(c *gitops.Checkout, dir string) error {
		files, err := filepath.Glob(filepath.Join(c.Dir, dir, "releases", "*.yaml"))
		if err != nil || len(files) != 1 {
			return fmt.Errorf("find the release: %v, %w", files, err)
		}
		text, err := os.ReadFile(files[0])
		if err != nil {
			return err
		}
		old := strings.TrimSuffix(filepath.Base(files[0]), ".yaml")
		next := old[:len(old)-1] + "2"
		changed := strings.NewReplacer(old, next, ":1.0.0", ":missing").Replace(string(text))
		if err := c.Write(filepath.Join(dir, "releases", next+".yaml"), changed); err != nil {
			return err
		}
		return c.Set(filepath.Join(dir, "release-bindings", name+"-development.yaml"), next, "spec", "releaseName")
	})(ctx, n, name); err != nil {
		return err
	}
	// The binding remains Ready for a moment. The health check would pass, and not run again.
	scenario{name: name, namespace: n.Namespace, component: name, timeout: defaultTimeout, want: pod("ImagePullBackOff", "Failed to pull image")}.await(ctx, n.t, n)
	return patchKustomization(`{"spec":{"wait":true,"timeout":"10s"}}`)(ctx, n, name)
}

func dependsOnItself(ctx context.Context, n *tenant, name string) error {
	if err := patchKustomization(fmt.Sprintf(`{"spec":{"dependsOn":[{"name":%q}]}}`, n.Kustomization(name).Name))(ctx, n, name); err != nil {
		return err
	}
	return addFile("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra-"+name+", namespace: TENANT}\n")(ctx, n, name)
}

// pruneForbidden gives the Kustomization a service account that must not delete, and removes a file from Git.
func pruneForbidden(ctx context.Context, n *tenant, name string) error {
	if err := shared.lab.Apply(ctx, "", `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: no-delete}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch, create, update, patch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: no-delete}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: no-delete}
subjects: [{kind: ServiceAccount, name: no-delete, namespace: flux-system}]
`); err != nil {
		return err
	}
	if err := addFile("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra-prune, namespace: TENANT}\n")(ctx, n, name); err != nil {
		return err
	}
	cm := n.Choreo("ConfigMap", "extra-prune")
	cm.Kind.Group = ""
	if err := shared.lab.WaitFor(ctx, cm, exists); err != nil {
		return err
	}
	if err := patchKustomization(`{"spec":{"serviceAccountName":"no-delete"}}`)(ctx, n, name); err != nil {
		return err
	}
	return commitChange("take the file away", func(c *gitops.Checkout, dir string) error { return c.Remove(filepath.Join(dir, "extra.yaml")) })(ctx, n, name)
}

func deletedKustomization(ctx context.Context, n *tenant, name string) error {
	if err := patchKustomization(`{"spec":{"deletionPolicy":"Orphan"}}`)(ctx, n, name); err != nil {
		return err
	}
	return shared.lab.Delete(ctx, n.Kustomization(name))
}

func secondApplier(ctx context.Context, n *tenant, name string) error {
	second := deliveryCase{scenario: scenario{name: name}}
	return shared.lab.Apply(ctx, "", strings.Replace(second.flux(n), n.Prefix+"-"+name+",", n.Prefix+"-"+name+"-again,", 1))
}

func removeUnpruned(ctx context.Context, n *tenant, name string) error {
	if err := patchKustomization(`{"spec":{"prune":false}}`)(ctx, n, name); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	return commitChange("leave development", func(c *gitops.Checkout, dir string) error {
		return c.Remove(filepath.Join(dir, "release-bindings"))
	})(ctx, n, name)
}
