package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

func inTenant(s, namespace string) string { return suite.InTenant(s, namespace) }

func contains(s, part string) bool { return strings.Contains(s, part) }

// commit pushes an edit that injects a fault.
func commit(message string, edit func(c *gitops.Checkout) error) func(context.Context, *tenant) error {
	return func(ctx context.Context, n *tenant) error {
		_, err := n.Commit(ctx, message, edit)
		return err
	}
}

// image releases greeter-service with another tag, which selects the behavior of its pods.
func image(tag string) func(context.Context, *tenant) error {
	return commit("release greeter-service "+tag, func(c *gitops.Checkout) error {
		_, err := c.Release("greeter-service", tag, "development")
		return err
	})
}

func TestFaults(t *testing.T) {
	t.Parallel()
	exporter := exportFleet(t)
	for _, s := range scenarios() {
		s.exporter = exporter
		t.Run(s.name, s.run)
	}
}

func scenarios() []scenario {
	all := []scenario{{name: "healthy", want: want{exit: 0, verdict: "Healthy"}}}
	all = append(all, fluxFaults()...)
	all = append(all, declaredFaults()...)
	all = append(all, environmentFaults()...)
	return append(all, podFaults()...)
}

func fluxFaults() []scenario {
	projects := func(code, message string) want {
		return want{exit: 2, verdict: "Failed", rung: "delivery", code: code, kind: "Kustomization", object: "oc-TENANT-projects", message: message}
	}
	return []scenario{
		{
			name: "source-cannot-fetch",
			inject: func(ctx context.Context, n *tenant) error {
				if err := n.HideRepo(); err != nil {
					return err
				}
				return shared.lab.RequestReconcile(ctx, n.Source(), "e2e")
			},
			want: want{exit: 2, verdict: "Failed", rung: "source", code: "SourceFetchFailed", kind: "GitRepository", object: "oc-TENANT", message: "unable to list remote"},
		},
		{
			name: "kustomization-build-fails",
			inject: commit("change the port of greeter-service", func(c *gitops.Checkout) error {
				return c.Write(filepath.Join(c.ComponentDir("greeter-service"), "workload.yaml"), "spec:\n  endpoints: {http: {port: [9090}\n")
			}),
			want: projects("KustomizationBuildFailed", "components/greeter-service/workload.yaml: MalformedYAMLError"),
		},
		{
			name: "kustomization-dry-run-fails",
			inject: commit("scale greeter-service", func(c *gitops.Checkout) error {
				return c.Set(filepath.Join(c.ComponentDir("greeter-service"), "component.yaml"), int64(3), "spec", "replicaz")
			}),
			want: projects("KustomizationDryRunFailed", ".spec.replicaz: field not declared in schema"),
		},
		{
			name: "dependency-fails",
			inject: commit("add an environment", func(c *gitops.Checkout) error {
				return c.Write(filepath.Join("namespaces", c.Options.Namespace, "platform", "qa.yaml"), "apiVersion: openchoreo.dev/v1alpha1\nkind: [Environment\n")
			}),
			want: want{exit: 2, verdict: "Failed", rung: "delivery", code: "KustomizationBuildFailed", kind: "Kustomization", object: "oc-TENANT-platform", message: "platform/qa.yaml"},
		},
		{
			name: "dependency-waits", fix: []string{"kubectl choreo reconcile"}, inject: image("1.0.1"),
			want: want{exit: 3, verdict: "Progressing", progressing: "delivery"},
		},
		{
			name: "dependency-suspended", fix: []string{"flux resume"},
			inject: whileSuspended("platform"),
			want:   want{exit: 2, verdict: "Failed", rung: "delivery", code: "KustomizationSuspended", kind: "Kustomization", object: "oc-TENANT-platform", message: "spec.suspend is true"},
		},
		{
			name: "kustomization-suspended", fix: []string{"flux resume"},
			inject: whileSuspended("projects"),
			want:   projects("KustomizationSuspended", "spec.suspend is true"),
		},
	}
}

// whileSuspended commits an image while a Kustomization is suspended.
func whileSuspended(kustomization string) func(ctx context.Context, n *tenant) error {
	return func(ctx context.Context, n *tenant) error {
		if err := shared.lab.Patch(ctx, n.Kustomization(kustomization), `{"spec":{"suspend":true}}`); err != nil {
			return err
		}
		return image("1.0.1")(ctx, n)
	}
}

func declaredFaults() []scenario {
	return []scenario{
		{
			name: "component-deleted", fix: []string{"kubectl choreo reconcile"},
			inject: func(ctx context.Context, n *tenant) error {
				return shared.lab.Delete(ctx, n.Choreo("Component", "greeter-service"))
			},
			want: want{exit: 2, verdict: "Failed", rung: "component", code: "AppliedButAbsent", kind: "Component", object: "greeter-service", message: "although Kustomization oc-TENANT-projects lists it as applied"},
		},
		{
			name: "workload-absent",
			inject: commit("tidy up", func(c *gitops.Checkout) error {
				return c.Remove(filepath.Join(c.ComponentDir("greeter-service"), "workload.yaml"))
			}),
			want: want{exit: 2, verdict: "Failed", rung: "workload", code: "WorkloadNotFound", kind: "Workload", message: "no Workload in namespace TENANT has spec.owner.componentName greeter-service"},
		},
		{
			name: "release-absent",
			inject: commit("promote greeter-service", func(c *gitops.Checkout) error {
				return c.Bind("greeter-service", "staging", "greeter-service-20990101-1")
			}),
			want: want{exit: 2, verdict: "Failed", rung: "release", environment: "staging", code: "ComponentReleaseNotFound", kind: "ComponentRelease", object: "greeter-service-20990101-1", message: "does not exist"},
		},
		{
			name: "release-stale-not-found", fix: []string{"kubectl choreo reconcile"}, inject: bindBeforeRelease,
			want: want{exit: 2, verdict: "Failed", rung: "binding", environment: "staging", code: "StaleNotFound", kind: "ReleaseBinding", object: "greeter-service-staging", message: `not found`},
		},
		{
			name: "binding-undeployed", args: []string{"-e", "staging"},
			inject: commit("take greeter-service off staging", func(c *gitops.Checkout) error {
				return c.Set(c.BindingFile("greeter-service", "staging"), "Undeploy", "spec", "state")
			}),
			want: want{exit: 0, verdict: "Suspended"},
		},
	}
}

// bindBeforeRelease commits a binding, and its release only after OpenChoreo has reported it as not found.
func bindBeforeRelease(ctx context.Context, n *tenant) error {
	var release string
	var kept []byte
	if _, err := n.Commit(ctx, "bind greeter-service to staging", func(c *gitops.Checkout) (err error) {
		if release, err = c.Release("greeter-service", "1.0.1", "staging"); err != nil {
			return err
		}
		file := filepath.Join(c.ComponentDir("greeter-service"), "releases", release+".yaml")
		if kept, err = os.ReadFile(filepath.Join(c.Dir, file)); err != nil {
			return err
		}
		return c.Remove(file)
	}); err != nil {
		return err
	}
	if err := shared.lab.WaitFor(ctx, n.Choreo("ReleaseBinding", "greeter-service-staging"), func(u *unstructured.Unstructured) error {
		return client.HasCondition(u, "ReleaseSynced", "False", "ComponentReleaseNotFound")
	}); err != nil {
		return err
	}
	sha, err := n.Commit(ctx, "add the release of greeter-service", func(c *gitops.Checkout) error {
		return c.Write(filepath.Join(c.ComponentDir("greeter-service"), "releases", release+".yaml"), string(kept))
	})
	if err != nil {
		return err
	}
	return shared.lab.WaitForApplied(ctx, n.Kustomization("projects"), sha)
}

func environmentFaults() []scenario {
	qa := func(plane string) func(*gitops.Checkout) error {
		return func(c *gitops.Checkout) error {
			release, err := c.CutRelease("greeter-service")
			if err != nil {
				release = "greeter-service-" + time.Now().UTC().Format("20060102") + "-1"
			}
			if plane != "" {
				file := filepath.Join("namespaces", c.Options.Namespace, "platform", "qa.yaml")
				if err := c.Write(file, fmt.Sprintf("apiVersion: openchoreo.dev/v1alpha1\nkind: Environment\nmetadata: {name: qa, namespace: %s}\nspec: {dataPlaneRef: {kind: ClusterDataPlane, name: %s}}\n", c.Options.Namespace, plane)); err != nil {
					return err
				}
			}
			return c.Bind("greeter-service", "qa", release)
		}
	}
	return []scenario{
		{
			name: "environment-absent", inject: commit("bind greeter-service to qa", qa("")),
			want: want{exit: 2, verdict: "Failed", rung: "environment", environment: "qa", code: "EnvironmentNotFound", kind: "Environment", object: "qa", message: "does not exist"},
		},
		{
			name: "plane-absent", inject: commit("bind greeter-service to qa", qa("mars")),
			want: want{exit: 2, verdict: "Failed", rung: "environment", environment: "qa", code: "DataPlaneNotFound", kind: "ClusterDataPlane", object: "mars", message: "does not exist"},
		},
		{
			name: "cell-missing",
			inject: commit("bind greeter-service to production", func(c *gitops.Checkout) error {
				return c.Bind("greeter-service", "production", "greeter-service-"+time.Now().UTC().Format("20060102")+"-1")
			}),
			want: want{exit: 2, verdict: "Failed", rung: "cell", environment: "production", code: "ProjectReleaseBindingNotFound", kind: "ProjectReleaseBinding", message: "no ProjectReleaseBinding binds project demo to environment production"},
		},
		{
			name: "agent-disconnected", options: lab.TenantOptions{DataPlane: "own"}, args: []string{"-e", "development"}, timeout: 5 * time.Minute,
			inject: func(ctx context.Context, n *tenant) error { return shared.lab.Stop(ctx, "cluster-agent-"+n.Namespace) },
			want:   want{exit: 2, verdict: "Failed", rung: "environment", environment: "development", code: "AgentDisconnected", kind: "ClusterDataPlane", object: "TENANT"},
		},
		{
			name: "deployment-degraded", component: "hasty",
			inject: commit("add component hasty", func(c *gitops.Checkout) error {
				release, err := c.AddComponent("hasty", "deployment/impatient", "slow")
				if err != nil {
					return err
				}
				return c.Bind("hasty", "development", release)
			}),
			want: want{exit: 2, verdict: "Failed", rung: "resource", environment: "development", code: "DeploymentDegraded", kind: "Deployment", object: "*", message: "has timed out progressing"},
		},
		{
			name: "deployment-progressing", args: []string{"-e", "development"}, inject: image("slow"),
			want: want{exit: 3, verdict: "Progressing", progressing: "development/resource"},
		},
	}
}
