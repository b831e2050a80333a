package binding_test

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func deployment(outcome facts.Outcome) func(w assesstest.World) {
	return func(w assesstest.World) { w.Answer(w.Deployment(), outcome) }
}

// TestWhatKeepsRunning: an earlier rendering keeps running only where a workload of it is known to be on the plane.
func TestWhatKeepsRunning(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	rendered := func(w assesstest.World) facts.Object { return w.One("RenderedRelease", bound) }
	const fails = "the release cannot be rendered for this environment"
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   string
	}{
		"Live":         {func(assesstest.World) {}, fails + "; the previous release keeps running"},
		"Reported":     {deployment(facts.Unreachable), fails + "; the previous release keeps running"},
		"Deleted":      {deployment(facts.Absent), fails},
		"Deleting":     {func(w assesstest.World) { w.Deleted(w.Deployment(), time.Minute) }, fails},
		"AllIsDeleted": {func(w assesstest.World) { w.Deleted(rendered(w), time.Minute) }, fails},
		"ScaledToZero": {func(w assesstest.World) { w.Set(w.Deployment(), int64(0), "spec", "replicas") }, fails},
		"NeverApplied": {both(deployment(facts.Unreachable), func(w assesstest.World) {
			unstructured.RemoveNestedField(rendered(w).Body.Object, "status")
		}), fails},
		"NothingRendered": {func(w assesstest.World) { w.Drop(rendered(w).Ref) }, fails},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Aged(time.Hour)
			both(notSynced("RenderingFailed", "no"), c.change)(w)
			r := binding.AssessBinding(w.Development())
			if got := assesstest.Hints(r.Rung); len(got) != 1 || got[0] != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestOlderReleaseStillRuns: a release that was never applied replaces none.
func TestOlderReleaseStillRuns(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const check = "the agent, the cluster-gateway or the controller may be down"
	newGeneration := func(w assesstest.World) { w.Set(w.One("RenderedRelease", bound), int64(7), "metadata", "generation") }
	never := func(w assesstest.World) {
		unstructured.RemoveNestedField(w.One("RenderedRelease", bound).Body.Object, "status")
	}
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   string
	}{
		"AnOlderOneRuns":   {newGeneration, "the previous release still runs, even if the ReleaseBinding is Ready; " + check},
		"TheOlderIsGone":   {both(newGeneration, deployment(facts.Absent)), check},
		"ThereIsNoOlder":   {both(never, deployment(facts.Absent)), check},
		"ThePlaneIsUnread": {both(never, deployment(facts.Unreachable)), check},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Aged(time.Hour)
			c.change(w)
			r := binding.AssessRendered(w.Development())
			if got := assesstest.Hints(r.Rung); len(got) != 1 || got[0] != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestWhoNamesAMissingEnvironment: a ReleaseBinding, the pipeline, or only the command line.
func TestWhoNamesAMissingEnvironment(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for environment, want := range map[string]string{
		"development": "ReleaseBinding healthy/" + bound + " names it in spec.environment, which is immutable: commit the Environment, or replace the ReleaseBinding",
		"production":  "DeploymentPipeline healthy/standard names it in spec.promotionPaths: commit the Environment, or correct the name",
		"elsewhere":   "",
	} {
		w := healthy.Copy(t)
		w.Answer(facts.Object{Ref: w.Component().Ref("Environment", environment)}, facts.Absent)
		r := binding.AssessEnvironment(w.Component().EnvironmentOf(environment))
		if got := assesstest.Hints(r.Rung); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", environment, got, want)
		}
	}
}

// TestNothingIsRenderedBelowAFailure: what a failed binding has not rendered is not on its way, however new the binding is.
func TestNothingIsRenderedBelowAFailure(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	none := func(w assesstest.World) {
		w.Drop(w.One("RenderedRelease", bound).Ref)
		w.ClearOwners("RenderedRelease")
		w.Set(w.One("ReleaseBinding", bound), w.Ago(time.Minute), "metadata", "creationTimestamp")
	}
	fails := func(reason, message string) func(w assesstest.World) {
		return func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", bound), 30*time.Second, "ReleaseSynced", "False", reason, message)
		}
	}
	const conflict = "the object has been modified; please apply your changes to the latest version and try again"
	for name, c := range map[string]struct {
		change             func(w assesstest.World)
		rendered, endpoint trace.State
	}{
		"Failed":     {fails("InvalidReleaseConfiguration", "no"), trace.Blocked, trace.Blocked},
		"Stale":      {fails("EnvironmentNotFound", "no"), trace.Blocked, trace.Blocked},
		"Twice":      {second, trace.Blocked, trace.Blocked},
		"TriesAgain": {fails("ReleaseUpdateFailed", conflict), trace.Progressing, trace.Progressing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Subject.Environments = []string{"development"}
			none(w)
			c.change(w)
			for _, condition := range []string{"Ready", "ResourcesReady"} {
				w.Condition(w.One("ReleaseBinding", bound), 30*time.Second, condition, "False", "NotReady", "no")
			}
			unstructured.RemoveNestedField(w.One("ReleaseBinding", bound).Body.Object, "status", "endpoints")
			for _, r := range assess.Assess(w.Snapshot, w.TakenAt).Environments[0].Rungs {
				switch {
				case r.ID == trace.RungRendered && r.State != c.rendered:
					t.Errorf("rendered is %s, want %s: %s", r.State, c.rendered, r.Summary)
				case r.ID == trace.RungEndpoint && r.State != c.endpoint:
					t.Errorf("endpoint is %s, want %s: %s", r.State, c.endpoint, r.Summary)
				}
			}
		})
	}
}
