package assess

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// world is a healthy cluster, recorded in the lab, that a test breaks in one place.
type world struct {
	*facts.Snapshot
	t *testing.T
}

func healthyWorld(t *testing.T) world {
	t.Helper()
	s := factstest.Scenario(t, "healthy")
	return world{s, t}
}

// one is the object of a kind whose name ends so.
func (w world) one(kind, suffix string) facts.Object {
	w.t.Helper()
	for _, o := range w.Objects() {
		if o.Ref.Kind == kind && strings.HasSuffix(o.Ref.Name, suffix) {
			return o
		}
	}
	w.t.Fatalf("the healthy world has no %s %s", kind, suffix)
	return facts.Object{}
}

// answer replaces what is known of an object by an outcome without a body.
func (w world) answer(o facts.Object, outcome facts.Outcome) {
	w.Drop(o.Ref)
	w.Put(facts.Object{Ref: o.Ref, Outcome: outcome, Reason: "so the test says"})
}

func (w world) set(o facts.Object, value any, path ...string) {
	w.t.Helper()
	if err := unstructured.SetNestedField(o.Body.Object, value, path...); err != nil {
		w.t.Fatal(err)
	}
}

// condition replaces one condition, as old as age at the time of the snapshot.
func (w world) condition(o facts.Object, age time.Duration, name, status, reason, message string) {
	w.t.Helper()
	conditions := []any{map[string]any{
		"type": name, "status": status, "reason": reason, "message": message, "observedGeneration": o.Body.GetGeneration(),
		"lastTransitionTime": w.TakenAt.Add(-age).UTC().Format(time.RFC3339),
	}}
	for _, c := range kinds.Items(o.Body, "status", "conditions") {
		if c["type"] != name {
			conditions = append(conditions, c)
		}
	}
	w.set(o, conditions, "status", "conditions")
}

// outcome is what a trace comes to, in a form to compare.
type outcome struct {
	Verdict     trace.Verdict
	Rung        trace.RungID
	Environment string
	Code        trace.Code
	Kind        string
}

func of(t *trace.Trace) outcome {
	o := outcome{Verdict: t.Verdict}
	if f := t.Failing; f != nil {
		o.Rung, o.Environment, o.Code, o.Kind = f.Rung, f.Environment, f.Code, f.Object.Kind
	}
	return o
}

const hour = time.Hour

func TestAssess(t *testing.T) {
	t.Parallel()
	const dev = "development"
	for name, c := range map[string]struct {
		change func(w world)
		want   outcome
	}{
		"Healthy":      {func(world) {}, outcome{Verdict: trace.VerdictHealthy}},
		"SourceAbsent": {func(w world) { w.answer(w.one("GitRepository", ""), facts.Absent) }, outcome{trace.VerdictFailed, trace.RungSource, "", trace.CodeSourceNotFound, "GitRepository"}},
		"SourceFailsWithItsArtifactKept": {func(w world) {
			w.condition(w.one("GitRepository", ""), hour, "FetchFailed", "True", "GitOperationFailed", "authentication required")
		}, outcome{trace.VerdictFailed, trace.RungSource, "", trace.CodeSourceAuthenticationFailed, "GitRepository"}},
		"SourceVerificationFails": {func(w world) {
			w.condition(w.one("GitRepository", ""), hour, "SourceVerified", "False", "InvalidCommitSignature", "signature is empty")
		}, outcome{trace.VerdictFailed, trace.RungSource, "", trace.CodeSourceVerificationFailed, "GitRepository"}},
		"SourceSuspendedAtTheWantedRevision": {func(w world) {
			w.set(w.one("GitRepository", ""), true, "spec", "suspend")
		}, outcome{Verdict: trace.VerdictHealthy}},
		"SourceWasCutShort": {func(w world) {
			w.condition(w.one("GitRepository", ""), time.Second, "Ready", "False", "NewRevision", "new upstream revision")
			w.condition(w.one("GitRepository", ""), time.Second, "ArtifactOutdated", "True", "NewRevision", "new upstream revision")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"SourceFetchesForTooLong": {func(w world) {
			w.condition(w.one("GitRepository", ""), hour, "Ready", "Unknown", "Progressing", "building artifact")
		}, outcome{trace.VerdictFailed, trace.RungSource, "", trace.CodeSourceNotReady, "GitRepository"}},
		"KustomizationStalled": {func(w world) {
			w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "False", "InvalidCELExpression", "terminally")
		}, outcome{trace.VerdictFailed, trace.RungDelivery, "", trace.CodeKustomizationStalled, "Kustomization"}},
		"KustomizationPruneFails": {func(w world) {
			w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "False", "PruneFailed", "delete failed, errors: …")
		}, outcome{trace.VerdictFailed, trace.RungDelivery, "", trace.CodeKustomizationPruneFailed, "Kustomization"}},
		"WebhookDown": {func(w world) {
			w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "False", "ReconciliationFailed", `Component/x/y dry-run failed (InternalError): Internal error occurred: failed calling webhook "mcomponent-v1alpha1.kb.io": failed to call webhook: Post "https://a.b.svc:443/m": connection refused`)
		}, outcome{trace.VerdictFailed, trace.RungDelivery, "", trace.CodeWebhookUnavailable, "Kustomization"}},
		"DependencyDoesNotExist": {func(w world) {
			w.condition(w.one("Kustomization", "-projects"), time.Second, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/x' not found: …")
		}, outcome{trace.VerdictFailed, trace.RungDelivery, "", trace.CodeDependencyNotReady, "Kustomization"}},
		"DependencyRuns": {func(w world) {
			w.set(w.projects(), "main@sha1:abababababababababababababababababababab", "status", "lastAppliedRevision")
			w.condition(w.one("Kustomization", "-projects"), time.Second, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/x' is not ready")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"DependencyNeverReady": {func(w world) {
			w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/x' is not ready")
		}, outcome{trace.VerdictFailed, trace.RungDelivery, "", trace.CodeDependencyNotReady, "Kustomization"}},
		"DependencyFailsButHoldsNothingBack": {func(w world) {
			w.condition(w.one("Kustomization", "-platform"), hour, "Ready", "False", "PruneFailed", "delete failed")
		}, outcome{Verdict: trace.VerdictHealthy}},
		"HealthCheckCancelled": {func(w world) {
			w.condition(w.one("Kustomization", "-projects"), time.Second, "Ready", "False", "HealthCheckCanceled", "New reconciliation triggered")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"RunHangs": {func(w world) {
			w.condition(w.one("Kustomization", "-projects"), 10*hour, "Ready", "Unknown", "Progressing", "Reconciliation in progress")
		}, outcome{trace.VerdictFailed, trace.RungDelivery, "", trace.CodeDeliveryStuck, "Kustomization"}},
		"Run": {func(w world) {
			w.set(w.projects(), "main@sha1:abababababababababababababababababababab", "status", "lastAppliedRevision")
			w.condition(w.one("Kustomization", "-projects"), time.Second, "Ready", "Unknown", "Progressing", "Reconciliation in progress")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"ProjectAbsent":  {func(w world) { w.answer(w.one("Project", "demo"), facts.Absent) }, outcome{trace.VerdictFailed, trace.RungProject, "", trace.CodeProjectNotFound, "Project"}},
		"PipelineAbsent": {func(w world) { w.answer(w.one("DeploymentPipeline", ""), facts.Absent) }, outcome{trace.VerdictFailed, trace.RungProject, "", trace.CodeDeploymentPipelineNotFound, "DeploymentPipeline"}},
		"ComponentTypeAbsent": {func(w world) {
			w.answer(w.one("ClusterComponentType", "service"), facts.Absent)
		}, outcome{trace.VerdictFailed, trace.RungComponent, "", trace.CodeComponentTypeNotFound, "ClusterComponentType"}},
		"ComponentInvalid": {func(w world) {
			w.condition(w.one("Component", ""), hour, "Ready", "False", "InvalidConfiguration", "ComponentType: traits are not allowed")
		}, outcome{trace.VerdictFailed, trace.RungComponent, "", trace.CodeInvalidConfiguration, "Component"}},
		"ComponentTerminates": {func(w world) {
			w.set(w.one("Component", ""), w.TakenAt.UTC().Format(time.RFC3339), "metadata", "deletionTimestamp")
		}, outcome{trace.VerdictFailed, trace.RungComponent, "", trace.CodeTerminating, "Component"}},
		"ComponentOfAnOlderGeneration": {func(w world) {
			w.set(w.one("Component", ""), int64(7), "metadata", "generation")
			w.set(w.one("Component", ""), w.TakenAt.Add(-hour).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
			w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "True", "ReconciliationSucceeded", "")
		}, outcome{trace.VerdictFailed, trace.RungComponent, "", trace.CodeGenerationNotObserved, "Component"}},
		"WorkloadAbsent": {func(w world) {
			w.Drop(w.one("Workload", "").Ref)
			w.clearOwners("Workload")
		}, outcome{trace.VerdictFailed, trace.RungWorkload, "", trace.CodeWorkloadNotFound, "Workload"}},
		"WorkloadTwice": {func(w world) {
			o := w.one("Workload", "")
			second := facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
			second.Ref.Name = "again"
			second.Body.SetName("again")
			w.Put(second)
		}, outcome{trace.VerdictFailed, trace.RungWorkload, "", trace.CodeMultipleWorkloads, "Workload"}},
		"WorkloadMovedOn": {func(w world) {
			w.set(w.one("Workload", ""), "registry.example.com/acme/greeter-service:9", "spec", "container", "image")
		}, outcome{Verdict: trace.VerdictHealthy}},
		"ReleaseAbsent": {func(w world) { w.answer(w.one("ComponentRelease", ""), facts.Absent) }, outcome{trace.VerdictFailed, trace.RungRelease, dev, trace.CodeComponentReleaseNotFound, "ComponentRelease"}},
		"ReleaseNotPinned": {func(w world) {
			unstructured.RemoveNestedField(w.one("ReleaseBinding", "-development").Body.Object, "spec", "releaseName")
		}, outcome{trace.VerdictFailed, trace.RungRelease, dev, trace.CodeReleaseNotPinned, "ReleaseBinding"}},
		"EnvironmentAbsent": {func(w world) { w.answer(w.one("Environment", "development"), facts.Absent) }, outcome{trace.VerdictFailed, trace.RungEnvironment, dev, trace.CodeEnvironmentNotFound, "Environment"}},
		"PlaneAbsent":       {func(w world) { w.answer(w.one("ClusterDataPlane", ""), facts.Absent) }, outcome{trace.VerdictFailed, trace.RungEnvironment, dev, trace.CodeDataPlaneNotFound, "ClusterDataPlane"}},
		"AgentAway": {func(w world) {
			w.set(w.one("ClusterDataPlane", ""), false, "status", "agentConnection", "connected")
		}, outcome{trace.VerdictFailed, trace.RungEnvironment, dev, trace.CodeAgentDisconnected, "ClusterDataPlane"}},
		"AgentSilentIsAWarning": {func(w world) {
			w.set(w.one("ClusterDataPlane", ""), w.TakenAt.Add(-hour).UTC().Format(time.RFC3339), "status", "agentConnection", "lastHeartbeatTime")
		}, outcome{Verdict: trace.VerdictHealthy}},
		"CellNotReady": {func(w world) {
			w.condition(w.one("ProjectReleaseBinding", "-development"), hour, "Ready", "False", "RenderingFailed", "x")
			w.condition(w.one("ProjectReleaseBinding", "-development"), hour, "Synced", "False", "RenderingFailed", "Failed to render manifests")
		}, outcome{trace.VerdictFailed, trace.RungCell, dev, trace.CodeProjectReleaseBindingNotReady, "ProjectReleaseBinding"}},
		"CellNamespaceGoneUnderAReadyBinding": {func(w world) {
			w.answer(w.one("Namespace", strings.TrimPrefix(w.cell("development"), "dp")), facts.Absent)
		}, outcome{trace.VerdictFailed, trace.RungCell, dev, trace.CodeCellNamespaceNotFound, "Namespace"}},
		"StaleNotFoundOfAnEnvironment": {func(w world) {
			w.condition(w.one("ReleaseBinding", "-development"), time.Minute, "ReleaseSynced", "False", "EnvironmentNotFound", `Environment "development" not found`)
		}, outcome{trace.VerdictFailed, trace.RungBinding, dev, trace.CodeStaleNotFound, "ReleaseBinding"}},
		"RenderingFails": {func(w world) {
			w.condition(w.one("ReleaseBinding", "-development"), hour, "ReleaseSynced", "False", "RenderingFailed", "Failed to render resources: …")
		}, outcome{trace.VerdictFailed, trace.RungBinding, dev, trace.CodeRenderingFailed, "ReleaseBinding"}},
		"ConnectionsPendingForAWhile": {func(w world) {
			w.condition(w.one("ReleaseBinding", "-development"), time.Second, "ConnectionsResolved", "False", "ConnectionsPending", "1 connections pending")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"ConnectionsPendingForEver": {func(w world) {
			w.condition(w.one("ReleaseBinding", "-development"), hour, "ConnectionsResolved", "False", "ConnectionsPending", "1 connections pending")
		}, outcome{trace.VerdictFailed, trace.RungBinding, dev, trace.CodeConnectionsPending, "ReleaseBinding"}},
		"ApplyFails": {func(w world) {
			w.condition(w.one("RenderedRelease", "greeter-service-development"), hour, "ResourcesApplied", "False", "ApplyFailed", "Failed to apply resources to target plane: failed to apply resource deployment-x: Deployment.apps \"x\" is invalid: spec: no")
		}, outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeApplyFailed, "RenderedRelease"}},
		"OldGenerationUnderAReadyBinding": {func(w world) {
			r := w.one("RenderedRelease", "greeter-service-development")
			w.set(r, int64(2), "metadata", "generation")
			for _, o := range []facts.Object{r, w.one("ReleaseBinding", "-development"), w.one("ComponentRelease", "")} {
				w.set(o, w.TakenAt.Add(-hour).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
			}
			w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "True", "ReconciliationSucceeded", "")
		}, outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeGenerationNotApplied, "RenderedRelease"}},
		"AppliedAMomentBeforeItsNamespace": {func(w world) { w.applyFailed(time.Second) }, outcome{Verdict: trace.VerdictProgressing}},
		"AppliedBeforeItsNamespaceCameLate": {func(w world) {
			w.namespaceCame(10 * time.Second)
			w.applyFailed(40 * time.Second)
		}, outcome{Verdict: trace.VerdictProgressing}},
		"AppliedAMinuteBeforeItsNamespace": {func(w world) {
			w.namespaceCame(30 * time.Second)
			w.applyFailed(90 * time.Second)
		}, outcome{Verdict: trace.VerdictProgressing}},
		"NotAppliedThoughItWasDue": {func(w world) {
			w.namespaceCame(70 * time.Second)
			w.applyFailed(80 * time.Second)
		}, outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeStaleApplyFailed, "RenderedRelease"}},
		"AppliesAgainMuchLater": {func(w world) {
			w.namespaceCame(time.Second)
			w.applyFailed(3 * time.Minute)
		}, outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeStaleApplyFailed, "RenderedRelease"}},
		"ApplyFailedOutlivesItsCause": {func(w world) { w.applyFailed(hour) }, outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeStaleApplyFailed, "RenderedRelease"}},
		"AppliedButNothingListed": {func(w world) {
			r := w.one("RenderedRelease", "greeter-service-development")
			w.condition(r, hour, "ResourcesApplied", "True", "ApplySucceeded", "")
			unstructured.RemoveNestedField(r.Body.Object, "status", "resources")
		}, outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeAppliedButNotListed, "RenderedRelease"}},
		"DeploymentDeletedByHand": {func(w world) {
			d := w.one("Deployment", "")
			w.Drop(d.Ref)
		}, outcome{trace.VerdictFailed, trace.RungResource, dev, trace.CodeResourceNotFound, "Deployment"}},
		"DeploymentScaledToZero": {func(w world) {
			d := w.one("Deployment", "")
			for _, path := range [][]string{{"spec", "replicas"}, {"status", "replicas"}, {"status", "readyReplicas"}, {"status", "availableReplicas"}, {"status", "updatedReplicas"}} {
				w.set(d, int64(0), path...)
			}
		}, outcome{Verdict: trace.VerdictHealthy}},
		"DeploymentOutOfQuota": {func(w world) {
			d := w.one("Deployment", "")
			w.condition(d, hour, "Progressing", "False", "ProgressDeadlineExceeded", "has timed out progressing")
			w.condition(d, hour, "ReplicaFailure", "True", "FailedCreate", "exceeded quota: compute")
		}, outcome{trace.VerdictFailed, trace.RungResource, dev, trace.CodePodsRefused, "Deployment"}},
		"PodEvicted": {func(w world) {
			w.set(w.devPod(), "Failed", "status", "phase")
			w.set(w.devPod(), "Evicted", "status", "reason")
		}, outcome{trace.VerdictFailed, trace.RungPod, dev, trace.CodePodFailed, "Pod"}},
		"PodInitCrashes": {func(w world) {
			w.set(w.devPod(), []any{map[string]any{"name": "init", "restartCount": int64(3), "state": map[string]any{"waiting": map[string]any{"reason": "CrashLoopBackOff"}}}}, "status", "initContainerStatuses")
		}, outcome{trace.VerdictFailed, trace.RungPod, dev, trace.CodeCrashLoopBackOff, "Pod"}},
		"PodFirstPullFails": {func(w world) {
			w.set(w.devPod(), w.TakenAt.Add(-time.Second).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
			w.waiting("ErrImagePull")
		}, outcome{Verdict: trace.VerdictProgressing}},
		"PodPullFailsForAWhile": {func(w world) {
			w.set(w.devPod(), w.TakenAt.Add(-hour).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
			w.waiting("ErrImagePull")
		}, outcome{trace.VerdictFailed, trace.RungPod, dev, trace.CodeImagePullBackOff, "Pod"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			c.change(w)
			if diff := cmp.Diff(c.want, of(Assess(w.Snapshot, w.TakenAt))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// applyFailed: the namespace was missing when the release was applied. It is there now.
func (w world) applyFailed(age time.Duration) {
	w.t.Helper()
	w.condition(w.one("RenderedRelease", "greeter-service-development"), age, "ResourcesApplied", "False", "ApplyFailed",
		`Failed to apply resources to target plane: failed to apply resource configmap-x: namespaces "dp-x" not found`)
}

// namespaceCame has the namespace of development exist since then.
func (w world) namespaceCame(age time.Duration) {
	w.t.Helper()
	w.condition(w.one("ProjectReleaseBinding", "-development"), age, "NamespaceReady", "True", "NamespaceReady", "it exists")
}

// clearOwners empties the list of the objects of a kind that the component owns.
func (w world) clearOwners(kind string) {
	for _, l := range w.Lists() {
		if l.Query.Kind == kind {
			l.Items = nil
			w.PutList(l, nil)
		}
	}
}

func (w world) cell(environment string) string {
	return kinds.Text(w.one("ProjectReleaseBinding", "-"+environment).Body, "status", "namespace")
}

func (w world) devPod() facts.Object {
	w.t.Helper()
	for _, o := range w.Objects() {
		if o.Ref.Kind == "Pod" && o.Ref.Namespace == w.cell("development") {
			return o
		}
	}
	w.t.Fatal("there is no pod in development")
	return facts.Object{}
}

func (w world) waiting(reason string) {
	w.t.Helper()
	w.condition(w.devPod(), 0, "Ready", "False", "ContainersNotReady", "containers with unready status: [main]")
	w.set(w.devPod(), []any{map[string]any{"name": "main", "image": "x", "state": map[string]any{"waiting": map[string]any{"reason": reason, "message": "no"}}}}, "status", "containerStatuses")
}

// TestWhatIsNotSeenIsNeverHealthy takes away each object that a verdict rests on, in every way in which it can be
// unknown: the answer must be that it could not be decided, and never that it is missing.
func TestWhatIsNotSeenIsNeverHealthy(t *testing.T) {
	t.Parallel()
	needed := []string{"GitRepository", "Kustomization", "Project", "Component", "Workload", "ComponentRelease", "Environment", "ClusterDataPlane", "ReleaseBinding"}
	for _, kind := range needed {
		for _, unknown := range []facts.Outcome{facts.Forbidden, facts.Unreachable} {
			w := healthyWorld(t)
			for _, o := range w.Objects() {
				if o.Ref.Kind == kind {
					w.answer(o, unknown)
				}
			}
			got := Assess(w.Snapshot, w.TakenAt)
			if got.Verdict != trace.VerdictUnknown {
				t.Errorf("%s %s: verdict %s, failing %+v; want Unknown", kind, unknown, got.Verdict, got.Failing)
			}
		}
	}
}

func TestEmptySnapshotIsUndecided(t *testing.T) {
	t.Parallel()
	s := facts.New(facts.Subject{Namespace: "default", Component: "greeter"}, time.Unix(0, 0))
	got := Assess(s, time.Unix(0, 0))
	if got.Verdict != trace.VerdictUnknown || got.Failing != nil {
		t.Errorf("verdict %s, failing %+v", got.Verdict, got.Failing)
	}
	if len(got.Rungs) != 6 {
		t.Errorf("%d rungs, want the six that are there once", len(got.Rungs))
	}
}

// TestAssessOnlyReads: the same snapshot gives the same trace, however often, and is left as it was.
func TestAssessOnlyReads(t *testing.T) {
	t.Parallel()
	w := healthyWorld(t)
	text := func(v any) string {
		out, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	var before strings.Builder
	if err := facts.Write(&before, w.Snapshot, facts.WriteOptions{IncludeValues: true}); err != nil {
		t.Fatal(err)
	}
	first := text(Assess(w.Snapshot, w.TakenAt))
	if second := text(Assess(w.Snapshot, w.TakenAt)); first != second {
		t.Error("two judgements of one snapshot differ")
	}
	var after strings.Builder
	if err := facts.Write(&after, w.Snapshot, facts.WriteOptions{IncludeValues: true}); err != nil {
		t.Fatal(err)
	}
	if before.String() != after.String() {
		t.Error("the judgement changed the snapshot")
	}
}

func TestCurrencyIsAnAxisOfItsOwn(t *testing.T) {
	t.Parallel()
	w := healthyWorld(t)
	w.Wanted = facts.Revision{Text: "main", Commit: strings.Repeat("ab", 20), From: facts.FromClone}
	got := Assess(w.Snapshot, w.TakenAt)
	if got.Verdict != trace.VerdictProgressing || got.Current != trace.Behind || got.Failing != nil {
		t.Errorf("verdict %s, current %v, failing %+v; want Progressing and behind", got.Verdict, got.Current, got.Failing)
	}
	for _, e := range got.Environments {
		if e.Verdict == trace.VerdictHealthy && e.Current != trace.Behind {
			t.Errorf("%s is healthy and not behind", e.Name)
		}
	}
	applied := kinds.Commit(got.Rungs[2].Revision)
	w.Wanted.Contains = map[string]bool{applied: true}
	if got := Assess(w.Snapshot, w.TakenAt); got.Verdict != trace.VerdictHealthy || got.Current != trace.Current {
		t.Errorf("a descendant of the wanted commit is applied: verdict %s, current %v", got.Verdict, got.Current)
	}
}
