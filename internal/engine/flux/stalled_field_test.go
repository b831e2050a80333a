package flux_test

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// TestSourceField: a source that its controller rejects has the field to correct in its hint. The messages are from source-controller v1.9.3.
func TestSourceField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kind, reason, message, want string }{
		"URL":           {"GitRepository", "URLInvalid", "failed to parse url 'x'", "correct spec.url in Git"},
		"Helm":          {"HelmRepository", "URLInvalid", "invalid Helm repository URL: x", "correct spec.url in Git"},
		"Bucket":        {"Bucket", "URLInvalid", "failed to parse", "correct spec.endpoint in Git"},
		"Tokens":        {"Bucket", "URLInvalid", "failed to parse STS endpoint 'x'", "correct spec.sts.endpoint in Git"},
		"TokenService":  {"Bucket", "InvalidSTSConfiguration", "invalid", "correct spec.sts in Git"},
		"Provider":      {"GitRepository", "InvalidProviderConfiguration", "secretRef with github app data must be specified when provider is set to github", "correct spec.provider or spec.secretRef in Git"},
		"ChartVersion":  {"HelmChart", "InvalidChartReference", "invalid chart reference: failed to get chart version for remote reference: no 'x' chart with version matching 'y' found", "correct spec.chart.spec.chart or spec.chart.spec.version of the HelmRelease in Git"},
		"Chart":         {"HelmChart", "InvalidChartReference", "invalid chart reference: no", "correct spec.chart.spec.chart of the HelmRelease in Git"},
		"Gate":          {"Bucket", "FeatureGateDisabled", "to use spec.serviceAccountName for provider authentication please enable the ObjectLevelWorkloadIdentity feature gate in the controller", "correct spec.serviceAccountName, or enable the feature gate of the controller, in Git"},
		"Other":         {"GitRepository", "Other", "no", "correct its spec in Git"},
		"SecretMissing": {"GitRepository", "AuthenticationFailed", `failed to get secret 'flux-system/ghost': secrets "ghost" not found`, "the Secret that spec.secretRef of the source names does not exist: create it, or correct spec.secretRef.name"},
		"SecretInvalid": {"GitRepository", "AuthenticationFailed", "no key identity in the Secret", "is incomplete, or cannot be read"},
	} {
		condition := kinds.Condition{Type: "Stalled", Reason: c.reason, Message: c.message}
		if c.reason == "AuthenticationFailed" {
			condition.Type = "FetchFailed"
		}
		if got := flux.SourceFault(c.kind, condition).Hint; !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestStalledField: a Kustomization that its controller rejects has the field to correct in its hint (kustomize-controller v1.9.3).
func TestStalledField(t *testing.T) {
	t.Parallel()
	v := assesstest.Healthy(t).Component()
	for message, want := range map[string]string{
		"Reconciliation failed terminally due to configuration error: failed to create custom status evaluator for healthchecks[0]: failed to parse the expression Current: no": "correct spec.healthCheckExprs[0].current in Git",
		"duplicate custom health check for GroupKind A at healthchecks[2]":                                                                                     "correct spec.healthCheckExprs[2] in Git",
		"Reconciliation failed terminally due to configuration error: failed to evaluate dependency base: no":                                                  "correct spec.dependsOn, the readyExpr of base, in Git",
		"can't access 'GitRepository/other/x', cross-namespace references have been blocked":                                                                   "correct spec.sourceRef.namespace in Git",
		"to use spec.decryption.serviceAccountName for decryption authentication please enable the ObjectLevelWorkloadIdentity feature gate in the controller": "correct spec.decryption.serviceAccountName, or enable the feature gate of the controller, in Git",
		"something new": "correct its spec in Git",
	} {
		if got := flux.Explain(v, "InvalidCELExpression", message).Hint; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", message, got, want)
		}
	}
}
