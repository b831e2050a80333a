package assess

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// rollOut is a state that a healthy cluster passes through while it takes a change: it is waited for at first, and a failure
// when it has lasted for an hour.
type rollOut struct {
	change func(w assesstest.World, age time.Duration)
	late   assesstest.Outcome
}

// TestRollOuts holds what the soak of the lab has shown (test/lab/e2e/soak_test.go), and what the controllers' sources say
// can be seen for a moment.
func TestRollOuts(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for _, some := range []map[string]rollOut{declaredRollOuts(), boundRollOuts(), placedRollOuts()} {
		for name, c := range some {
			for age, want := range map[time.Duration]assesstest.Outcome{time.Second: {Verdict: trace.VerdictProgressing}, time.Hour: c.late} {
				t.Run(name+"/"+age.String(), func(t *testing.T) {
					t.Parallel()
					w := healthy.Copy(t)
					w.Aged(time.Hour)
					c.change(w, age)
					if diff := cmp.Diff(want, assesstest.OutcomeOf(Assess(w.Snapshot, w.TakenAt))); diff != "" {
						t.Errorf("(-want +got)\n%s", diff)
					}
				})
			}
		}
	}
}

func declaredRollOuts() map[string]rollOut {
	const dev = "development"
	return map[string]rollOut{
		"ComponentBeforeItsWorkload": {func(w assesstest.World, age time.Duration) {
			w.Applies(age)
			w.DropWhere(func(o facts.Object) bool { return o.Ref.Kind == "Workload" })
			w.ClearOwners("Workload")
			w.Condition(w.One("Component", ""), age, "Ready", "False", "WorkloadNotFound", "waiting for workload to be created")
		}, assesstest.Failed(trace.RungWorkload, "", trace.CodeWorkloadNotFound, "Workload")},
		"BindingOfAKustomizationOnItsWay": {func(w assesstest.World, age time.Duration) {
			w.DropWhere(func(o facts.Object) bool { return o.Ref.Kind == "ReleaseBinding" })
			w.ClearOwners("ReleaseBinding")
			w.Set(w.One("GitRepository", ""), w.Ago(age), "status", "artifact", "lastUpdateTime")
			late := w.One("Kustomization", "-projects")
			late.Ref.Name, late.Body = "bindings", late.Body.DeepCopy()
			late.Body.SetName("bindings")
			w.Put(late)
			w.Set(late, "main@sha1:0123456789012345678901234567890123456789", "status", "lastAppliedRevision")
			unstructured.RemoveNestedField(late.Body.Object, "status", "inventory")
		}, assesstest.Failed(trace.RungBinding, dev, trace.CodeReleaseBindingNotFound, "ReleaseBinding")},
		"ReleaseBeforeItsCell": {func(w assesstest.World, age time.Duration) {
			w.Applies(age)
			cell := w.One("ProjectReleaseBinding", "-development")
			w.DropWhere(func(o facts.Object) bool { return o.Ref == cell.Ref })
			w.ApplyFailed(age)
		}, assesstest.Failed(trace.RungCell, dev, trace.CodeProjectReleaseBindingNotFound, "ProjectReleaseBinding")},
		"CellWithoutANamespaceYet": {func(w assesstest.World, age time.Duration) {
			w.Applies(age)
			unstructured.RemoveNestedField(w.One("ProjectReleaseBinding", "-development").Body.Object, "status")
			w.ApplyFailed(age)
		}, assesstest.Failed(trace.RungCell, dev, trace.CodeGenerationNotObserved, "ProjectReleaseBinding")},
		"CellWhoseReleaseIsNotSetYet": {func(w assesstest.World, age time.Duration) {
			cell := w.One("ProjectReleaseBinding", "-development")
			w.Condition(cell, age, "Synced", "False", "ProjectReleaseNotSet", "spec.projectRelease is unset")
			w.Condition(cell, age, "Ready", "False", "ProjectReleaseNotSet", "spec.projectRelease is unset")
			w.ApplyFailed(age)
		}, assesstest.Failed(trace.RungCell, dev, trace.CodeProjectReleaseNotSet, "ProjectReleaseBinding")},
	}
}

func boundRollOuts() map[string]rollOut {
	const dev = "development"
	return map[string]rollOut{
		"ReleaseThatTheCacheDoesNotHoldYet": {func(w assesstest.World, age time.Duration) {
			w.Condition(w.One("ReleaseBinding", "-development"), age, "ReleaseSynced", "False", "ComponentReleaseNotFound", "not found")
		}, assesstest.Failed(trace.RungBinding, dev, trace.CodeStaleNotFound, "ReleaseBinding")},
		"BindingTakenAway": {func(w assesstest.World, age time.Duration) {
			w.Deleted(w.One("ReleaseBinding", "-development"), age)
		}, assesstest.Failed(trace.RungBinding, dev, trace.CodeTerminating, "ReleaseBinding")},
		"DeployedAgain": {func(w assesstest.World, age time.Duration) {
			w.Applied(age)
			binding := w.One("ReleaseBinding", "-development")
			w.Condition(binding, time.Hour, "ReleaseSynced", "False", "ResourcesUndeployed", "Resources undeployed")
			w.Set(binding, binding.Body.GetGeneration()+1, "metadata", "generation")
		}, assesstest.Failed(trace.RungBinding, dev, trace.CodeGenerationNotObserved, "ReleaseBinding")},
		"DeployedAgainBeforeTheOldHasEnded": {func(w assesstest.World, age time.Duration) {
			w.Deleted(w.One("RenderedRelease", "greeter-service-development"), age)
			w.DropWhere(func(o facts.Object) bool {
				return o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.Cell("development")
			})
		}, assesstest.Failed(trace.RungRendered, dev, trace.CodeTerminating, "RenderedRelease")},
		"UndeployedAndNotGone": {func(w assesstest.World, age time.Duration) {
			w.Set(w.One("ReleaseBinding", "-development"), "Undeploy", "spec", "state")
			w.Deleted(w.One("RenderedRelease", "greeter-service-development"), age)
		}, assesstest.Failed(trace.RungRendered, dev, trace.CodeTerminating, "RenderedRelease")},
		"NewKindOfTheNextGeneration": {func(w assesstest.World, age time.Duration) {
			w.Applied(age)
			rendered := w.One("RenderedRelease", "greeter-service-development")
			w.Set(rendered, rendered.Body.GetGeneration()+1, "metadata", "generation")
			w.DropWhere(func(o facts.Object) bool {
				return o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.Cell("development")
			})
		}, assesstest.Failed(trace.RungRendered, dev, trace.CodeGenerationNotApplied, "RenderedRelease")},
	}
}

func placedRollOuts() map[string]rollOut {
	const dev = "development"
	return map[string]rollOut{
		"FixOfABadImageThatTheBindingHasNotSeen": {func(w assesstest.World, age time.Duration) {
			w.Waiting("ImagePullBackOff")
			w.Applied(age)
			binding := w.One("ReleaseBinding", "-development")
			w.Set(binding, binding.Body.GetGeneration()+1, "metadata", "generation")
		}, assesstest.Failed(trace.RungBinding, dev, trace.CodeGenerationNotObserved, "ReleaseBinding")},
		"FixOfABadImageThatThePlaneDoesNotHave": {func(w assesstest.World, age time.Duration) {
			w.Waiting("ImagePullBackOff")
			w.Applied(age)
			rendered := w.One("RenderedRelease", "greeter-service-development")
			w.Set(rendered, rendered.Body.GetGeneration()+1, "metadata", "generation")
		}, assesstest.Failed(trace.RungRendered, dev, trace.CodeGenerationNotApplied, "RenderedRelease")},
		"FixOfABadImageThatTheDeploymentHasNotSeen": {func(w assesstest.World, age time.Duration) {
			w.Waiting("ImagePullBackOff")
			w.Applied(age)
			for _, o := range w.Objects() {
				if o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.Cell("development") {
					w.Set(o, o.Body.GetGeneration()+1, "metadata", "generation")
				}
			}
		}, assesstest.Failed(trace.RungPod, dev, "ImagePullBackOff", "Pod")},
		"ScaledUpFromZero": {func(w assesstest.World, age time.Duration) {
			pod := w.DevPod()
			w.DropWhere(func(o facts.Object) bool { return o.Ref == pod.Ref })
			for _, o := range w.Objects() {
				if o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.Cell("development") {
					w.Set(o, int64(0), "status", "availableReplicas")
					w.Condition(o, age, "Available", "False", "MinimumReplicasUnavailable", "")
					w.Condition(o, 2*time.Hour, "Progressing", "True", "ReplicaSetUpdated", "")
				}
			}
		}, assesstest.Failed(trace.RungPod, dev, trace.CodePodsNotCreated, "Deployment")},
		"DeploymentIsDeleted": {func(w assesstest.World, age time.Duration) {
			for _, o := range w.Objects() {
				if o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.Cell("development") {
					w.Deleted(o, age)
				}
			}
		}, assesstest.Failed(trace.RungResource, dev, trace.CodeTerminating, "Deployment")},
		"ReadyNoMore": {func(w assesstest.World, age time.Duration) {
			started := w.TakenAt.Add(-2 * time.Hour).UTC().Format(time.RFC3339)
			w.Set(w.DevPod(), []any{map[string]any{"name": "main", "image": "x", "state": map[string]any{"running": map[string]any{"startedAt": started}}}}, "status", "containerStatuses")
			w.Condition(w.DevPod(), age, "Ready", "False", "ContainersNotReady", "containers with unready status: [main]")
		}, assesstest.Failed(trace.RungPod, dev, trace.CodePodNotReady, "Pod")},
	}
}

// TestFixThatTheStatefulSetHasNotSeen: its controller looks as late as that of a Deployment.
func TestFixThatTheStatefulSetHasNotSeen(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]assesstest.Outcome{
		time.Second: {Verdict: trace.VerdictProgressing}, time.Hour: {Verdict: trace.VerdictFailed, Rung: trace.RungPod, Environment: "development", Code: "ImagePullBackOff", Kind: "Pod"},
	} {
		w := assesstest.World{Snapshot: factstest.Scenario(t, "session-store-healthy"), T: t}
		w.Aged(time.Hour)
		w.Waiting("ImagePullBackOff")
		w.Applied(age)
		set := w.One("StatefulSet", "")
		w.Set(set, set.Body.GetGeneration()+1, "metadata", "generation")
		if diff := cmp.Diff(want, assesstest.OutcomeOf(Assess(w.Snapshot, w.TakenAt))); diff != "" {
			t.Errorf("after %s (-want +got)\n%s", age, diff)
		}
	}
}

// TestUndeployedIsStill: when all is gone that a binding took away, nothing is left to wait for.
func TestUndeployedIsStill(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	w.Set(w.One("ReleaseBinding", "-development"), "Undeploy", "spec", "state")
	rendered := w.One("RenderedRelease", "greeter-service-development")
	w.DropWhere(func(o facts.Object) bool { return o.Ref == rendered.Ref })
	got := Assess(w.Snapshot, w.TakenAt)
	if got.Verdict != trace.VerdictHealthy || got.Environments[0].Verdict != trace.VerdictSuspended {
		t.Errorf("verdict %s, of development %s; want Healthy and Suspended", got.Verdict, got.Environments[0].Verdict)
	}
}

// TestNothingRunsPods: a release that renders a Service only, as a component type of workloadType proxy may, wants no pods.
func TestNothingRunsPods(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, keep := range map[string]string{"OnlyAService": "Service", "Nothing": ""} {
		w := healthy.Copy(t)
		rendered := w.One("RenderedRelease", "greeter-service-development")
		kept := []any{}
		for _, item := range kinds.Items(rendered.Body, "spec", "resources") {
			if kinds.String(item, "object", "kind") == keep {
				kept = append(kept, item)
			}
		}
		w.Set(rendered, kept, "spec", "resources")
		for _, l := range w.Lists() { // nobody asks for pods then
			if l.Query.Plane != facts.Control && l.Query.Namespace == w.Cell("development") {
				l.Outcome, l.Items = facts.NotAsked, nil
				w.PutList(l, nil)
			}
		}
		w.DropWhere(func(o facts.Object) bool { return o.Ref.Namespace == w.Cell("development") })
		got := Assess(w.Snapshot, w.TakenAt)
		if got.Verdict != trace.VerdictHealthy {
			t.Errorf("%s: verdict %s, failing %+v; want Healthy", name, got.Verdict, got.Failing)
		}
		for _, r := range got.Environments[0].Rungs {
			if r.ID == trace.RungPod && (r.State != trace.OK || r.Summary != "none, as rendered") {
				t.Errorf("%s: pod is %s: %s", name, r.State, r.Summary)
			}
		}
	}
}
