package flux_test

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// explained is the finding that a message of kustomize-controller is explained by. The messages are its own, seen in the lab.
type explained struct {
	reason, message string
	code            trace.Code
	said, hint      string
}

func checkExplained(t *testing.T, cases map[string]explained) {
	t.Helper()
	w := assesstest.Healthy(t)
	v := w.Component()
	for name, c := range cases {
		got := flux.Explain(v, c.reason, c.message)
		if got.Code != c.code || !strings.Contains(got.Message, c.said) || !strings.Contains(got.Hint, c.hint) {
			t.Errorf("%s: %s %q, hint %q", name, got.Code, got.Message, got.Hint)
		}
		if strings.Contains(got.Message, "/tmp/") {
			t.Errorf("%s: the controller's own folder is left in %q", name, got.Message)
		}
	}
}

// TestExplainApply covers objects that the API server refuses.
func TestExplainApply(t *testing.T) {
	t.Parallel()
	checkExplained(t, map[string]explained{
		"Immutable": {
			"ReconciliationFailed", `ComponentRelease/healthy/other-20261121-1 dry-run failed (Invalid): ComponentRelease.openchoreo.dev "other-20261121-1" is invalid: spec.workload: Invalid value: spec.workload is immutable`,
			trace.CodeKustomizationDryRunFailed, "spec.workload is immutable", "blocked by ComponentRelease healthy/other-20261121-1",
		},
		"OurOwnFile": {
			"ReconciliationFailed", "Component/healthy/greeter-service dry-run failed: failed to create typed patch object (healthy/greeter-service; openchoreo.dev/v1alpha1, Kind=Component): .spec.replicaz: field not declared in schema",
			trace.CodeKustomizationDryRunFailed, ".spec.replicaz", "Component healthy/greeter-service is rejected",
		},
		"InvalidName": {
			"ReconciliationFailed", `Component/healthy/greeter/service dry-run failed: invalid resource name "greeter/service": [may not contain '/']`,
			trace.CodeKustomizationDryRunFailed, "invalid resource name", "blocked by Component healthy/greeter/service",
		},
		"InvalidNameOfAClusterObject": {
			"ReconciliationFailed", `Environment/50% dry-run failed: invalid resource name "50%": [may not contain '%']`,
			trace.CodeKustomizationDryRunFailed, "invalid resource name", "blocked by Environment 50%",
		},
		"InvalidNamespace": {
			"ReconciliationFailed", `Component/Shop/x dry-run failed: invalid namespace "Shop": no`,
			trace.CodeKustomizationDryRunFailed, "invalid namespace", "blocked by Component Shop/x",
		},
		"NameWithSpaces": {
			"ReconciliationFailed", `Component/healthy/greeter service dry-run failed (Invalid): Component.openchoreo.dev "greeter service" is invalid: metadata.name: Invalid value`,
			trace.CodeKustomizationDryRunFailed, "metadata.name", "blocked by Component healthy/greeter service",
		},
		"NoObject": {
			"ReconciliationFailed", `dry-run failed: invalid resource name "a/b": [may not contain '/']`,
			trace.CodeKustomizationDryRunFailed, "invalid resource name", "",
		},
		"NoObjectWithAReason": {
			"ReconciliationFailed", `dry-run failed (Forbidden): no`,
			trace.CodeKustomizationDryRunFailed, "Forbidden", "",
		},
		"NamespaceMissing": {
			"ReconciliationFailed", `Component/shop/x not found: namespaces "shop" not found`,
			trace.CodeKustomizationApplyFailed, "namespaces", "blocked by Component shop/x",
		},
		"PartlyApplied": {
			"ReconciliationFailed", "Component/shop/x apply failed: no\nNamespace/shop created",
			trace.CodeKustomizationApplyFailed, "no", "were applied before",
		},
	})
}

// TestExplain covers all other reasons.
func TestExplain(t *testing.T) {
	t.Parallel()
	checkExplained(t, map[string]explained{
		"Yaml": {
			"BuildFailed", "failed to decode Kubernetes YAML from /tmp/kustomization-1376696188/namespaces/default/projects/demo/components/greeter-service/workload.yaml: MalformedYAMLError: yaml: line 13: did not find expected ',' or ']'",
			trace.CodeKustomizationBuildFailed, "from namespaces/default/projects/demo/components/greeter-service/workload.yaml:", "the file is namespaces/default/projects/demo/components/greeter-service/workload.yaml",
		},
		"WrongKey": {
			"BuildFailed", "decryption failed for 'Secret.v1.[noGrp]/login': failed to decrypt and format 'shop/login' Secret data: cannot get sops data key: Failed to get the data key required to decrypt the SOPS file....",
			trace.CodeKustomizationBuildFailed, "cannot get sops data key", "the file is encrypted for other keys",
		},
		"NoSecretWithTheKey": {
			"BuildFailed", `secrets "login-age" not found`,
			trace.CodeKustomizationBuildFailed, "login-age", "the Secret in spec.decryption.secretRef does not exist",
		},
		"Tampered": {
			"BuildFailed", "decryption failed for 'Secret.v1.[noGrp]/login': failed to decrypt and format 'shop/login' Secret data: error decrypting sops tree: Error walking tree: Could not decrypt value: Could not decrypt with AES_GCM: cipher: message authentication failed",
			trace.CodeKustomizationBuildFailed, "message authentication failed", "changed without sops",
		},
		"Twice": {
			"BuildFailed", "kustomize build failed: accumulating resources: accumulation err='merging resources from './demo/components/greeter-service/workload.yaml': may not add resource with an already registered id: Workload.v1alpha1.openchoreo.dev/greeter-service-workload.default': must build at directory: /tmp/kustomization-1/namespaces",
			trace.CodeKustomizationBuildFailed, "already registered id", "/demo/components/greeter-service/workload.yaml",
		},
		"HealthCheck": {
			"HealthCheckFailed", "health check failed after 4m30s: timeout waiting for: [ReleaseBinding/default/x status: 'InProgress', Component/default/y status: 'NotFound']",
			trace.CodeHealthCheckFailed, "timeout waiting", "ReleaseBinding default/x is InProgress, Component default/y is NotFound",
		},
		"PathMissing": {
			"ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-9/apps: no such file or directory",
			trace.CodeKustomizationPathNotFound, "stat apps:", "",
		},
		"SomethingNew": {"BrandNewReason", "words", trace.CodeKustomizationApplyFailed, "words", ""},
	})
}
