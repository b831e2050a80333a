package health_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/dataplane"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestHeldBack: what waits for somebody, and keeps the wanted revision from running, is healthy but behind: exit code 3. What
// holds nothing back is suspended, and current.
func TestHeldBack(t *testing.T) {
	t.Parallel()
	const rollout = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"
	const canary = "apiVersion: flagger.app/v1beta1\nkind: Canary\n"
	for name, c := range map[string]struct {
		object string
		want   trace.Currency
	}{
		"RolloutAtAStep": {rollout + `spec: {strategy: {canary: {steps: [{setWeight: 20}, {pause: {}}]}}}
status: {phase: Paused, message: CanaryPauseStep, currentStepIndex: 1, currentPodHash: b, stableRS: a, controllerPause: true,
  pauseConditions: [{reason: CanaryPauseStep, startTime: <1h>}]}`, trace.Behind},
		"RolloutPausedByHand":   {rollout + "spec: {paused: true}\nstatus: {phase: Paused, message: manually paused, currentPodHash: b, stableRS: a}", trace.Behind},
		"RolloutPausedWhenDone": {rollout + "spec: {paused: true}\nstatus: {phase: Paused, message: manually paused, currentPodHash: a, stableRS: a}", trace.Current},
		"BlueGreenPreview": {rollout + `spec: {strategy: {blueGreen: {autoPromotionEnabled: false}}}
status: {phase: Paused, message: BlueGreenPause, currentPodHash: b, stableRS: a, controllerPause: true, pauseConditions: [{reason: BlueGreenPause, startTime: <1h>}]}`, trace.Behind},
		"CanaryWaits":          {canary + "status: {phase: Waiting, lastTransitionTime: <1h>}", trace.Behind},
		"CanaryWaitsToPromote": {canary + "status: {phase: WaitingPromotion, lastTransitionTime: <1h>}", trace.Behind},
		"CanarySuspended":      {canary + "spec: {suspend: true}\nstatus: {phase: Succeeded, lastTransitionTime: <1h>}", trace.Current},
		"DeploymentPausedWithAnOldPod": {`apiVersion: apps/v1
kind: Deployment
spec: {paused: true, replicas: 2}
status: {observedGeneration: 2, replicas: 2, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2, conditions: [{type: Available, status: "True"}]}`, trace.Behind},
		"DeploymentPausedWhenDone": {`apiVersion: apps/v1
kind: Deployment
spec: {paused: true, replicas: 2}
status: {observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2, conditions: [{type: Available, status: "True"}]}`, trace.Current},
		"StatefulSetWithAPartition": {`apiVersion: apps/v1
kind: StatefulSet
spec: {replicas: 3, updateStrategy: {rollingUpdate: {partition: 2}}}
status: {observedGeneration: 2, replicas: 3, updatedReplicas: 1, readyReplicas: 3, availableReplicas: 3, currentReplicas: 2, currentRevision: a, updateRevision: b}`, trace.Behind},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := oldWorld(t)
			w.Releases(c.object, strings.Contains(c.object, "apps/v1"))
			got := assess.Assess(w.Snapshot, w.TakenAt)
			if got.Verdict != trace.VerdictHealthy || got.Current != c.want || got.Failing != nil {
				t.Errorf("verdict %s, current %v, failing %+v; want Healthy and %v", got.Verdict, got.Current, got.Failing, c.want)
			}
			paused := strings.Contains(fmt.Sprint(got.Environments), string(trace.CodeRolloutPaused))
			if waits := c.want == trace.Behind && !strings.HasPrefix(name, "StatefulSet"); paused != waits {
				t.Errorf("RolloutPaused: %t, want %t", paused, waits)
			}
		})
	}
}

// TestProgressiveDelivery holds the phases of Argo Rollouts and Flagger, as their controllers write them.
func TestProgressiveDelivery(t *testing.T) {
	t.Parallel()
	behind := func(c trace.Code) assessed { return assessed{trace.Failed, trace.Behind, c, trace.Error} }
	const rollout = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"
	const run = "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisRun\n"
	const experiment = "apiVersion: argoproj.io/v1alpha1\nkind: Experiment\n"
	const canary = "apiVersion: flagger.app/v1beta1\nkind: Canary\n"
	checkHealth(t, map[string]healthCase{
		"RolloutHealthy": {rollout + "status: {phase: Healthy, currentPodHash: a, stableRS: a}", ok()},
		"RolloutOfAnOlderGeneration": {rollout + `metadata: {generation: 3, creationTimestamp: <1h>}
status: {phase: Healthy, observedGeneration: "2", currentPodHash: a, stableRS: a}`, broken(trace.CodeGenerationNotObserved)},
		"RolloutOfThisGeneration": {rollout + `metadata: {generation: 3, creationTimestamp: <1h>}
status: {phase: Healthy, observedGeneration: "3", currentPodHash: a, stableRS: a}`, ok()},
		"RolloutProgresses": {rollout + `status: {phase: Progressing, conditions: [{type: Progressing, status: "True", reason: ReplicaSetUpdated, lastUpdateTime: <1m>, lastTransitionTime: <2h>}]}`, onItsWay()},
		"RolloutTimedOut":   {rollout + `status: {phase: Degraded, message: "ProgressDeadlineExceeded: x", currentPodHash: b, stableRS: a, conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded, lastTransitionTime: <1h>}]}`, behind(trace.CodeProgressiveRolloutFailed)},
		"RolloutAborted":    {rollout + `status: {phase: Degraded, abort: true, abortedAt: <1h>, message: "RolloutAborted: x", currentPodHash: b, stableRS: a}`, behind(trace.CodeProgressiveRolloutFailed)},
		"RolloutTimedPause": {rollout + `spec: {strategy: {canary: {steps: [{pause: {duration: 30m}}]}}}
status: {phase: Paused, currentStepIndex: 0, currentPodHash: b, stableRS: a, pauseConditions: [{reason: CanaryPauseStep, startTime: <10m>}]}`, assessed{State: trace.Progressing, Current: trace.Behind}},
		"RolloutPauseThatIsOver": {rollout + `spec: {strategy: {canary: {steps: [{pause: {duration: 600}}]}}}
status: {phase: Paused, currentStepIndex: 0, currentPodHash: b, stableRS: a, pauseConditions: [{reason: CanaryPauseStep, startTime: <1h>}]}`, behind(trace.CodeGenerationNotObserved)},

		"AnalysisRunSuccessful": {run + "status: {phase: Successful}", ok()},
		"AnalysisRunRuns":       {run + "status: {phase: Running, startedAt: <1m>}", ok()},
		"AnalysisRunFailed":     {run + "status: {phase: Failed, message: 'Metric \"x\" assessed Failed'}", broken(trace.CodeProgressiveRolloutFailed)},
		"AnalysisRunError":      {run + "status: {phase: Error}", broken(trace.CodeProgressiveRolloutFailed)},
		"ExperimentRuns":        {experiment + "status: {phase: Running, availableAt: <1h>}", ok()},
		"ExperimentFailed":      {experiment + "status: {phase: Failed}", broken(trace.CodeProgressiveRolloutFailed)},

		"CanaryInitialized": {canary + "status: {phase: Initialized, lastTransitionTime: <1h>}", ok()},
		"CanarySucceeded":   {canary + `status: {phase: Succeeded, lastTransitionTime: <1h>, conditions: [{type: Promoted, status: "True", reason: Succeeded}]}`, ok()},
		"CanaryProgresses":  {canary + "status: {phase: Progressing, canaryWeight: 10, lastTransitionTime: <1m>}", assessed{State: trace.Progressing, Current: trace.Behind}},
		"CanaryStopped":     {canary + "status: {phase: Progressing, canaryWeight: 10, lastTransitionTime: <1h>}", behind(trace.CodeGenerationNotObserved)},
		"CanaryFailed":      {canary + `status: {phase: Failed, lastTransitionTime: <1h>, conditions: [{type: Promoted, status: "False", reason: Failed, message: no}]}`, behind(trace.CodeProgressiveRolloutFailed)},
	})
}

// TestSourceOfACanary: Flagger scales the Deployment that a Canary names to zero, and so may Argo Rollouts with the one that a
// Rollout takes its template from. That it has no pods is no suspension: the Canary or the Rollout speaks.
func TestSourceOfACanary(t *testing.T) {
	t.Parallel()
	for name, object := range map[string]string{
		"Canary":  "apiVersion: flagger.app/v1beta1\nkind: Canary\nspec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: NAME}}\nstatus: {phase: Succeeded}",
		"Rollout": "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: NAME}}\nstatus: {phase: Healthy, currentPodHash: a, stableRS: a}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := oldWorld(t)
			d := w.One("Deployment", "")
			for _, path := range [][]string{{"spec", "replicas"}, {"status", "replicas"}, {"status", "readyReplicas"}, {"status", "availableReplicas"}, {"status", "updatedReplicas"}} {
				w.Set(d, int64(0), path...)
			}
			w.Releases(replaceName(object, d.Ref.Name), false)
			got := assess.Assess(w.Snapshot, w.TakenAt)
			for _, r := range got.Environments[0].Rungs {
				if r.ID == trace.RungResource && (r.State != trace.OK || r.Current != trace.Current) {
					t.Errorf("resource is %s: %s", r.State, r.Summary)
				}
			}
			if diff := cmp.Diff(assesstest.Outcome{Verdict: trace.VerdictHealthy}, assesstest.OutcomeOf(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func replaceName(text, name string) string { return strings.ReplaceAll(text, "NAME", name) }

// TestWhichVersionServes: only the status says whether there is a version before the new one, and that it serves.
func TestWhichVersionServes(t *testing.T) {
	t.Parallel()
	const rollout = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"
	const canary = "apiVersion: flagger.app/v1beta1\nkind: Canary\n"
	const timedOut = `conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded, lastTransitionTime: <1h>}]`
	const unavailable = "the new version does not become available"
	const asks = "check the analysis of this step, and that Argo Rollouts runs"
	w := oldWorld(t)
	for name, c := range map[string]struct{ object, want string }{
		"CanaryFailed":       {canary + "status: {phase: Failed, lastTransitionTime: <1h>}", "Flagger rolled back, and the previous version serves"},
		"CanaryTerminated":   {canary + "status: {phase: Terminated, lastTransitionTime: <1h>}", ""},
		"TimedOut":           {rollout + "status: {phase: Degraded, currentPodHash: b, stableRS: a, " + timedOut + "}", unavailable + "; the stable version keeps serving"},
		"TimedOutAtFirst":    {rollout + "status: {phase: Degraded, currentPodHash: b, " + timedOut + "}", unavailable},
		"TimedOutWhenStable": {rollout + "status: {phase: Degraded, currentPodHash: a, stableRS: a, " + timedOut + "}", unavailable},
		"Invalid":            {rollout + `status: {phase: Degraded, currentPodHash: b, stableRS: a, message: "InvalidSpec: no"}`, "Argo Rollouts does not start this rollout: correct the field in the message in the template of the component type, or create what it names"},
		"Aborted":            {rollout + "status: {phase: Degraded, abort: true, currentPodHash: b, stableRS: a}", "the rollout was aborted, and the stable version serves. Its status has no reason: if the new version works, retry the rollout, otherwise set spec.releaseName of ReleaseBinding healthy/greeter-service-development to the release before greeter-service-20261121-1 in Git"},
		"AbortedAtFirst":     {rollout + "status: {phase: Degraded, abort: true, currentPodHash: b}", "the rollout was aborted. Its status has no reason: if the new version works, retry the rollout, otherwise set spec.releaseName of ReleaseBinding healthy/greeter-service-development to the release before greeter-service-20261121-1 in Git"},
		"AbortedByAnalysis":  {rollout + `status: {phase: Degraded, abort: true, currentPodHash: b, stableRS: a, canary: {currentStepAnalysisRunStatus: {name: web-2-1, status: Failed, message: 'Metric "success-rate" assessed Failed due to failed (1) > failureLimit (0)'}}}`, `the rollout was aborted, and the stable version serves: AnalysisRun NAMESPACE/web-2-1 is Failed (Metric "success-rate" assessed Failed due to failed (1) > failureLimit (0)). Fix the new version, or the metric if it is wrong, and commit a release of it`},
		"AbortedWithReason":  {rollout + `status: {phase: Degraded, abort: true, currentPodHash: b, stableRS: a, message: "RolloutAborted: Rollout aborted update to revision 2: Step-based analysis phase error/failed"}`, "the rollout was aborted, and the stable version serves: fix the new version and commit a release of it"},
		"Slow":               {rollout + `status: {phase: Progressing, currentPodHash: b, stableRS: a, conditions: [{type: Progressing, status: "True", lastTransitionTime: <2h>}]}`, "the stable version serves; " + asks},
		"SlowAtFirst":        {rollout + `status: {phase: Progressing, currentPodHash: b, conditions: [{type: Progressing, status: "True", lastTransitionTime: <2h>}]}`, asks},
	} {
		j := dataplane.AssessObject(w.Development(), w.PlaneObject(c.object))
		want := strings.ReplaceAll(c.want, "NAMESPACE", j.Object.Namespace)
		if len(j.Findings) == 0 || j.Findings[0].Hint != want {
			t.Errorf("%s: %+v, want the hint %q", name, j.Findings, want)
		}
	}
}

// TestTemplateOfADeployment: a Rollout that takes its template from a Deployment has not seen the newest one where it has observed an older
// generation of that Deployment, although it has observed its own.
func TestTemplateOfADeployment(t *testing.T) {
	t.Parallel()
	for observed, want := range map[string]trace.State{"3": trace.OK, "2": trace.Failed, "": trace.OK} {
		w := oldWorld(t)
		d := w.Deployment()
		w.Set(d, int64(3), "metadata", "generation")
		rollout := w.PlaneObject(replaceName(`apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {generation: 1}
spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: NAME}}
status: {phase: Healthy, observedGeneration: "1", currentPodHash: a, stableRS: a, workloadObservedGeneration: "`+observed+`"}`, d.Ref.Name))
		j := dataplane.AssessObject(w.Development(), rollout)
		if j.State != want || (want == trace.Failed) != (j.Current == trace.Behind) {
			t.Errorf("observed %q: %s, current %d: %s; want %s", observed, j.State, j.Current, j.Summary, want)
		}
	}
}
