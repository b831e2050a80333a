package assess

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// rollOut is a state that a healthy cluster passes through while it takes a change: it is waited for at first, and a failure
// when it has lasted for an hour.
type rollOut struct {
	change func(w world, age time.Duration)
	late   outcome
}

// TestRollOuts holds what the soak of the lab has shown (test/lab/e2e/soak_test.go), and what the controllers' sources say
// can be seen for a moment.
func TestRollOuts(t *testing.T) {
	t.Parallel()
	for _, some := range []map[string]rollOut{declaredRollOuts(), boundRollOuts(), placedRollOuts()} {
		for name, c := range some {
			for age, want := range map[time.Duration]outcome{time.Second: {Verdict: trace.VerdictProgressing}, hour: c.late} {
				t.Run(name+"/"+age.String(), func(t *testing.T) {
					t.Parallel()
					w := healthyWorld(t)
					w.oldAs(hour)
					c.change(w, age)
					if diff := cmp.Diff(want, of(Assess(w.Snapshot, w.TakenAt))); diff != "" {
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
		"ComponentBeforeItsWorkload": {func(w world, age time.Duration) {
			w.applies(age)
			w.drop(func(o facts.Object) bool { return o.Ref.Kind == "Workload" })
			w.clearOwners("Workload")
			w.condition(w.one("Component", ""), age, "Ready", "False", "WorkloadNotFound", "waiting for workload to be created")
		}, outcome{trace.VerdictFailed, trace.RungWorkload, "", trace.CodeWorkloadNotFound, "Workload"}},
		"BindingOfAKustomizationOnItsWay": {func(w world, age time.Duration) {
			w.drop(func(o facts.Object) bool { return o.Ref.Kind == "ReleaseBinding" })
			w.clearOwners("ReleaseBinding")
			w.set(w.one("GitRepository", ""), w.ago(age), "status", "artifact", "lastUpdateTime")
			late := w.one("Kustomization", "-projects")
			late.Ref.Name, late.Body = "bindings", late.Body.DeepCopy()
			late.Body.SetName("bindings")
			w.Put(late)
			w.set(late, "main@sha1:0123456789012345678901234567890123456789", "status", "lastAppliedRevision")
			unstructured.RemoveNestedField(late.Body.Object, "status", "inventory")
		}, outcome{trace.VerdictFailed, trace.RungBinding, dev, trace.CodeReleaseBindingNotFound, "ReleaseBinding"}},
		"ReleaseBeforeItsCell": {func(w world, age time.Duration) {
			w.applies(age)
			cell := w.one("ProjectReleaseBinding", "-development")
			w.drop(func(o facts.Object) bool { return o.Ref == cell.Ref })
			w.applyFailed(age)
		}, outcome{trace.VerdictFailed, trace.RungCell, dev, trace.CodeProjectReleaseBindingNotFound, "ProjectReleaseBinding"}},
		"CellWithoutANamespaceYet": {func(w world, age time.Duration) {
			w.applies(age)
			unstructured.RemoveNestedField(w.one("ProjectReleaseBinding", "-development").Body.Object, "status")
			w.applyFailed(age)
		}, outcome{trace.VerdictFailed, trace.RungCell, dev, trace.CodeGenerationNotObserved, "ProjectReleaseBinding"}},
		"CellWhoseReleaseIsNotSetYet": {func(w world, age time.Duration) {
			cell := w.one("ProjectReleaseBinding", "-development")
			w.condition(cell, age, "Synced", "False", "ProjectReleaseNotSet", "spec.projectRelease is unset")
			w.condition(cell, age, "Ready", "False", "ProjectReleaseNotSet", "spec.projectRelease is unset")
			w.applyFailed(age)
		}, outcome{trace.VerdictFailed, trace.RungCell, dev, trace.CodeProjectReleaseNotSet, "ProjectReleaseBinding"}},
	}
}

func boundRollOuts() map[string]rollOut {
	const dev = "development"
	return map[string]rollOut{
		"ReleaseThatTheCacheDoesNotHoldYet": {func(w world, age time.Duration) {
			w.condition(w.one("ReleaseBinding", "-development"), age, "ReleaseSynced", "False", "ComponentReleaseNotFound", "not found")
		}, outcome{trace.VerdictFailed, trace.RungBinding, dev, trace.CodeStaleNotFound, "ReleaseBinding"}},
		"BindingTakenAway": {func(w world, age time.Duration) {
			w.deleted(w.one("ReleaseBinding", "-development"), age)
		}, outcome{trace.VerdictFailed, trace.RungBinding, dev, trace.CodeTerminating, "ReleaseBinding"}},
		"DeployedAgain": {func(w world, age time.Duration) {
			w.applied(age)
			binding := w.one("ReleaseBinding", "-development")
			w.condition(binding, hour, "ReleaseSynced", "False", "ResourcesUndeployed", "Resources undeployed")
			w.set(binding, binding.Body.GetGeneration()+1, "metadata", "generation")
		}, outcome{trace.VerdictFailed, trace.RungBinding, dev, trace.CodeGenerationNotObserved, "ReleaseBinding"}},
		"DeployedAgainBeforeTheOldHasEnded": {func(w world, age time.Duration) {
			w.deleted(w.one("RenderedRelease", "greeter-service-development"), age)
			w.drop(func(o facts.Object) bool {
				return o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.cell("development")
			})
		}, outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeTerminating, "RenderedRelease"}},
		"UndeployedAndNotGone": {func(w world, age time.Duration) {
			w.set(w.one("ReleaseBinding", "-development"), "Undeploy", "spec", "state")
			w.deleted(w.one("RenderedRelease", "greeter-service-development"), age)
		}, outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeTerminating, "RenderedRelease"}},
		"NewKindOfTheNextGeneration": {func(w world, age time.Duration) {
			w.applied(age)
			rendered := w.one("RenderedRelease", "greeter-service-development")
			w.set(rendered, rendered.Body.GetGeneration()+1, "metadata", "generation")
			w.drop(func(o facts.Object) bool {
				return o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.cell("development")
			})
		}, outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeGenerationNotApplied, "RenderedRelease"}},
	}
}

func placedRollOuts() map[string]rollOut {
	const dev = "development"
	return map[string]rollOut{
		"FixOfABadImageThatTheBindingHasNotSeen": {func(w world, age time.Duration) {
			w.waiting("ImagePullBackOff")
			w.applied(age)
			binding := w.one("ReleaseBinding", "-development")
			w.set(binding, binding.Body.GetGeneration()+1, "metadata", "generation")
		}, outcome{trace.VerdictFailed, trace.RungBinding, dev, trace.CodeGenerationNotObserved, "ReleaseBinding"}},
		"FixOfABadImageThatThePlaneDoesNotHave": {func(w world, age time.Duration) {
			w.waiting("ImagePullBackOff")
			w.applied(age)
			rendered := w.one("RenderedRelease", "greeter-service-development")
			w.set(rendered, rendered.Body.GetGeneration()+1, "metadata", "generation")
		}, outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeGenerationNotApplied, "RenderedRelease"}},
		"FixOfABadImageThatTheDeploymentHasNotSeen": {func(w world, age time.Duration) {
			w.waiting("ImagePullBackOff")
			w.applied(age)
			for _, o := range w.Objects() {
				if o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.cell("development") {
					w.set(o, o.Body.GetGeneration()+1, "metadata", "generation")
				}
			}
		}, outcome{trace.VerdictFailed, trace.RungPod, dev, "ImagePullBackOff", "Pod"}},
		"ScaledUpFromZero": {func(w world, age time.Duration) {
			pod := w.devPod()
			w.drop(func(o facts.Object) bool { return o.Ref == pod.Ref })
			for _, o := range w.Objects() {
				if o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.cell("development") {
					w.set(o, int64(0), "status", "availableReplicas")
					w.condition(o, age, "Available", "False", "MinimumReplicasUnavailable", "")
					w.condition(o, 2*hour, "Progressing", "True", "ReplicaSetUpdated", "")
				}
			}
		}, outcome{trace.VerdictFailed, trace.RungPod, dev, trace.CodePodsNotCreated, "Deployment"}},
		"DeploymentIsDeleted": {func(w world, age time.Duration) {
			for _, o := range w.Objects() {
				if o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.cell("development") {
					w.deleted(o, age)
				}
			}
		}, outcome{trace.VerdictFailed, trace.RungResource, dev, trace.CodeTerminating, "Deployment"}},
		"ReadyNoMore": {func(w world, age time.Duration) {
			started := w.TakenAt.Add(-2 * hour).UTC().Format(time.RFC3339)
			w.set(w.devPod(), []any{map[string]any{"name": "main", "image": "x", "state": map[string]any{"running": map[string]any{"startedAt": started}}}}, "status", "containerStatuses")
			w.condition(w.devPod(), age, "Ready", "False", "ContainersNotReady", "containers with unready status: [main]")
		}, outcome{trace.VerdictFailed, trace.RungPod, dev, trace.CodePodNotReady, "Pod"}},
	}
}

// TestFixThatTheStatefulSetHasNotSeen: its controller looks as late as that of a Deployment.
func TestFixThatTheStatefulSetHasNotSeen(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]outcome{
		time.Second: {Verdict: trace.VerdictProgressing}, hour: {trace.VerdictFailed, trace.RungPod, "development", "ImagePullBackOff", "Pod"},
	} {
		w := world{factstest.Scenario(t, "session-store-healthy"), t}
		w.oldAs(hour)
		w.waiting("ImagePullBackOff")
		w.applied(age)
		set := w.one("StatefulSet", "")
		w.set(set, set.Body.GetGeneration()+1, "metadata", "generation")
		if diff := cmp.Diff(want, of(Assess(w.Snapshot, w.TakenAt))); diff != "" {
			t.Errorf("after %s (-want +got)\n%s", age, diff)
		}
	}
}

// TestUndeployedIsStill: when all is gone that a binding took away, nothing is left to wait for.
func TestUndeployedIsStill(t *testing.T) {
	t.Parallel()
	w := healthyWorld(t)
	w.set(w.one("ReleaseBinding", "-development"), "Undeploy", "spec", "state")
	rendered := w.one("RenderedRelease", "greeter-service-development")
	w.drop(func(o facts.Object) bool { return o.Ref == rendered.Ref })
	got := Assess(w.Snapshot, w.TakenAt)
	if got.Verdict != trace.VerdictHealthy || got.Environments[0].Verdict != trace.VerdictSuspended {
		t.Errorf("verdict %s, of development %s; want Healthy and Suspended", got.Verdict, got.Environments[0].Verdict)
	}
}

// TestNothingRunsPods: a release that renders a Service only, as a component type of workloadType proxy may, wants no pods.
func TestNothingRunsPods(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]string{"OnlyAService": "Service", "Nothing": ""} {
		w := healthyWorld(t)
		rendered := w.one("RenderedRelease", "greeter-service-development")
		kept := []any{}
		for _, item := range kinds.Items(rendered.Body, "spec", "resources") {
			if kinds.String(item, "object", "kind") == keep {
				kept = append(kept, item)
			}
		}
		w.set(rendered, kept, "spec", "resources")
		for _, l := range w.Lists() { // nobody asks for pods then
			if l.Query.Plane != facts.Control && l.Query.Namespace == w.cell("development") {
				l.Outcome, l.Items = facts.NotAsked, nil
				w.PutList(l, nil)
			}
		}
		w.drop(func(o facts.Object) bool { return o.Ref.Namespace == w.cell("development") })
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

// oldAs makes everything that was made and delivered older than age, so that no clock runs any more.
func (w world) oldAs(age time.Duration) {
	w.t.Helper()
	for _, o := range w.Objects() {
		if o.Body != nil {
			w.set(o, w.TakenAt.Add(-2*age).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
		}
	}
	w.applied(age)
}

// applied is when the Kustomization of the projects was through.
func (w world) applied(age time.Duration) {
	w.t.Helper()
	w.condition(w.one("Kustomization", "-projects"), age, "Ready", "True", "ReconciliationSucceeded", "Applied revision")
}

// applies has the Kustomization of the projects at work, unless what it did is old.
func (w world) applies(age time.Duration) {
	w.t.Helper()
	if age < hour {
		w.set(w.projects(), "main@sha1:0123456789012345678901234567890123456789", "status", "lastAppliedRevision")
		w.condition(w.one("Kustomization", "-projects"), age, "Ready", "Unknown", "Progressing", "Reconciliation in progress")
	}
}

func (w world) deleted(o facts.Object, age time.Duration) {
	w.t.Helper()
	w.set(o, w.TakenAt.Add(-age).UTC().Format(time.RFC3339), "metadata", "deletionTimestamp")
}
