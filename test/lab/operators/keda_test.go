package operators

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// TestKEDA scales by the clock, by a Prometheus that does not run, and by what KEDA cannot read.
func TestKEDA(t *testing.T) {
	needs(t, "KEDA")
	runAll(t, "KEDA", append(scalable(), unscalable()...))
}

// Triggers that need no neighbour: the clock is in the first all day but for its last minute, and in the second on one day of the year.
const (
	active   = `{type: cron, metadata: {timezone: UTC, start: "0 0 * * *", end: "59 23 * * *", desiredReplicas: "2"}}`
	inactive = `{type: cron, metadata: {timezone: UTC, start: "0 0 29 2 *", end: "1 0 29 2 *", desiredReplicas: "2"}}`
	// refused is one whose Prometheus refuses connections.
	refused = `{type: prometheus, metadata: {serverAddress: "http://127.0.0.1:1", query: up, threshold: "1"}}`
)

// scalable are components that KEDA scales, or whose ScaledObject is paused.
func scalable() []rendered {
	return []rendered{
		autoscaled("keda-active", "none: KEDA scales the component by the clock", "minReplicaCount: 1", healthy(), active).once(scaledObject("HPAActive", "True")),
		autoscaled("keda-at-zero", "none: no trigger is active, and KEDA has scaled the component to zero", "minReplicaCount: 0\n  cooldownPeriod: 5", healthy(), inactive).once(scaledObject("HPAActive", "True")),
		autoscaled("keda-paused", "none: the ScaledObject is paused at one replica", "minReplicaCount: 0", healthy(), inactive).paused("1"),
		autoscaled("keda-paused-at-zero", "none: the ScaledObject is paused at zero replicas", "minReplicaCount: 1", healthy(), active).paused("0"),
	}
}

// unscalable are components that KEDA cannot scale.
func unscalable() []rendered {
	target := autoscaled("keda-target-absent", "the Deployment that the ScaledObject names does not exist", "minReplicaCount: 1", onScaledObject(`"ghost" not found`), active)
	kind := autoscaled("keda-target-not-scalable", "the object that the ScaledObject names has no replicas", "minReplicaCount: 1", onScaledObject("could not find the requested resource"), active)
	kind.objects[0] = strings.Replace(fmt.Sprintf(scaledObjectFormat, "{}", "default", "minReplicaCount: 1", active), "{name: ", "{apiVersion: v1, kind: ServiceAccount, name: ", 2)
	kind.objects[0] = strings.Replace(kind.objects[0], "metadata: {apiVersion: v1, kind: ServiceAccount, name: ", "metadata: {name: ", 1)
	target.objects[0] = fmt.Sprintf(scaledObjectFormat, "{}", "ghost", "minReplicaCount: 1", active)
	return []rendered{
		target, kind,
		autoscaled("keda-idle-invalid", "the ScaledObject has more replicas when it is idle than at least", "minReplicaCount: 1\n  idleReplicaCount: 2", onScaledObject("Replica Counts specification"), active),
		autoscaled("keda-counts-refused", "the minimum of the ScaledObject is above its maximum, which its CustomResourceDefinition refuses", "minReplicaCount: 5",
			failed("rendered", "development", "ApplyFailed", "RenderedRelease", "*", "minReplicaCount must be less than or equal to maxReplicaCount"), active),
		autoscaled("keda-trigger-unknown", "KEDA has no scaler of the type of the trigger", "minReplicaCount: 1", onScaledObject("no scaler found for type: carrier-pigeon"), `{type: carrier-pigeon, metadata: {}}`),
		autoscaled("keda-trigger-invalid", "the metadata of the trigger have no address of Prometheus", "minReplicaCount: 1", onScaledObject("serverAddress"), `{type: prometheus, metadata: {query: up, threshold: "1"}}`),
		autoscaled("keda-authentication-absent", "the TriggerAuthentication of the trigger does not exist", "minReplicaCount: 1", onScaledObject("bearer token"),
			`{type: prometheus, metadata: {serverAddress: "http://127.0.0.1:1", query: up, threshold: "1", authModes: bearer}, authenticationRef: {name: ghost}}`),
		autoscaled("keda-trigger-fails", "the Prometheus of the only trigger refuses connections", "minReplicaCount: 1", onScaledObject("not working correctly"), refused).within(8 * time.Minute),
		autoscaled("keda-one-trigger-fails", "the Prometheus of one of two triggers refuses connections", "minReplicaCount: 1", worth("AutoscalerFailing"), active+", "+refused).once(scaledObject("Ready", "Unknown")),
		autoscaled("keda-fallback", "the Prometheus of the trigger refuses connections, and the fallback of the ScaledObject sets the number of replicas",
			"minReplicaCount: 1\n  fallback: {failureThreshold: 1, replicas: 2}", worth("AutoscalerFailing"), refused).once(scaledObject("Fallback", "True")),
	}
}

const scaledObjectFormat = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: "${metadata.name}", namespace: "${metadata.namespace}", labels: "${metadata.labels}", annotations: %s}
spec:
  scaleTargetRef: {name: %q}
  pollingInterval: 5
  maxReplicaCount: 3
  %s
  triggers: [%s]`

// autoscaled is a component whose number of replicas is KEDA's. spec has further lines of the ScaledObject's.
func autoscaled(name, fault, spec string, want suite.Want, triggers string) rendered {
	return rendered{
		Scenario: suite.Scenario{Name: name, Fault: fault, Want: want, Timeout: 5 * time.Minute},
		workload: "apiVersion: apps/v1\nkind: Deployment\nmetadata: META\nspec:\n  " + template,
		objects:  []string{fmt.Sprintf(scaledObjectFormat, "{}", "${metadata.name}", spec, triggers)},
	}
}

// paused is one with the annotation that pauses it at a number of replicas.
func (r rendered) paused(replicas string) rendered {
	r.objects = []string{fmt.Sprintf(scaledObjectFormat, fmt.Sprintf("{autoscaling.keda.sh/paused-replicas: %q}", replicas), "${metadata.name}", "minReplicaCount: 1", active)}
	return r.once(scaledObject("Paused", "True"))
}

// within is one whose fault counts after minutes only.
func (r rendered) within(limit time.Duration) rendered {
	r.Timeout = limit
	return r
}

// once is one that is traced when then has returned.
func (r rendered) once(then func(context.Context, placed) error) rendered {
	r.then = then
	return r
}

// scaledObject waits until a condition of the ScaledObject has a status.
func scaledObject(condition, status string) func(context.Context, placed) error {
	return func(ctx context.Context, p placed) error {
		if err := shared.Lab.WaitFor(ctx, p.object("keda.sh", "ScaledObject"), func(u *unstructured.Unstructured) error {
			return client.HasCondition(u, condition, status, "")
		}); err != nil {
			return err
		}
		return p.look(ctx)
	}
}

func onScaledObject(message string) suite.Want {
	return failed("resource", "development", "AutoscalerFailing", "ScaledObject", "*", message)
}
