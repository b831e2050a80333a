package binding_test

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
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
		"Live":         {func(assesstest.World) {}, fails + "; what was rendered before keeps running"},
		"Reported":     {deployment(facts.Unreachable), fails + "; what was rendered before keeps running"},
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
		"AnOlderOneRuns":   {newGeneration, "whatever the ReleaseBinding says, the older release still runs; " + check},
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
		"development": "ReleaseBinding healthy/" + bound + " names it in spec.environment",
		"production":  "DeploymentPipeline healthy/standard names it in spec.promotionPaths",
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
