package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// writeEnvironments adds environments to the fleet's tenant, each with one fault in its cell or plane.
func writeEnvironments(c *gitops.Checkout) error {
	planes := map[string]string{"unpinned": "default", "doubled": "default", "emptied": "default", "revived": "default", "crowded": "default", "strict": "default", "expired": "fleet-expired", "edited": "fleet-edited"}
	var environments []string
	for name, plane := range planes {
		environments = append(environments, fmt.Sprintf("apiVersion: openchoreo.dev/v1alpha1\nkind: Environment\nmetadata: {name: %s, namespace: %s}\nspec: {dataPlaneRef: {kind: ClusterDataPlane, name: %s}}\n", name, c.Options.Namespace, plane))
		release := ""
		if name == "unpinned" {
			release = ", projectRelease: ghost"
		}
		if err := writeCell(c, name, name, release); err != nil {
			return err
		}
	}
	if err := writeCell(c, "doubled-again", "doubled", ""); err != nil {
		return err
	}
	return c.Write(filepath.Join("namespaces", c.Options.Namespace, "platform", "fleet.yaml"), strings.Join(environments, "---\n"))
}

func writeCell(c *gitops.Checkout, file, environment, more string) error {
	return c.Write(filepath.Join(c.ProjectDir(), "project-release-bindings", file+".yaml"), fmt.Sprintf(
		"apiVersion: openchoreo.dev/v1alpha1\nkind: ProjectReleaseBinding\nmetadata: {name: %[1]s-%[2]s, namespace: %[3]s}\nspec: {owner: {projectName: %[1]s}, environment: %[4]s%[5]s}\n",
		c.Options.Project, file, c.Options.Namespace, environment, more))
}

// brokenEnvironments have faults in the environment, its data plane or the project's cell.
func brokenEnvironments() []fleetCase {
	at := func(environment string, b fleetCase) fleetCase {
		b.environments = []string{environment}
		b.kind = "deployment/plain"
		return b
	}
	return []fleetCase{
		at("unpinned", fleetCase{scenario: scenario{name: "project-release-absent", fault: "the ProjectReleaseBinding pins a ProjectRelease that does not exist", want: failed("cell", "unpinned", "ProjectReleaseNotFound", "ProjectReleaseBinding", "demo-unpinned", "ghost")}}),
		at("doubled", fleetCase{scenario: scenario{name: "cells-two", fault: "two ProjectReleaseBindings bind the project to one environment", want: failed("cell", "doubled", "MultipleProjectReleaseBindings", "ProjectReleaseBinding", "*", "both bind")}}),
		at("emptied", fleetCase{scenario: scenario{name: "cell-namespace-deleted", fix: []string{"kubectl choreo reconcile"}, fault: "somebody deletes the cell's namespace on the plane", want: failed("cell", "emptied", "CellNamespaceNotFound", "Namespace", "*", "does not exist on the data plane")}, then: deleteCell("emptied")}),
		at("revived", fleetCase{scenario: scenario{name: "apply-failed-stale", fix: []string{"kubectl choreo reconcile"}, fault: "the cell's namespace was deleted and has come back, while OpenChoreo backs off from applying into it", want: failed("rendered", "revived", "StaleApplyFailed", "RenderedRelease", "apply-failed-stale-revived", "not found")}, then: recreateCell, recovers: true}),
		at("crowded", fleetCase{scenario: scenario{name: "pods-over-quota", fault: "a ResourceQuota of the cell allows no more pods", want: failed("resource", "crowded", "PodsRefused", "Deployment", "*", "exceeded quota")}, then: exceedQuota}),
		at("strict", fleetCase{scenario: scenario{name: "pods-against-policy", fault: "the cell's namespace enforces a PodSecurity level that the pods do not meet", want: failed("resource", "strict", "PodsRefused", "Deployment", "*", "violates PodSecurity")}, then: enforcePodSecurity}),
		at("expired", fleetCase{scenario: scenario{name: "agent-certificate-expired", fault: "the agent's certificate in the plane has ended", want: failed("environment", "expired", "AgentCertificateExpired", "ClusterDataPlane", "fleet-expired", "expired at")}}),
		at("edited", fleetCase{scenario: scenario{name: "plane-edited", fault: "somebody edits the ClusterDataPlane", want: healthyWith("PlaneGenerationNotObserved")}, then: func(ctx context.Context, _ *tenant, _ string) error {
			return shared.lab.Patch(ctx, clusterDataPlane("fleet-edited"), `{"spec":{"gateway":{"ingress":{"external":{"http":{"port":19081}}}}}}`)
		}}),
		{
			scenario:  scenario{name: "never-bound", fault: "nothing binds the component, and the pipeline names an environment that does not exist", want: withFinding(failed("binding", "development", "ReleaseBindingNotFound", "ReleaseBinding", "", "no ReleaseBinding binds never-bound"), "PipelineEnvironmentNotFound")},
			noRelease: true, declare: projectWithoutEnvironment,
		},
	}
}

func clusterDataPlane(name string) client.Object {
	o := client.Object{Name: name}
	o.Kind.Group, o.Kind.Kind = "openchoreo.dev", "ClusterDataPlane"
	return o
}

func projectWithoutEnvironment(c *gitops.Checkout, name string) error {
	text := fmt.Sprintf("apiVersion: openchoreo.dev/v1alpha1\nkind: DeploymentPipeline\nmetadata: {name: lunar, namespace: %s}\nspec: {promotionPaths: [{sourceEnvironmentRef: {name: development}, targetEnvironmentRefs: [{name: moon}]}]}\n", c.Options.Namespace)
	if err := c.Write(filepath.Join(c.ComponentDir(name), "pipeline.yaml"), text); err != nil {
		return err
	}
	return inProject(c, name, "lunar", "spec: {deploymentPipelineRef: {name: lunar}, type: {kind: ClusterProjectType, name: default}}\n")
}

// addPlanes creates the data planes of the fleet's environments: one with an expired agent certificate, and one with a separate agent
// that a test edits.
func addPlanes(ctx context.Context) error {
	expired, err := expiredCertificate()
	if err != nil {
		return err
	}
	if err := shared.lab.Apply(ctx, "", fmt.Sprintf("apiVersion: openchoreo.dev/v1alpha1\nkind: ClusterDataPlane\nmetadata: {name: fleet-expired}\nspec: {planeID: fleet-expired, clusterAgent: {clientCA: {value: %q}}}\n", expired)); err != nil {
		return err
	}
	return shared.lab.StartAgent(ctx, "fleet-edited", "")
}

// expiredCertificate returns a certificate that expired an hour ago.
func expiredCertificate() (string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "agent"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), nil
}

// cellOf waits for the namespace of the project in an environment.
func (n *tenant) cellOf(ctx context.Context, environment string) (client.Object, error) {
	cell := client.Object{}
	cell.Kind.Kind = "Namespace"
	err := shared.lab.WaitFor(ctx, n.Choreo("ProjectReleaseBinding", n.Project+"-"+environment), func(u *unstructured.Unstructured) error {
		if u != nil {
			cell.Name, _, _ = unstructured.NestedString(u.Object, "status", "namespace")
		}
		if cell.Name == "" {
			return fmt.Errorf("status.namespace is not set")
		}
		return client.HasCondition(u, "Ready", "True", "")
	})
	return cell, err
}

// waitForResourcesApplied waits until the component's objects are applied to the plane.
func (n *tenant) waitForResourcesApplied(ctx context.Context, name, environment string) error {
	return shared.lab.WaitFor(ctx, n.Choreo("RenderedRelease", name+"-"+environment), func(u *unstructured.Unstructured) error {
		return client.HasCondition(u, "ResourcesApplied", "True", "")
	})
}

func deleteCell(environment string) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		if err := n.waitForResourcesApplied(ctx, name, environment); err != nil {
			return err
		}
		cell, err := n.cellOf(ctx, environment)
		if err != nil {
			return err
		}
		return shared.lab.Delete(ctx, cell)
	}
}

// backOff is how long the apply fails before the fix. Retries back off exponentially, so the next retry is then as long away
// (controller-runtime v0.24 pkg/controller: 5 ms, doubled).
const backOff = 90 * time.Second

// recreateCell recreates the namespace of the cell after the apply of the RenderedRelease has failed for backOff.
func recreateCell(ctx context.Context, n *tenant, name string) error {
	for err := errors.New("not yet"); err != nil; {
		if ctx.Err() != nil {
			return fmt.Errorf("make the apply fail: %w", err)
		}
		err = n.failApply(ctx, name, "revived")
	}
	select {
	case <-time.After(backOff):
	case <-ctx.Done():
		return ctx.Err()
	}
	_, err := shared.lab.Kubectl(ctx, "", "", "-n", n.Namespace, "annotate", "renderedreleases.openchoreo.dev",
		"-l", "openchoreo.dev/environment=revived,!openchoreo.dev/component", "--overwrite", fmt.Sprintf("kubectl-choreo.dev/requestedAt=%d", time.Now().UnixNano()))
	return err
}

// failApply makes OpenChoreo apply into a deleted cell. It fails if OpenChoreo's poll recreates the cell first.
func (n *tenant) failApply(ctx context.Context, name, environment string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cell, err := n.cellOf(ctx, environment)
	if err != nil {
		return err
	}
	if err := deleteCell(environment)(ctx, n, name); err != nil {
		return err
	}
	if err := shared.lab.WaitFor(ctx, cell, isDeleted); err != nil {
		return err
	}
	rendered := n.Choreo("RenderedRelease", name+"-"+environment)
	if err := shared.lab.Patch(ctx, rendered, fmt.Sprintf(`{"metadata":{"annotations":{"kubectl-choreo.dev/requestedAt":%q}}}`, time.Now())); err != nil {
		return err
	}
	return shared.lab.WaitFor(ctx, rendered, func(u *unstructured.Unstructured) error {
		return client.HasCondition(u, "ResourcesApplied", "False", "")
	})
}

func exceedQuota(ctx context.Context, n *tenant, name string) error {
	return n.refusePods(ctx, name, "crowded", func(cell string) error {
		return shared.lab.Apply(ctx, "", fmt.Sprintf("apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: pods, namespace: %s}\nspec: {hard: {pods: \"0\"}}\n", cell))
	})
}

func enforcePodSecurity(ctx context.Context, n *tenant, name string) error {
	return n.refusePods(ctx, name, "strict", func(cell string) error {
		_, err := shared.lab.Kubectl(ctx, "", "", "label", "namespace", cell, "pod-security.kubernetes.io/enforce=restricted")
		return err
	})
}

// refusePods forbids pods in a cell and deletes the existing ones.
func (n *tenant) refusePods(ctx context.Context, name, environment string, forbid func(cell string) error) error {
	if err := n.waitForResourcesApplied(ctx, name, environment); err != nil {
		return err
	}
	cell, err := n.cellOf(ctx, environment)
	if err != nil {
		return err
	}
	if err := forbid(cell.Name); err != nil {
		return err
	}
	_, err = shared.lab.Kubectl(ctx, "", "", "-n", cell.Name, "delete", "pods", "--all", "--wait=false")
	return err
}
