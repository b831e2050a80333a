package delivery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// runs begins a run of a Kustomization that was applied, age ago; the run before ended an interval earlier.
func runs(w assesstest.World, o facts.Object, age time.Duration, message string) {
	w.T.Helper()
	w.Condition(o, age, "Reconciling", "True", "Progressing", message)
	w.Condition(o, age, "Ready", "Unknown", "Progressing", "Reconciliation in progress")
	ran(w, o, age+10*time.Minute, "ReconciliationSucceeded")
}

// ran is how the newest run of a Kustomization ended, age ago.
func ran(w assesstest.World, o facts.Object, age time.Duration, status string) {
	w.T.Helper()
	history := kinds.Items(o.Body, "status", "history")
	if len(history) == 0 {
		return
	}
	history[0]["lastReconciledStatus"] = status
	history[0]["lastReconciled"] = w.Ago(age)
}

func withoutHistory(_ assesstest.World, o facts.Object) {
	unstructured.RemoveNestedField(o.Body.Object, "status", "history")
}

// failedBefore adds the event of a run that failed at the applied revision, age ago.
func failedBefore(w assesstest.World, o facts.Object, age time.Duration, reason, message string) {
	w.T.Helper()
	w.PutYAML(fmt.Sprintf(`
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
`, o.Ref.Name, o.Ref.Namespace, kinds.Text(o.Body, "status", "lastAppliedRevision"), reason, message, w.Ago(age)))
}

type routineRun struct {
	change func(w assesstest.World, ks facts.Object, revision string)
	want   assesstest.Outcome
}

const dryRunFailed = `ReleaseBinding/healthy/x dry-run failed (Invalid): no`

var routineRuns = map[string]routineRun{
	"Building": {func(w assesstest.World, ks facts.Object, r string) {
		runs(w, ks, time.Second, "Building manifests for revision "+r+" with a timeout of 30s")
	}, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
	"DetectingDrift": {func(w assesstest.World, ks facts.Object, r string) {
		runs(w, ks, time.Second, "Detecting drift for revision "+r+" with a timeout of 30s")
	}, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
	"CheckingHealth": {func(w assesstest.World, ks facts.Object, r string) {
		runs(w, ks, time.Second, "Running health checks for revision "+r+" with a timeout of 30s")
		w.Condition(ks, time.Second, "Healthy", "Unknown", "Progressing", "Running health checks")
	}, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
	"OfFluxWithoutHistory": {func(w assesstest.World, ks facts.Object, _ string) {
		runs(w, ks, time.Second, "Building manifests")
		withoutHistory(w, ks)
	}, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
	"AfterAnOldFailure": {func(w assesstest.World, ks facts.Object, r string) {
		runs(w, ks, time.Second, "Building manifests for revision "+r)
		failedBefore(w, ks, 20*time.Minute, "ReconciliationFailed", dryRunFailed)
	}, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
	"AfterAnOldFailureWithoutHistory": {func(w assesstest.World, ks facts.Object, _ string) {
		runs(w, ks, time.Second, "Building manifests")
		withoutHistory(w, ks)
		failedBefore(w, ks, 30*time.Minute, "ReconciliationFailed", dryRunFailed)
	}, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
	"FailedSinceTheLastSuccess": {func(w assesstest.World, ks facts.Object, r string) {
		runs(w, ks, time.Second, "Building manifests for revision "+r)
		failedBefore(w, ks, 5*time.Minute, "BuildFailed", "kustomize build failed: no")
	}, deliveryFailed(trace.CodeKustomizationBuildFailed, "Kustomization")},
	"FailedAtTheRunBeforeWithoutHistory": {func(w assesstest.World, ks facts.Object, _ string) {
		runs(w, ks, time.Second, "Building manifests")
		withoutHistory(w, ks)
		w.Set(ks, "5s", "spec", "retryInterval")
		failedBefore(w, ks, 6*time.Second, "BuildFailed", "kustomize build failed: no")
	}, deliveryFailed(trace.CodeKustomizationBuildFailed, "Kustomization")},
	"HealthFailedBefore": {func(w assesstest.World, ks facts.Object, r string) {
		runs(w, ks, time.Second, "Running health checks for revision "+r)
		ran(w, ks, 10*time.Minute, "HealthCheckFailed")
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	"HealthIsFalseWithoutHistory": {func(w assesstest.World, ks facts.Object, _ string) {
		runs(w, ks, time.Second, "Building manifests")
		withoutHistory(w, ks)
		w.Condition(ks, time.Hour, "Healthy", "False", "HealthCheckFailed", "timeout waiting for: [Deployment/x/y status: 'Failed']")
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	"OfANewGeneration": {func(w assesstest.World, ks facts.Object, r string) {
		w.Set(ks, int64(2), "metadata", "generation")
		w.Set(ks, int64(1), "status", "observedGeneration")
		runs(w, ks, time.Second, "Building manifests for revision "+r)
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	"OfANewRevisionThatTheSourceIsNotSeenToHave": {func(w assesstest.World, ks facts.Object, _ string) {
		runs(w, ks, time.Second, "Building manifests for revision main@sha1:abababababababababababababababababababab")
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	"AfterANewRevisionWasTried": {func(w assesstest.World, ks facts.Object, _ string) {
		runs(w, ks, time.Second, "Building manifests")
		w.Set(ks, "main@sha1:abababababababababababababababababababab", "status", "lastAttemptedRevision")
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	"Hangs": {func(w assesstest.World, ks facts.Object, r string) {
		runs(w, ks, 10*time.Hour, "Building manifests for revision "+r)
	}, assesstest.Failed(trace.RungDelivery, "", trace.CodeDeliveryStuck, "Kustomization")},
	"WaitsForADependencyThatRunsAgain": {func(w assesstest.World, ks facts.Object, r string) {
		runs(w, w.One("Kustomization", "-platform"), time.Second, "Detecting drift for revision "+r)
		w.Condition(ks, time.Second, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/oc-healthy-platform' is not ready")
		failedBefore(w, ks, 20*time.Minute, "ReconciliationFailed", dryRunFailed)
	}, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
	"WaitsForADependencyWithANewRevision": {func(w assesstest.World, ks facts.Object, _ string) {
		runs(w, w.One("Kustomization", "-platform"), time.Second, "Detecting drift for revision main@sha1:abababababababababababababababababababab")
		w.Condition(ks, time.Second, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/oc-healthy-platform' is not ready")
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
}

// TestRoutineRuns: Flux runs again at each interval. Ready is Unknown then, while nothing is new.
func TestRoutineRuns(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range routineRuns {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			ks := w.Projects()
			c.change(w, ks, kinds.Text(ks.Body, "status", "lastAppliedRevision"))
			got := assess.Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(got)); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, assesstest.Summaries(got))
			}
			if c.want.Verdict == trace.VerdictHealthy && !slices.ContainsFunc(got.Rungs, func(r trace.Rung) bool {
				return r.ID == trace.RungDelivery && strings.HasSuffix(r.Summary, ", after 3 more, reconciling")
			}) {
				t.Errorf("the rung does not show the run:\n%s", assesstest.Summaries(got))
			}
		})
	}
}

type waitThatEnds struct {
	change func(w assesstest.World)
	want   assesstest.Outcome
}

func deliveryFailed(code trace.Code, kind string) assesstest.Outcome {
	return assesstest.Failed(trace.RungDelivery, "", code, kind)
}

func sourceFailed(code trace.Code) assesstest.Outcome {
	return assesstest.Failed(trace.RungSource, "", code, "GitRepository")
}

var waitsThatEnd = map[string]waitThatEnds{
	"CanceledAMomentAgo": {func(w assesstest.World) {
		w.Condition(w.Projects(), time.Second, "Ready", "False", "HealthCheckCanceled", "New reconciliation triggered")
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	"CanceledAnHourAgo": {func(w assesstest.World) {
		w.Condition(w.Projects(), time.Hour, "Ready", "False", "HealthCheckCanceled", "New reconciliation triggered")
	}, deliveryFailed(trace.CodeDeliveryStuck, "Kustomization")},
	"StalledWhileItWaits": {func(w assesstest.World) {
		w.Condition(w.Projects(), time.Second, "Ready", "False", "DependencyNotReady", "dependency 'a/b' is not ready")
		w.Condition(w.Projects(), time.Second, "Stalled", "True", "SomeNewReason", "no way on")
	}, deliveryFailed(trace.CodeKustomizationStalled, "Kustomization")},
	"StalledForAReasonNobodyKnows": {func(w assesstest.World) {
		w.Condition(w.Projects(), time.Second, "Ready", "False", "SomeNewReason", "no way on")
		w.Condition(w.Projects(), time.Second, "Stalled", "True", "SomeNewReason", "no way on")
	}, deliveryFailed(trace.CodeKustomizationStalled, "Kustomization")},
	"StalledBeforeItWaited": {func(w assesstest.World) {
		w.Set(w.Projects(), "main@sha1:abababababababababababababababababababab", "status", "lastAttemptedRevision")
		w.Condition(w.Projects(), time.Hour, "Stalled", "True", "InvalidCELExpression", "no way on")
		w.Condition(w.Projects(), time.Second, "Ready", "False", "DependencyNotReady", "dependency 'a/b' is not ready")
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	"FailureOfAnOlderGeneration": {func(w assesstest.World) {
		w.Condition(w.Projects(), time.Hour, "Ready", "False", "BuildFailed", "kustomize build failed: no")
		w.Set(w.Projects(), int64(77), "metadata", "generation")
		w.Set(w.Projects(), w.Ago(time.Second), "metadata", "creationTimestamp")
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	"SourceStalled": {func(w assesstest.World) {
		w.Condition(w.One("GitRepository", ""), time.Second, "FetchFailed", "True", "SomeNewReason", "deadline exceeded")
		w.Condition(w.One("GitRepository", ""), time.Second, "Stalled", "True", "SomeNewReason", "deadline exceeded")
	}, sourceFailed(trace.CodeSourceStalled)},
	"SourceReadyForAnOlderGeneration": {func(w assesstest.World) {
		w.Set(w.One("GitRepository", ""), int64(77), "metadata", "generation")
		w.Set(w.One("GitRepository", ""), w.Ago(time.Hour), "metadata", "creationTimestamp")
	}, sourceFailed(trace.CodeGenerationNotObserved)},
	"SourceFailedForAnOlderGeneration": {func(w assesstest.World) {
		w.Condition(w.One("GitRepository", ""), time.Hour, "FetchFailed", "True", "GitOperationFailed", "authentication required")
		w.Condition(w.One("GitRepository", ""), time.Hour, "Ready", "False", "GitOperationFailed", "authentication required")
		w.Set(w.One("GitRepository", ""), int64(77), "metadata", "generation")
		w.Set(w.One("GitRepository", ""), w.Ago(time.Second), "metadata", "creationTimestamp")
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	"NewSource": {func(w assesstest.World) {
		unstructured.RemoveNestedField(w.One("GitRepository", "").Body.Object, "status", "conditions")
		w.Set(w.One("GitRepository", ""), w.Ago(time.Second), "metadata", "creationTimestamp")
	}, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	"SourceThatNobodyFetched": {func(w assesstest.World) {
		unstructured.RemoveNestedField(w.One("GitRepository", "").Body.Object, "status")
		w.Set(w.One("GitRepository", ""), w.Ago(10*time.Hour), "metadata", "creationTimestamp")
	}, sourceFailed(trace.CodeSourceNotReady)},
	"SuspendedAndDeleted": {func(w assesstest.World) {
		w.Set(w.Projects(), true, "spec", "suspend")
		w.Deleted(w.Projects(), 2*time.Hour)
	}, deliveryFailed(trace.CodeTerminating, "Kustomization")},
	"SourceSuspendedAndDeleted": {func(w assesstest.World) {
		w.Set(w.One("GitRepository", ""), true, "spec", "suspend")
		w.Deleted(w.One("GitRepository", ""), 2*time.Hour)
	}, sourceFailed(trace.CodeTerminating)},
}

// TestWaitsEnd: nothing that delivers a component waits for ever, and what is over for its controller is over.
func TestWaitsEnd(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range waitsThatEnd {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			got := assess.Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(got)); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, assesstest.Summaries(got))
			}
		})
	}
}
