package health_test

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
)

// writtenObjects are objects of the kinds that no scenario has recorded, by their state. The controller of a DaemonSet writes all of
// these numbers, also those that are 0 (Kubernetes v1.36 staging/src/k8s.io/api/apps/v1/types.go, DaemonSetStatus).
func writtenObjects() map[string]string {
	const all = "observedGeneration: 2, desiredNumberScheduled: 3, currentNumberScheduled: 3, numberMisscheduled: 0, "
	daemons := func(spec, status string) string {
		return "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {generation: 2}\nspec: {" + spec + "}\nstatus: {" + status + "}"
	}
	return map[string]string{
		"complete":            daemons("", all+"updatedNumberScheduled: 3, numberReady: 3, numberAvailable: 3"),
		"rolling out":         daemons("", all+"updatedNumberScheduled: 1, numberReady: 2, numberAvailable: 2, numberUnavailable: 1"),
		"no pod is ready":     daemons("", all+"updatedNumberScheduled: 3, numberReady: 0, numberUnavailable: 3"),
		"ready for a moment":  daemons("minReadySeconds: 30", all+"updatedNumberScheduled: 3, numberReady: 3, numberAvailable: 1, numberUnavailable: 2"),
		"old pods, OnDelete":  daemons("updateStrategy: {type: OnDelete}", all+"updatedNumberScheduled: 1, numberReady: 3, numberAvailable: 3"),
		"a node without pod":  daemons("", "observedGeneration: 2, desiredNumberScheduled: 3, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 2, numberAvailable: 2"),
		"no node":             daemons("", "observedGeneration: 2, desiredNumberScheduled: 0, currentNumberScheduled: 0, numberMisscheduled: 2, numberReady: 0"),
		"not observed":        daemons("", "observedGeneration: 1, desiredNumberScheduled: 0, currentNumberScheduled: 0, numberReady: 0"),
		"no number is there":  daemons("", "observedGeneration: 2"),
		"without generations": "apiVersion: apps/v1\nkind: DaemonSet\nstatus: {desiredNumberScheduled: 1, currentNumberScheduled: 1, updatedNumberScheduled: 1, numberReady: 1, numberAvailable: 1}",
	}
}

// justChanged is a healthy world whose release was applied, and whose pod was created, a moment ago.
func justChanged(t *testing.T) assesstest.World {
	t.Helper()
	w := assesstest.Healthy(t)
	w.Condition(w.One("RenderedRelease", "greeter-service-development"), 5*time.Second, "ResourcesApplied", "True", "ApplySucceeded", "")
	w.Set(w.One("RenderedRelease", "greeter-service-development"), w.Ago(5*time.Second), "metadata", "creationTimestamp")
	w.Set(w.DevPod(), w.Ago(5*time.Second), "metadata", "creationTimestamp")
	return w
}
