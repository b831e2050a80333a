package pods_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// lineCase is a change of the pod of development, with the lines of its rung and the hints of its findings.
type lineCase struct {
	change       func(assesstest.World)
	lines, hints []string
}

func checkLines(t *testing.T, cases map[string]lineCase) {
	t.Helper()
	healthy := assesstest.Healthy(t)
	healthy.Set(healthy.DevPod(), "node-a", "spec", "nodeName")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			startedAgo(w, time.Hour)
			c.change(w)
			r := pods.AssessPod(w.Development(), w.DevPod())
			if diff := cmp.Diff(c.lines, assesstest.Lines(r.Rung)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.hints, assesstest.Hints(r.Rung)); diff != "" {
				t.Errorf("hints (-want +got)\n%s", diff)
			}
		})
	}
}

// containerState sets the status of the only container, or of an init container.
func containerState(list string, status map[string]any) func(assesstest.World) {
	return func(w assesstest.World) {
		w.Condition(w.DevPod(), time.Hour, "Ready", "False", "ContainersNotReady", "containers with unready status: [main]")
		w.Set(w.DevPod(), w.Ago(time.Hour), "metadata", "creationTimestamp")
		w.Set(w.DevPod(), []any{status}, "status", list)
	}
}

func waitsFor(reason, message string) map[string]any {
	return map[string]any{"name": "main", "image": "ghcr.io/acme/app:1", "state": map[string]any{"waiting": map[string]any{"reason": reason, "message": message}}}
}

// crashed is a container in a crash loop, which ended with a code and a reason before.
func crashed(code int64, reason string, restarts int64) map[string]any {
	status := waitsFor("CrashLoopBackOff", "back-off 5m0s restarting failed container")
	status["restartCount"] = restarts
	status["lastState"] = map[string]any{"terminated": map[string]any{"exitCode": code, "reason": reason, "finishedAt": "2026-11-21T09:00:00Z"}}
	return status
}

// TestContainerLines covers the states of a container. The reasons are the kubelet's.
func TestContainerLines(t *testing.T) {
	t.Parallel()
	const main, init = "containerStatuses", "initContainerStatuses"
	const loop = "error CrashLoopBackOff of Pod "
	name := assesstest.Healthy(t).DevPod().Ref.Name
	ended := func(code int64) map[string]any {
		return map[string]any{"name": "main", "restartCount": int64(1), "state": map[string]any{"terminated": map[string]any{"exitCode": code, "reason": "Error", "message": "no config"}}}
	}
	checkLines(t, map[string]lineCase{
		"Crashes": {
			containerState(main, crashed(1, "Error", 3)),
			[]string{"Failed CrashLoopBackOff", loop + name + ": container main ended with exit code 1 (Error)"},
			[]string{"container main exits with an error, 3 restarts so far: read its log"},
		},
		"CrashesForNoReason": {
			containerState(main, crashed(137, "", 1)),
			[]string{"Failed CrashLoopBackOff", loop + name + ": container main ended with exit code 137 (no reason)"},
			[]string{"container main exits with an error, 1 restart so far: read its log"},
		},
		"InitCrashes": {
			containerState(init, crashed(2, "Error", 2)),
			[]string{"Failed CrashLoopBackOff", loop + name + ": init container main ended with exit code 2 (Error)"},
			[]string{"init container main exits with an error, 2 restarts so far: read its log"},
		},
		"OOMKilled": {func(w assesstest.World) {
			containerState(main, crashed(137, "OOMKilled", 3))(w)
			kinds.Items(w.DevPod().Body, "spec", "containers")[0]["resources"] = map[string]any{"limits": map[string]any{"memory": "64Mi"}}
		}, []string{"Failed OOMKilled", "error OOMKilled of Pod " + name + ": container main ended with exit code 137 (OOMKilled)"}, []string{"container main exceeded its memory limit (64Mi): raise it in spec.componentTypeEnvironmentConfigs.resources.limits.memory of ReleaseBinding healthy/greeter-service-development, or use less memory. The kernel ended it, so the last lines of its log need not show the cause"}},
		"Ended": {
			containerState(main, ended(1)),
			[]string{"Failed ContainerFailed", "error ContainerFailed of Pod " + name + ": container main ended with exit code 1 (Error): no config"},
			[]string{"container main exits with an error, 1 restart so far: read its log"},
		},
		"ImageNeverPulled": {
			containerState(main, waitsFor("ErrImageNeverPull", "not present with pull policy Never")),
			[]string{"Failed ImagePullBackOff", "error ImagePullBackOff of Pod " + name + ": not present with pull policy Never"},
			[]string{"image ghcr.io/acme/app:1 is not on the node, and imagePullPolicy Never forbids to pull it"},
		},
		"InvalidImageName": {
			containerState(main, waitsFor("InvalidImageName", "couldn't parse image name")),
			[]string{"Failed ImagePullBackOff", "error ImagePullBackOff of Pod " + name + ": couldn't parse image name"},
			[]string{`"ghcr.io/acme/app:1" is not a valid name of an image: check it in the Workload`},
		},
		"RegistryUnavailable": {
			containerState(main, waitsFor("RegistryUnavailable", "dial tcp: i/o timeout")),
			[]string{"Failed ImagePullBackOff", "error ImagePullBackOff of Pod " + name + ": dial tcp: i/o timeout"},
			[]string{"the registry of image ghcr.io/acme/app:1 does not respond to the node"},
		},
		"PullFailsByItsEvent": {func(w assesstest.World) {
			containerState(main, waitsFor("ImagePullBackOff", "Back-off pulling image"))(w)
			uid := string(w.DevPod().Body.GetUID())
			event(w, w.DevPod(), uid, time.Minute, "Failed", `Failed to pull image "ghcr.io/acme/app:1": not found`)
		}, []string{"Failed ImagePullBackOff", "error ImagePullBackOff of Pod " + name + `: Failed to pull image "ghcr.io/acme/app:1": not found`}, []string{"the registry does not have image ghcr.io/acme/app:1: push it, or correct its name and tag in the Workload"}},
		"CommandNotFound": {
			containerState(main, waitsFor("RunContainerError", `exec: "app": not found`)),
			[]string{"Failed ContainerConfigError", "error ContainerConfigError of Pod " + name + `: exec: "app": not found`},
			[]string{"container main cannot be started: a Secret or ConfigMap that it references does not exist, or its command is invalid"},
		},
	})
}

// TestPodLines covers the life of a pod before and after its containers.
func TestPodLines(t *testing.T) {
	t.Parallel()
	name := assesstest.Healthy(t).DevPod().Ref.Name
	scheduled := func(age time.Duration) func(assesstest.World) {
		return func(w assesstest.World) {
			w.Condition(w.DevPod(), age, "PodScheduled", "False", "Unschedulable", "0/1 nodes are available")
		}
	}
	const evicted = "the kubelet evicted this pod, and its controller creates another: compare the requests of the pods on the node with what they use"
	notReady := func(age time.Duration) func(assesstest.World) {
		return func(w assesstest.World) {
			w.Condition(w.DevPod(), age, "ContainersReady", "False", "ContainersNotReady", "")
			w.Condition(w.DevPod(), age, "Ready", "False", "ContainersNotReady", "containers with unready status: [main]")
		}
	}
	starts := func(age time.Duration) func(assesstest.World) {
		return func(w assesstest.World) {
			containerState("containerStatuses", waitsFor("ContainerCreating", ""))(w)
			w.Set(w.DevPod(), w.Ago(age), "metadata", "creationTimestamp")
		}
	}
	checkLines(t, map[string]lineCase{
		"Running":   {func(assesstest.World) {}, []string{"OK running greeter-service:1.0.0"}, nil},
		"Succeeded": {func(w assesstest.World) { w.Set(w.DevPod(), "Succeeded", "status", "phase") }, []string{"OK succeeded greeter-service:1.0.0"}, nil},
		"Evicted": {func(w assesstest.World) {
			w.Set(w.DevPod(), map[string]any{"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory."}, "status")
		}, []string{"Failed PodFailed", "error PodFailed of Pod " + name + ": The node was low on resource: memory."}, []string{evicted}},
		"EvictedForNoReason": {func(w assesstest.World) {
			w.Set(w.DevPod(), map[string]any{"phase": "Failed", "reason": "Evicted"}, "status")
		}, []string{"Failed PodFailed", "error PodFailed of Pod " + name + ": Evicted"}, []string{evicted}},
		"ScheduledSoon": {scheduled(59 * time.Second), []string{"Progressing not scheduled: 0/1 nodes are available"}, nil},
		"Unschedulable": {
			scheduled(61 * time.Second),
			[]string{"Failed Unschedulable", "error Unschedulable of Pod " + name + ": 0/1 nodes are available"},
			[]string{"no node fits the pod, which requests cpu 100m, memory 256Mi: compare its requests, node selector and tolerations with the nodes"},
		},
		"ReadySoon": {notReady(59 * time.Second), []string{"Progressing not ready"}, nil},
		"NotReady": {
			notReady(61 * time.Second),
			[]string{"Failed not ready", "error PodNotReady of Pod " + name + ": containers with unready status: [main]"},
			[]string{"the containers run, but the readiness probe does not succeed: the logs show why, or the probe is not that of this program"},
		},
		"Starts": {starts(299 * time.Second), []string{"Progressing starting"}, nil},
		"DoesNotStart": {
			starts(301 * time.Second),
			[]string{"Failed starting", "error PodNotReady of Pod " + name + ": containers with unready status: [main]"},
			[]string{"its containers have not started: check the image, the volumes and the node"},
		},
		"ReadyTaken": {readyTaken, []string{"Failed its containers are ready, but the pod is not", "error PodNotReady of Pod " + name + ": the pod is not ready"}, []string{
			"Kubernetes sets Ready to False if the node misses heartbeats, and the kubelet of node node-a has not set it to True again",
		}},
		"NodeLost": {func(w assesstest.World) { readyTaken(w); unreachable(w) }, []string{
			"Failed Node node-a is not ready", "error NodeNotReady of Node node-a: Node node-a is unreachable: Kubelet stopped posting node status.",
		}, []string{"start its machine or kubelet again, or replace the node. The status of its pods is out of date: their containers may still run. Most pods tolerate this for five minutes, and are then replaced on another node"}},
	})
}

// TestDigests: a tag with two digests is reported by its image.
func TestDigests(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	pod := w.DevPod()
	digest := func(o facts.Object, digest string) {
		kinds.Items(o.Body, "status", "containerStatuses")[0]["image"] = "ghcr.io/acme/app:1"
		kinds.Items(o.Body, "status", "containerStatuses")[0]["imageID"] = "ghcr.io/acme/app" + digest
	}
	digest(pod, assesstest.DigestOne)
	next := pod
	next.Ref.Name, next.Body = "next", pod.Body.DeepCopy()
	next.Body.SetName("next")
	w.Put(next)
	for _, l := range w.Lists() {
		if l.Query.Kind == "Pod" {
			l.Items = append(l.Items, next.Ref)
			w.PutList(l, nil)
		}
	}
	for second, want := range map[string]int{assesstest.DigestOne: 0, assesstest.DigestTwo: 1} {
		digest(next, second)
		var got []trace.Finding
		for _, f := range pods.Assess(w.Development()).Findings {
			if f.Code == trace.CodeImageDigestsDiffer {
				got = append(got, f)
			}
		}
		if len(got) != want || want > 0 && (got[0].Message != "pods run 2 different images under the tag app:1" || got[0].Hint != "the tag was pushed again: use a unique tag for each build") {
			t.Errorf("%s: %+v, want %d", second, got, want)
		}
	}
}
