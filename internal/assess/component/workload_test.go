package component_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/component"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// noWorkload takes the Workload away, and answers the list of them.
func noWorkload(w assesstest.World) {
	w.Drop(w.One("Workload", "").Ref)
	w.ClearOwners("Workload")
}

// run is a build of the component that began so long ago, with these conditions.
func run(w assesstest.World, name string, age time.Duration, conditions string) facts.Object {
	return w.PutYAML(`{apiVersion: openchoreo.dev/v1alpha1, kind: WorkflowRun, metadata: {name: ` + name + `, namespace: healthy, creationTimestamp: "` + w.Ago(age) +
		`", labels: {openchoreo.dev/component: greeter-service}}, status: {conditions: [` + conditions + `]}}`)
}

const missing = "error WorkloadNotFound of Workload : no Workload in namespace healthy has spec.owner.componentName greeter-service"

func TestWorkload(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	listed := func(outcome facts.Outcome, item facts.Outcome) func(w assesstest.World) {
		return func(w assesstest.World) {
			o := w.One("Workload", "")
			w.Answer(o, item)
			for _, l := range w.Lists() {
				if l.Query.Kind == "Workload" {
					l.Outcome, l.Reason, l.Items = outcome, "so the test says", []facts.Ref{o.Ref}
					w.PutList(l, nil)
				}
			}
		}
	}
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   []string
	}{
		"Healthy":         {func(assesstest.World) {}, []string{"OK greeter-service-workload, greeter-service:1.0.0"}},
		"Missing":         {noWorkload, []string{"Failed no Workload for component greeter-service", missing}},
		"ListForbidden":   {listed(facts.Forbidden, facts.Absent), []string{"Unknown not readable: forbidden", "warning Forbidden of Workload : so the test says"}},
		"ListedUnread":    {listed(facts.Found, facts.Unreachable), []string{"Unknown not readable: no response", "warning Unreachable of Workload greeter-service-workload: so the test says"}},
		"ListedAndAbsent": {listed(facts.Found, facts.Absent), []string{"Failed no Workload for component greeter-service", missing}},
		"OfAnotherComponent": {func(w assesstest.World) {
			w.Set(w.One("Workload", ""), "other", "spec", "owner", "componentName")
		}, []string{"Failed no Workload for component greeter-service", missing}},
		"BeingDeleted": {func(w assesstest.World) { w.Deleted(w.One("Workload", ""), time.Second) }, []string{
			"Failed Workload healthy/greeter-service-workload is being deleted", "error Terminating of Workload greeter-service-workload: Workload healthy/greeter-service-workload is being deleted",
		}},
		"Twice": {func(w assesstest.World) {
			w.PutYAML(`{apiVersion: openchoreo.dev/v1alpha1, kind: Workload, metadata: {name: again, namespace: healthy}, spec: {owner: {componentName: greeter-service}}}`)
		}, []string{"Failed 2 Workloads for one component", "error MultipleWorkloads of Workload again: Workloads again, greeter-service-workload have the same owner; a component has exactly one Workload"}},
		"WithoutAnImage": {func(w assesstest.World) {
			unstructured.RemoveNestedField(w.One("Workload", "").Body.Object, "spec", "container", "image")
		}, []string{"OK greeter-service-workload, without an image"}},
		"WithoutAnImageYet": {func(w assesstest.World) {
			unstructured.RemoveNestedField(w.One("Workload", "").Body.Object, "spec", "container", "image")
			run(w, "build-1", time.Minute, "")
		}, []string{"Progressing being built by WorkflowRun healthy/build-1", "info Progressing of WorkflowRun build-1: the build has not finished"}},
		"TargetPort": {func(w assesstest.World) {
			w.Set(w.One("Workload", ""), map[string]any{
				"admin": map[string]any{"port": int64(80), "targetPort": int64(8080)}, "http": map[string]any{"port": int64(90), "targetPort": int64(90)}, "grpc": map[string]any{"port": int64(1)},
			}, "spec", "endpoints")
		}, []string{"OK greeter-service-workload, greeter-service:1.0.0", "warning TargetPortBlocked of Workload greeter-service-workload: endpoint admin has port 80 and targetPort 8080"}},
	} {
		w := healthy.Copy(t)
		c.change(w)
		if diff := cmp.Diff(c.want, assesstest.Lines(component.AssessWorkload(w.Component()).Rung)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestBuild: a Workload that is missing is explained by the newest build that should have made it.
func TestBuild(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	condition := func(name, status, message string) string {
		return `{type: ` + name + `, status: "` + status + `", reason: X, message: ` + message + `, lastTransitionTime: "2026-01-01T00:00:00Z"}`
	}
	const failed, pending = "Failed WorkflowRun healthy/build-1 has not created an image", "error WorkflowRunFailed of WorkflowRun build-1: "
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   []string
	}{
		"NoRun":                {func(assesstest.World) {}, []string{"Failed no Workload for component greeter-service", missing}},
		"Failed":               {func(w assesstest.World) { run(w, "build-1", time.Hour, condition("WorkflowFailed", "True", "step 2")) }, []string{failed, pending + "step 2"}},
		"NotFailed":            {func(w assesstest.World) { run(w, "build-1", time.Minute, condition("WorkflowFailed", "False", "x")) }, []string{"Progressing being built by WorkflowRun healthy/build-1", "info Progressing of WorkflowRun build-1: the build has not finished"}},
		"CompletedWithoutWord": {func(w assesstest.World) { run(w, "build-1", time.Hour, condition("WorkflowCompleted", "True", "over")) }, []string{failed, pending + "over"}},
		"Succeeded": {func(w assesstest.World) {
			run(w, "build-1", time.Hour, condition("WorkflowCompleted", "True", "over")+","+condition("WorkflowSucceeded", "True", "over"))
		}, []string{"Failed no Workload for component greeter-service", missing}},
		"Runs":      {func(w assesstest.World) { run(w, "build-1", 29*time.Minute, "") }, []string{"Progressing being built by WorkflowRun healthy/build-1", "info Progressing of WorkflowRun build-1: the build has not finished"}},
		"NeverEnds": {func(w assesstest.World) { run(w, "build-1", 31*time.Minute, "") }, []string{failed, pending + "the build has not finished"}},
		"NeverEndsAndSay": {func(w assesstest.World) {
			run(w, "build-1", time.Hour, condition("WorkflowCompleted", "False", "queued"))
		}, []string{failed, pending + "queued"}},
		"TheNewestCounts": {func(w assesstest.World) {
			run(w, "build-2", time.Minute, "")
			run(w, "build-1", time.Hour, condition("WorkflowFailed", "True", "step 2"))
		}, []string{"Progressing being built by WorkflowRun healthy/build-2", "info Progressing of WorkflowRun build-2: the build has not finished"}},
		"OfAnotherComponent": {func(w assesstest.World) {
			run(w, "build-1", time.Minute, "").Body.SetLabels(map[string]string{"openchoreo.dev/component": "other"})
		}, []string{"Failed no Workload for component greeter-service", missing}},
	} {
		w := healthy.Copy(t)
		noWorkload(w)
		c.change(w)
		if diff := cmp.Diff(c.want, assesstest.Lines(component.AssessWorkload(w.Component()).Rung)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
