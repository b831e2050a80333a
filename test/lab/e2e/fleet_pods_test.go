package e2e

import (
	"context"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
)

// brokenPods have faults of pods that no image tag of the lab can cause.
func brokenPods() []fleetCase {
	const dev = "development"
	return []fleetCase{
		{
			scenario: scenario{name: "pod-volume-missing", fault: "a volume of the pod is made of a ConfigMap that does not exist", want: failed("pod", dev, "VolumeNotMounted", "Pod", "*", "MountVolume.SetUp failed")},
			tag:      "badvolume", kind: "deployment/plain",
		},
		{
			scenario: scenario{name: "pod-flapping", fault: "the container crashed a moment ago and runs again", want: healthyWith("PodFlapping")},
			kind:     "deployment/plain", then: reportCrash,
		},
		{
			scenario: scenario{name: "pod-never-ends", fault: "a finalizer holds a pod that was deleted", timeout: 5 * time.Minute, want: healthyWith("PodStuckTerminating")},
			kind:     "deployment/plain", then: deletePodWithFinalizer, slow: true,
		},
		{
			scenario: scenario{name: "pod-digests-differ", fault: "the tag was pushed again between the pulls of two pods", want: healthyWith("ImageDigestsDiffer")},
			kind:     "deployment/twins", then: setDigests,
		},
		{
			scenario: scenario{name: "pod-evicted", fix: []string{"kubectl delete pod"}, fault: "the node evicts the pod, and another takes its place", want: healthyWith("PodFailed")},
			kind:     "deployment/plain", then: evictPod,
		},
	}
}

// pods waits for a number of running pods of a component.
func (n *tenant) pods(ctx context.Context, name string, count int) ([]client.Object, error) {
	cell, err := n.cellOf(ctx, "development")
	if err != nil {
		return nil, err
	}
	var found []client.Object
	err = wait.PollUntilContextCancel(ctx, time.Second, true, func(ctx context.Context) (bool, error) {
		out, err := shared.lab.Kubectl(ctx, "", "", "-n", cell.Name, "get", "pods", "-l", "openchoreo.dev/component="+name,
			"--field-selector=status.phase=Running", "-o", "name")
		found = nil
		for _, pod := range strings.Fields(out) {
			o := client.Object{Namespace: cell.Name, Name: strings.TrimPrefix(pod, "pod/")}
			o.Kind.Kind = "Pod"
			found = append(found, o)
		}
		return len(found) >= count, err
	})
	return found, err
}

func reportCrash(ctx context.Context, n *tenant, name string) error {
	return n.patchPods(ctx, name, 1, func(int) string {
		ended := time.Now().UTC().Format(time.RFC3339)
		return fmt.Sprintf(`{"status":{"containerStatuses":[{"name":"main","image":"registry.example.com/acme/%s:1.0.0","imageID":"","ready":true,"started":true,"restartCount":7,"state":{"running":{"startedAt":%q}},"lastState":{"terminated":{"exitCode":2,"reason":"Error","startedAt":%q,"finishedAt":%q}}}]}}`, name, ended, ended, ended)
	})
}

func setDigests(ctx context.Context, n *tenant, name string) error {
	return n.patchPods(ctx, name, 2, func(i int) string {
		return fmt.Sprintf(`{"status":{"containerStatuses":[{"name":"main","image":"registry.example.com/acme/%[1]s:1.0.0","imageID":"registry.example.com/acme/%[1]s@sha256:%[2]s","ready":true,"started":true,"restartCount":0,"state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}}}]}}`,
			name, strings.Repeat(fmt.Sprint(i), 64))
	})
}

func evictPod(ctx context.Context, n *tenant, name string) error {
	return n.patchPods(ctx, name, 1, func(int) string {
		return `{"status":{"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory.","containerStatuses":[]}}`
	})
}

func (n *tenant) patchPods(ctx context.Context, name string, count int, patch func(int) string) error {
	found, err := n.pods(ctx, name, count)
	if err != nil {
		return err
	}
	for i, pod := range found {
		if err := shared.lab.PatchStatus(ctx, pod, patch(i)); err != nil {
			return err
		}
	}
	return nil
}

func deletePodWithFinalizer(ctx context.Context, n *tenant, name string) error {
	found, err := n.pods(ctx, name, 1)
	if err != nil {
		return err
	}
	if err := shared.lab.Patch(ctx, found[0], `{"metadata":{"finalizers":["example.com/hold"]}}`); err != nil {
		return err
	}
	n.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := shared.lab.Patch(ctx, found[0], `{"metadata":{"finalizers":null}}`); err != nil {
			n.t.Error(err)
		}
	})
	return shared.lab.Delete(ctx, found[0])
}
