package reconcile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// bookOf is a book in which all objects but the last are done, as it is when the last is judged.
func schedulerOf(t *testing.T, o Options, objects ...facts.Object) (scheduler, *node) {
	t.Helper()
	last := objects[len(objects)-1]
	g, err := plan.New(snapshot(objects...), []facts.Ref{last.Ref}, false)
	if err != nil {
		t.Fatal(err)
	}
	b := newScheduler(g, o)
	for _, o := range objects {
		b.observe(o, noon)
	}
	for _, n := range b.nodes {
		if n.ref != last.Ref {
			n.state, n.artifact = Done, artifactOf(n.object)
		}
	}
	return b, b.byRef[last.Ref]
}

// say is a verdict as a table has it.
func say(v engine.Verdict) string {
	switch v.Decision {
	case engine.Done:
		return "done: " + v.Message
	case engine.Failed:
		return "failed: " + v.Message
	case engine.Asked, engine.Waiting, engine.Running:
		return fmt.Sprintf("%s: %s", pending(v.Decision), v.Message)
	case engine.Repeated:
		return fmt.Sprintf("%s in %s, %d times: %s", v.Cause, v.Delay, v.Most, v.Message)
	case engine.Undecided:
	}
	return "undecided"
}

func conditions(t *testing.T, o facts.Object, lines ...string) facts.Object {
	t.Helper()
	var all []any
	for _, line := range lines {
		words := strings.SplitN(line, " ", 4) // type, status, reason, message
		all = append(all, map[string]any{"type": words[0], "status": words[1], "reason": words[2], "message": words[3], "observedGeneration": int64(1)})
	}
	return set(t, o, all, "status", "conditions")
}

func TestJudgeKustomization(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		applied    string
		dependsOn  []string
		conditions []string
		want       string
	}{
		"Applied":      {newRevision, nil, []string{"Ready True ReconciliationSucceeded Applied revision: x"}, "done: Applied revision: x"},
		"StaleCache":   {oldRevision, nil, []string{"Ready True ReconciliationSucceeded Applied revision: x"}, "stale in 1s, 3 times: it has applied " + oldRevision + ", but its source has " + newRevision},
		"Running":      {newRevision, nil, []string{"Reconciling True Progressing Building manifests for revision x", "Ready Unknown Progressing Reconciliation in progress"}, "Running: Building manifests for revision x"},
		"HealthChecks": {newRevision, nil, []string{"Reconciling True Progressing Running health checks for revision x", "Ready Unknown Progressing Reconciliation in progress"}, "Running: Running health checks for revision x; it waits for Deployment web, Job migrate, Service api, 1 more"},
		"Build":        {oldRevision, nil, []string{"Reconciling True ProgressingWithRetry Building", "Ready False BuildFailed kustomize build failed: open /tmp/kustomization-12/a/b.yaml: no such file"}, "failed: kustomize build failed: open a/b.yaml: no such file"},
		"DryRun":       {oldRevision, nil, []string{"Ready False ReconciliationFailed Component/default/a dry-run failed (Invalid): no"}, "failed: Component/default/a dry-run failed (Invalid): no"},
		"Webhook":      {oldRevision, nil, []string{"Ready False ReconciliationFailed Component/default/a dry-run failed (InternalError): Internal error occurred: failed calling webhook"}, "transient in 3s, 1 times: Component/default/a dry-run failed (InternalError): Internal error occurred: failed calling webhook"},
		"Prune":        {oldRevision, nil, []string{"Ready False PruneFailed delete failed, errors: x"}, "failed: delete failed, errors: x"},
		"Health":       {oldRevision, nil, []string{"Ready False HealthCheckFailed health check failed after 1m: timeout waiting for: [Deployment/a/b status: 'InProgress']"}, "failed: health check failed after 1m: timeout waiting for: [Deployment/a/b status: 'InProgress']"},
		"Canceled":     {oldRevision, nil, []string{"Ready False HealthCheckCanceled New reconciliation triggered by GitRepository/a/b"}, "canceled in 5s, 2 times: New reconciliation triggered by GitRepository/a/b"},
		"AccessDenied": {oldRevision, nil, []string{"Stalled True AccessDenied no", "Ready False AccessDenied no"}, "failed: no"},
		"UnknownWord":  {oldRevision, nil, []string{"Ready False NeverHeardOf no"}, "failed: no"},
		"NoArtifact":   {oldRevision, nil, []string{"Ready False ArtifactFailed Source artifact not found, retrying in 2s"}, "artifact in 2s, 3 times: Source artifact not found, retrying in 2s"},
		"NoPath":       {oldRevision, nil, []string{"Ready False ArtifactFailed kustomization path not found: stat /tmp/kustomization-1/x: no such file or directory"}, "failed: kustomization path not found: stat x: no such file or directory"},
		"Download":     {oldRevision, nil, []string{"Ready False ArtifactFailed failed to download archive: connection refused"}, "transient in 3s, 1 times: failed to download archive: connection refused"},
		"Dependency":   {oldRevision, []string{"dep"}, []string{"Ready False DependencyNotReady dependency 'flux-system/dep' is not ready"}, "dependency in 1s, 3 times: dependency 'flux-system/dep' is not ready"},
		"NotPresent":   {oldRevision, nil, nil, "Asked: its controller has not started the first run yet"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := conditions(t, kustomization(t, "a", c.applied, c.dependsOn...), c.conditions...)
			checks := []any{}
			for _, check := range []string{"Deployment web", "Job migrate", "Service api", "Service web"} {
				kind, name, _ := strings.Cut(check, " ")
				checks = append(checks, map[string]any{"kind": kind, "name": name})
			}
			set(t, o, checks, "spec", "healthChecks")
			objects := []facts.Object{gitRepository(t, "git", newRevision)}
			for _, name := range c.dependsOn {
				objects = append(objects, kustomization(t, name, newRevision))
			}
			b, n := schedulerOf(t, Options{}, append(objects, o)...)
			if got := say(b.judge(n)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestJudgeWaitsForTheNewestGeneration(t *testing.T) {
	t.Parallel()
	o := kustomization(t, "a", newRevision)
	o.Body.SetGeneration(2)
	b, n := schedulerOf(t, Options{}, gitRepository(t, "git", newRevision), o)
	if got := say(b.judge(n)); got != "Asked: its controller has not reconciled generation 2 yet" {
		t.Error(got)
	}
}

func TestJudgeAcceptsARevisionThatItsSourceHasMovedOnTo(t *testing.T) {
	t.Parallel()
	b, n := schedulerOf(t, Options{}, gitRepository(t, "git", oldRevision), kustomization(t, "a", newRevision))
	moved := gitRepository(t, "git", newRevision)
	moved.Body.SetResourceVersion("2")
	b.observe(moved, noon)
	if got := say(b.judge(n)); got != "done: Applied revision: "+newRevision {
		t.Error(got)
	}
}

// TestJudgeOneThatIsMadeToRunAllTheTime: it is never seen at rest, but has come to a revision that it had not before.
func TestJudgeOneThatIsMadeToRunAllTheTime(t *testing.T) {
	t.Parallel()
	for before, want := range map[string]string{
		oldRevision: "done: applied, and in the middle of another run",
		newRevision: "Running: Reconciliation in progress",
	} {
		b, n := schedulerOf(t, Options{}, gitRepository(t, "git", newRevision), kustomization(t, "a", before))
		running := conditions(t, kustomization(t, "a", newRevision), "Ready Unknown Progressing Reconciliation in progress")
		running.Body.SetResourceVersion("2")
		b.observe(running, noon)
		if got := say(b.judge(n)); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

func TestJudgeAcceptsTheRevisionThatItsSourceHadWhenItWasAsked(t *testing.T) {
	t.Parallel()
	b, n := schedulerOf(t, Options{}, gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision))
	moved := gitRepository(t, "git", newRevision)
	moved.Body.SetResourceVersion("2")
	b.observe(moved, noon)
	if got := say(b.judge(n)); got != "done: Applied revision: "+oldRevision {
		t.Error(got)
	}
}

func TestJudgeADependencyThatIsNotOfTheGraph(t *testing.T) {
	t.Parallel()
	o := conditions(t, kustomization(t, "a", oldRevision, "dep"), "Ready False DependencyNotReady dependency 'flux-system/dep' is not ready")
	b := newScheduler(plan.Only(o.Ref), Options{})
	b.observe(o, noon)
	if got, want := say(b.judge(b.nodes[0])), "dependency in 30s, 2 times: dependency 'flux-system/dep' is not ready"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
