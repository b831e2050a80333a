package assess

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// projects is the Kustomization that applies the component.
func (w world) projects() facts.Object { return w.one("Kustomization", "-projects") }

// runs begins a run of a Kustomization that was applied, age ago; the run before ended an interval earlier.
func (w world) runs(o facts.Object, age time.Duration, message string) {
	w.t.Helper()
	w.condition(o, age, "Reconciling", "True", "Progressing", message)
	w.condition(o, age, "Ready", "Unknown", "Progressing", "Reconciliation in progress")
	w.ran(o, age+10*time.Minute, "ReconciliationSucceeded")
}

// ran is how the newest run of a Kustomization ended, age ago.
func (w world) ran(o facts.Object, age time.Duration, status string) {
	w.t.Helper()
	history := kinds.Items(o.Body, "status", "history")
	if len(history) == 0 {
		return
	}
	history[0]["lastReconciledStatus"] = status
	history[0]["lastReconciled"] = w.ago(age)
}

func (w world) withoutHistory(o facts.Object) {
	unstructured.RemoveNestedField(o.Body.Object, "status", "history")
}

// failedBefore adds the event of a run that failed at the applied revision, age ago.
func (w world) failedBefore(o facts.Object, age time.Duration, reason, message string) {
	w.t.Helper()
	w.put(fmt.Sprintf(`
apiVersion: v1
kind: Event
metadata:
  name: %[1]s.1
  namespace: %[2]s
  annotations: {kustomize.toolkit.fluxcd.io/revision: %[3]q}
involvedObject: {kind: Kustomization, name: %[1]s, namespace: %[2]s}
type: Warning
reason: %[4]s
message: %[5]q
lastTimestamp: %[6]q
`, o.Ref.Name, o.Ref.Namespace, kinds.Text(o.Body, "status", "lastAppliedRevision"), reason, message, w.ago(age)))
}

func (w world) delete(o facts.Object) {
	w.t.Helper()
	w.set(o, w.ago(2*hour), "metadata", "deletionTimestamp")
}

// TestRoutineRuns: Flux runs again at each interval. Ready is Unknown then, while nothing is new.
func TestRoutineRuns(t *testing.T) {
	t.Parallel()
	const dryRun = `ReleaseBinding/healthy/x dry-run failed (Invalid): no`
	buildFailed := outcome{trace.VerdictFailed, trace.RungDelivery, "", trace.CodeKustomizationBuildFailed, "Kustomization"}
	for name, c := range map[string]struct {
		change func(w world, ks facts.Object, revision string)
		want   outcome
	}{
		"Building": {func(w world, ks facts.Object, r string) {
			w.runs(ks, time.Second, "Building manifests for revision "+r+" with a timeout of 30s")
		}, outcome{Verdict: trace.VerdictHealthy}},
		"DetectingDrift": {func(w world, ks facts.Object, r string) {
			w.runs(ks, time.Second, "Detecting drift for revision "+r+" with a timeout of 30s")
		}, outcome{Verdict: trace.VerdictHealthy}},
		"CheckingHealth": {func(w world, ks facts.Object, r string) {
			w.runs(ks, time.Second, "Running health checks for revision "+r+" with a timeout of 30s")
			w.condition(ks, time.Second, "Healthy", "Unknown", "Progressing", "Running health checks")
		}, outcome{Verdict: trace.VerdictHealthy}},
		"OfFluxWithoutHistory": {func(w world, ks facts.Object, _ string) {
			w.runs(ks, time.Second, "Building manifests")
			w.withoutHistory(ks)
		}, outcome{Verdict: trace.VerdictHealthy}},
		"AfterAnOldFailure": {func(w world, ks facts.Object, r string) {
			w.runs(ks, time.Second, "Building manifests for revision "+r)
			w.failedBefore(ks, 20*time.Minute, "ReconciliationFailed", dryRun)
		}, outcome{Verdict: trace.VerdictHealthy}},
		"AfterAnOldFailureWithoutHistory": {func(w world, ks facts.Object, _ string) {
			w.runs(ks, time.Second, "Building manifests")
			w.withoutHistory(ks)
			w.failedBefore(ks, 30*time.Minute, "ReconciliationFailed", dryRun)
		}, outcome{Verdict: trace.VerdictHealthy}},
		"FailedSinceTheLastSuccess": {func(w world, ks facts.Object, r string) {
			w.runs(ks, time.Second, "Building manifests for revision "+r)
			w.failedBefore(ks, 5*time.Minute, "BuildFailed", "kustomize build failed: no")
		}, buildFailed},
		"FailedAtTheRunBeforeWithoutHistory": {func(w world, ks facts.Object, _ string) {
			w.runs(ks, time.Second, "Building manifests")
			w.withoutHistory(ks)
			w.set(ks, "5s", "spec", "retryInterval")
			w.failedBefore(ks, 6*time.Second, "BuildFailed", "kustomize build failed: no")
		}, buildFailed},
		"HealthFailedBefore": {func(w world, ks facts.Object, r string) {
			w.runs(ks, time.Second, "Running health checks for revision "+r)
			w.ran(ks, 10*time.Minute, "HealthCheckFailed")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"HealthIsFalseWithoutHistory": {func(w world, ks facts.Object, _ string) {
			w.runs(ks, time.Second, "Building manifests")
			w.withoutHistory(ks)
			w.condition(ks, hour, "Healthy", "False", "HealthCheckFailed", "timeout waiting for: [Deployment/x/y status: 'Failed']")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"OfANewGeneration": {func(w world, ks facts.Object, r string) {
			w.set(ks, int64(2), "metadata", "generation")
			w.set(ks, int64(1), "status", "observedGeneration")
			w.runs(ks, time.Second, "Building manifests for revision "+r)
		}, outcome{Verdict: trace.VerdictProgressing}},
		"OfANewRevisionThatTheSourceIsNotSeenToHave": {func(w world, ks facts.Object, _ string) {
			w.runs(ks, time.Second, "Building manifests for revision main@sha1:abababababababababababababababababababab")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"AfterANewRevisionWasTried": {func(w world, ks facts.Object, _ string) {
			w.runs(ks, time.Second, "Building manifests")
			w.set(ks, "main@sha1:abababababababababababababababababababab", "status", "lastAttemptedRevision")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"Hangs": {func(w world, ks facts.Object, r string) { w.runs(ks, 10*hour, "Building manifests for revision "+r) }, outcome{trace.VerdictFailed, trace.RungDelivery, "", trace.CodeDeliveryStuck, "Kustomization"}},
		"WaitsForADependencyThatRunsAgain": {func(w world, ks facts.Object, r string) {
			w.runs(w.one("Kustomization", "-platform"), time.Second, "Detecting drift for revision "+r)
			w.condition(ks, time.Second, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/oc-healthy-platform' is not ready")
			w.failedBefore(ks, 20*time.Minute, "ReconciliationFailed", dryRun)
		}, outcome{Verdict: trace.VerdictHealthy}},
		"WaitsForADependencyWithANewRevision": {func(w world, ks facts.Object, _ string) {
			w.runs(w.one("Kustomization", "-platform"), time.Second, "Detecting drift for revision main@sha1:abababababababababababababababababababab")
			w.condition(ks, time.Second, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/oc-healthy-platform' is not ready")
		}, outcome{Verdict: trace.VerdictProgressing}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			ks := w.projects()
			c.change(w, ks, kinds.Text(ks.Body, "status", "lastAppliedRevision"))
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, of(got)); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, said(got))
			}
		})
	}
}

// TestWaitsEnd: nothing that delivers a component waits for ever, and what is over for its controller is over.
func TestWaitsEnd(t *testing.T) {
	t.Parallel()
	failed := func(code trace.Code, kind string) outcome {
		return outcome{trace.VerdictFailed, trace.RungDelivery, "", code, kind}
	}
	source := func(code trace.Code) outcome {
		return outcome{trace.VerdictFailed, trace.RungSource, "", code, "GitRepository"}
	}
	for name, c := range map[string]struct {
		change func(w world)
		want   outcome
	}{
		"CanceledAMomentAgo": {func(w world) {
			w.condition(w.projects(), time.Second, "Ready", "False", "HealthCheckCanceled", "New reconciliation triggered")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"CanceledAnHourAgo": {func(w world) {
			w.condition(w.projects(), hour, "Ready", "False", "HealthCheckCanceled", "New reconciliation triggered")
		}, failed(trace.CodeDeliveryStuck, "Kustomization")},
		"StalledWhileItWaits": {func(w world) {
			w.condition(w.projects(), time.Second, "Ready", "False", "DependencyNotReady", "dependency 'a/b' is not ready")
			w.condition(w.projects(), time.Second, "Stalled", "True", "SomeNewReason", "no way on")
		}, failed(trace.CodeKustomizationStalled, "Kustomization")},
		"StalledForAReasonNobodyKnows": {func(w world) {
			w.condition(w.projects(), time.Second, "Ready", "False", "SomeNewReason", "no way on")
			w.condition(w.projects(), time.Second, "Stalled", "True", "SomeNewReason", "no way on")
		}, failed(trace.CodeKustomizationStalled, "Kustomization")},
		"StalledBeforeItWaited": {func(w world) {
			w.set(w.projects(), "main@sha1:abababababababababababababababababababab", "status", "lastAttemptedRevision")
			w.condition(w.projects(), hour, "Stalled", "True", "InvalidCELExpression", "no way on")
			w.condition(w.projects(), time.Second, "Ready", "False", "DependencyNotReady", "dependency 'a/b' is not ready")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"FailureOfAnOlderGeneration": {func(w world) {
			w.condition(w.projects(), hour, "Ready", "False", "BuildFailed", "kustomize build failed: no")
			w.set(w.projects(), int64(77), "metadata", "generation")
			w.set(w.projects(), w.ago(time.Second), "metadata", "creationTimestamp")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"SourceStalled": {func(w world) {
			w.condition(w.one("GitRepository", ""), time.Second, "FetchFailed", "True", "SomeNewReason", "deadline exceeded")
			w.condition(w.one("GitRepository", ""), time.Second, "Stalled", "True", "SomeNewReason", "deadline exceeded")
		}, source(trace.CodeSourceStalled)},
		"SourceReadyForAnOlderGeneration": {func(w world) {
			w.set(w.one("GitRepository", ""), int64(77), "metadata", "generation")
			w.set(w.one("GitRepository", ""), w.ago(hour), "metadata", "creationTimestamp")
		}, source(trace.CodeGenerationNotObserved)},
		"SourceFailedForAnOlderGeneration": {func(w world) {
			w.condition(w.one("GitRepository", ""), hour, "FetchFailed", "True", "GitOperationFailed", "authentication required")
			w.condition(w.one("GitRepository", ""), hour, "Ready", "False", "GitOperationFailed", "authentication required")
			w.set(w.one("GitRepository", ""), int64(77), "metadata", "generation")
			w.set(w.one("GitRepository", ""), w.ago(time.Second), "metadata", "creationTimestamp")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"NewSource": {func(w world) {
			unstructured.RemoveNestedField(w.one("GitRepository", "").Body.Object, "status", "conditions")
			w.set(w.one("GitRepository", ""), w.ago(time.Second), "metadata", "creationTimestamp")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"SourceThatNobodyFetched": {func(w world) {
			unstructured.RemoveNestedField(w.one("GitRepository", "").Body.Object, "status")
			w.set(w.one("GitRepository", ""), w.ago(10*hour), "metadata", "creationTimestamp")
		}, source(trace.CodeSourceNotReady)},
		"SuspendedAndDeleted": {func(w world) {
			w.set(w.projects(), true, "spec", "suspend")
			w.delete(w.projects())
		}, failed(trace.CodeTerminating, "Kustomization")},
		"SourceSuspendedAndDeleted": {func(w world) {
			w.set(w.one("GitRepository", ""), true, "spec", "suspend")
			w.delete(w.one("GitRepository", ""))
		}, source(trace.CodeTerminating)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			c.change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, of(got)); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, said(got))
			}
		})
	}
}
