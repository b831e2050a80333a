package delivery_test

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestDelivery covers the state of the Kustomizations.
func TestDelivery(t *testing.T) {
	t.Parallel()
	assesstest.Check(t, assess.Assess, map[string]assesstest.Case{
		"Healthy": {Change: func(assesstest.World) {}, Want: assesstest.Outcome{Verdict: trace.VerdictHealthy}},
		"KustomizationStalled": {Change: func(w assesstest.World) {
			w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "False", "InvalidCELExpression", "terminally")
		}, Want: assesstest.Failed(trace.RungDelivery, "", trace.CodeKustomizationStalled, "Kustomization")},
		"KustomizationPruneFails": {Change: func(w assesstest.World) {
			w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "False", "PruneFailed", "delete failed, errors: …")
		}, Want: assesstest.Failed(trace.RungDelivery, "", trace.CodeKustomizationPruneFailed, "Kustomization")},
		"WebhookDown": {Change: func(w assesstest.World) {
			w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "False", "ReconciliationFailed", `Component/x/y dry-run failed (InternalError): Internal error occurred: failed calling webhook "mcomponent-v1alpha1.kb.io": failed to call webhook: Post "https://a.b.svc:443/m": connection refused`)
		}, Want: assesstest.Failed(trace.RungDelivery, "", trace.CodeWebhookUnavailable, "Kustomization")},
		"DependencyDoesNotExist": {Change: func(w assesstest.World) {
			w.Condition(w.One("Kustomization", "-projects"), time.Second, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/x' not found: …")
		}, Want: assesstest.Failed(trace.RungDelivery, "", trace.CodeDependencyNotReady, "Kustomization")},
		"DependencyRuns": {Change: func(w assesstest.World) {
			w.Set(w.Projects(), "main@sha1:abababababababababababababababababababab", "status", "lastAppliedRevision")
			w.Condition(w.One("Kustomization", "-projects"), time.Second, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/x' is not ready")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"DependencyNeverReady": {Change: func(w assesstest.World) {
			w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/x' is not ready")
		}, Want: assesstest.Failed(trace.RungDelivery, "", trace.CodeDependencyNotReady, "Kustomization")},
		"DependencyFailsButHoldsNothingBack": {Change: func(w assesstest.World) {
			w.Condition(w.One("Kustomization", "-platform"), time.Hour, "Ready", "False", "PruneFailed", "delete failed")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictHealthy}},
		"HealthCheckCancelled": {Change: func(w assesstest.World) {
			w.Condition(w.One("Kustomization", "-projects"), time.Second, "Ready", "False", "HealthCheckCanceled", "New reconciliation triggered")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"RunHangs": {Change: func(w assesstest.World) {
			w.Condition(w.One("Kustomization", "-projects"), 10*time.Hour, "Ready", "Unknown", "Progressing", "Reconciliation in progress")
		}, Want: assesstest.Failed(trace.RungDelivery, "", trace.CodeDeliveryStuck, "Kustomization")},
		"Run": {Change: func(w assesstest.World) {
			w.Set(w.Projects(), "main@sha1:abababababababababababababababababababab", "status", "lastAppliedRevision")
			w.Condition(w.One("Kustomization", "-projects"), time.Second, "Ready", "Unknown", "Progressing", "Reconciliation in progress")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	})
}
