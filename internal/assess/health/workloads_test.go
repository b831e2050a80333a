package health_test

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestWorkloads: the numbers of the newest generation count; each wait has a clock.
func TestWorkloads(t *testing.T) {
	t.Parallel()
	const available = `conditions: [{type: Available, status: "True", lastTransitionTime: <1h>}, {type: Progressing, status: "True", reason: NewReplicaSetAvailable, lastTransitionTime: <1h>}]`
	deployment := func(spec, status string) string {
		return "apiVersion: apps/v1\nkind: Deployment\nspec: {" + spec + "}\nstatus: {" + status + "}"
	}
	set := func(spec, status string) string {
		return "apiVersion: apps/v1\nkind: StatefulSet\nspec: {" + spec + "}\nstatus: {" + status + "}"
	}
	daemons := func(status string) string {
		return "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {generation: 2}\nstatus: {" + status + "}"
	}
	scaled := assessed{State: trace.Suspended, Current: trace.Current}
	checkHealth(t, map[string]healthCase{
		"Deployment":               {deployment("replicas: 2", "replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2, "+available), ok()},
		"DeploymentScaledToZero":   {deployment("replicas: 0", available), scaled},
		"DeploymentScalingToZero":  {deployment("replicas: 0", "replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, "+available), broken(trace.CodeRolloutStuck)},
		"DeploymentWithOneTooMany": {deployment("replicas: 1", "replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2, "+available), broken(trace.CodeRolloutStuck)},
		"DeploymentOfAnOlderGeneration": {
			"apiVersion: apps/v1\nkind: Deployment\nmetadata: {generation: 2}\nstatus: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, " + available + "}",
			broken(trace.CodeGenerationNotObserved),
		},
		"DeploymentWithoutDeadline": {
			deployment("replicas: 2, progressDeadlineSeconds: 2147483647", `replicas: 2, updatedReplicas: 2, readyReplicas: 1, availableReplicas: 1, conditions: [{type: Available, status: "True", lastTransitionTime: <1h>}]`),
			broken(trace.CodeRolloutStuck),
		},
		"StatefulSet":              {set("replicas: 2", "replicas: 2, updatedReplicas: 2, readyReplicas: 2, currentRevision: a, updateRevision: a"), ok()},
		"StatefulSetBetween":       {set("replicas: 2", "replicas: 2, updatedReplicas: 2, readyReplicas: 2, currentRevision: a, updateRevision: b"), broken(trace.CodeRolloutStuck)},
		"StatefulSetScaledToZero":  {set("replicas: 0", "replicas: 0"), scaled},
		"StatefulSetScalingToZero": {set("replicas: 0", "replicas: 1, readyReplicas: 1"), broken(trace.CodeRolloutStuck)},
		"StatefulSetOnDelete":      {set("replicas: 2, updateStrategy: {type: OnDelete}", "replicas: 2, readyReplicas: 2, updatedReplicas: 1"), assessed{trace.Failed, trace.Behind, trace.CodeRolloutStuck, trace.Error}},
		"StatefulSetPartition":     {set("replicas: 3, updateStrategy: {rollingUpdate: {partition: 2}}", "replicas: 3, readyReplicas: 3, updatedReplicas: 1, currentRevision: a, updateRevision: b"), assessed{State: trace.OK, Current: trace.Behind}},
		"DaemonSet":                {daemons("observedGeneration: 2, desiredNumberScheduled: 3, currentNumberScheduled: 3, numberReady: 3, numberAvailable: 3, updatedNumberScheduled: 3"), ok()},
		"DaemonSetOnNoNode":        {daemons("observedGeneration: 2, desiredNumberScheduled: 0"), ok()},
		"DaemonSetUnobserved":      {daemons("observedGeneration: 1, desiredNumberScheduled: 0"), broken(trace.CodeGenerationNotObserved)},
		"DaemonSetWithoutStatus":   {"apiVersion: apps/v1\nkind: DaemonSet", broken(trace.CodeGenerationNotObserved)},
		"DaemonSetNotReady":        {daemons("observedGeneration: 2, desiredNumberScheduled: 3, currentNumberScheduled: 3, numberReady: 1, updatedNumberScheduled: 3"), broken(trace.CodeDaemonSetNotReady)},
		"ReplicaSet":               {"apiVersion: apps/v1\nkind: ReplicaSet\nstatus: {replicas: 1, readyReplicas: 1, availableReplicas: 1}", ok()},
		"ReplicaSetOverQuota":      {"apiVersion: apps/v1\nkind: ReplicaSet\nstatus: {replicas: 0, conditions: [{type: ReplicaFailure, status: \"True\", message: exceeded quota}]}", broken(trace.CodePodsRefused)},
		"ReplicaSetWithoutPods":    {"apiVersion: apps/v1\nkind: ReplicaSet\nstatus: {replicas: 0}", broken(trace.CodeRolloutStuck)},
		"Job":                      {"apiVersion: batch/v1\nkind: Job\nstatus: {startTime: <1h>, conditions: [{type: Complete, status: \"True\"}]}", ok()},
		"JobRuns":                  {"apiVersion: batch/v1\nkind: Job\nstatus: {startTime: <1h>, active: 1}", onItsWay()},
		"JobRunsBeyondItsDeadline": {"apiVersion: batch/v1\nkind: Job\nspec: {activeDeadlineSeconds: 60}\nstatus: {startTime: <1h>, active: 1}", broken(trace.CodeGenerationNotObserved)},
		"JobRunsWithinItsDeadline": {"apiVersion: batch/v1\nkind: Job\nspec: {activeDeadlineSeconds: 7200}\nstatus: {startTime: <1h>, active: 1}", onItsWay()},
		"JobBetweenPods":           {"apiVersion: batch/v1\nkind: Job\nstatus: {startTime: <12m>, failed: 3}", onItsWay()},
		"JobNoLongerRetried":       {"apiVersion: batch/v1\nkind: Job\nstatus: {startTime: <1h>, failed: 3}", broken(trace.CodeRolloutStuck)},
		"JobBeforeItsFirstPod":     {"apiVersion: batch/v1\nkind: Job\nstatus: {startTime: <2m>}", onItsWay()},
		"JobWithoutPods":           {"apiVersion: batch/v1\nkind: Job\nstatus: {startTime: <12m>}", broken(trace.CodeRolloutStuck)},
		"JobNeverStarted":          {"apiVersion: batch/v1\nkind: Job", broken(trace.CodeGenerationNotObserved)},
		"JobSuspended":             {"apiVersion: batch/v1\nkind: Job\nspec: {suspend: true}", scaled},
		"CronJob":                  {"apiVersion: batch/v1\nkind: CronJob\nspec: {schedule: '@daily'}", ok()},
		"CronJobSuspended":         {"apiVersion: batch/v1\nkind: CronJob\nspec: {suspend: true}", scaled},
		"Claim":                    {"apiVersion: v1\nkind: PersistentVolumeClaim\nstatus: {phase: Bound}", ok()},
		"ClaimPending":             {"apiVersion: v1\nkind: PersistentVolumeClaim\nstatus: {phase: Pending}", broken(trace.CodeVolumeClaimPending)},
		"ClaimPendingJustNow":      {"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {creationTimestamp: <5s>}\nstatus: {phase: Pending}", onItsWay()},
		"ClaimLost":                {"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {creationTimestamp: <5s>}\nstatus: {phase: Lost}", broken(trace.CodeVolumeClaimPending)},
	})
}

// TestPodsOnTheirWay: a workload that lacks pods waits for as long as one of them is new or has just changed.
func TestPodsOnTheirWay(t *testing.T) {
	t.Parallel()
	for name, object := range map[string]string{
		"Deployment":  "apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: 2}\nstatus: {replicas: 2, updatedReplicas: 2, readyReplicas: 1, availableReplicas: 1, conditions: [{type: Available, status: \"True\", lastTransitionTime: <1h>}, {type: Progressing, status: \"True\", reason: NewReplicaSetAvailable, lastTransitionTime: <1h>}]}",
		"NoDeadline":  "apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: 2, progressDeadlineSeconds: 2147483647}\nstatus: {replicas: 2, updatedReplicas: 2, readyReplicas: 1, availableReplicas: 1, conditions: [{type: Available, status: \"True\", lastTransitionTime: <1h>}]}",
		"StatefulSet": "apiVersion: apps/v1\nkind: StatefulSet\nspec: {replicas: 2}\nstatus: {replicas: 2, updatedReplicas: 2, readyReplicas: 1}",
		"DaemonSet":   "apiVersion: apps/v1\nkind: DaemonSet\nstatus: {desiredNumberScheduled: 2, currentNumberScheduled: 2, numberReady: 1, numberAvailable: 1, updatedNumberScheduled: 2}",
		"ReplicaSet":  "apiVersion: apps/v1\nkind: ReplicaSet\nspec: {replicas: 2}\nstatus: {replicas: 2, readyReplicas: 1, availableReplicas: 1}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := oldWorld(t)
			w.Set(w.DevPod(), w.Ago(5*1e9), "metadata", "creationTimestamp")
			if got := healthOf(w, object, true); got != onItsWay() {
				t.Errorf("with a pod of 5 s: %+v", got)
			}
			w.Set(w.DevPod(), w.Ago(time.Hour), "metadata", "creationTimestamp")
			if got := healthOf(w, object, true); got.State != trace.Failed {
				t.Errorf("with a pod of an hour: %+v", got)
			}
		})
	}
}

// TestClaimOfAScaledDownWorkload: a claim whose StorageClass binds with the first pod waits for as long as there is none.
func TestClaimOfAScaledDownWorkload(t *testing.T) {
	t.Parallel()
	w := oldWorld(t)
	d := w.One("Deployment", "")
	for _, path := range [][]string{{"spec", "replicas"}, {"status", "replicas"}, {"status", "readyReplicas"}, {"status", "availableReplicas"}, {"status", "updatedReplicas"}} {
		w.Set(d, int64(0), path...)
	}
	if got := healthOf(w, "apiVersion: v1\nkind: PersistentVolumeClaim\nstatus: {phase: Pending}", true); got != ok() {
		t.Errorf("%+v, want OK", got)
	}
}
