package assess

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// found is the place of a finding.
type found struct {
	rung     trace.RungID
	severity trace.Severity
	kind     string
}

func find(t *trace.Trace, code trace.Code) found {
	rungs := t.Rungs
	for _, e := range t.Environments {
		rungs = append(rungs[:len(rungs):len(rungs)], e.Rungs...)
	}
	for _, r := range rungs {
		for _, f := range r.Findings {
			if f.Code == code {
				return found{r.ID, f.Severity, f.Object.Kind}
			}
		}
	}
	return found{}
}

type catalogueCase struct {
	code   trace.Code
	change func(w assesstest.World)
	want   found
}

var catalogueCases = map[string]catalogueCase{
	"KindIsNotInstalled": {trace.CodeKindNotInstalled, func(w assesstest.World) { w.Answer(w.One("Project", "demo"), facts.NoKind) }, found{trace.RungProject, trace.Warning, "Project"}},
	"RevisionIsNotKnown": {trace.CodeRevisionUnknown, func(w assesstest.World) {
		w.Wanted = facts.Revision{Text: "nonsense", From: facts.FromFlag, Reason: "the clone does not know nonsense"}
	}, found{trace.RungGit, trace.Warning, ""}},
	"SourceCannotBeStored": {trace.CodeSourceStorageFailed, func(w assesstest.World) {
		w.Condition(w.One("GitRepository", ""), time.Hour, "StorageOperationFailed", "True", "ArchiveOperationFailed", "no space left on device")
	}, found{trace.RungSource, trace.Error, "GitRepository"}},
	"KustomizationGoesElsewhere": {trace.CodeKustomizationRemote, func(w assesstest.World) {
		w.Set(w.One("Kustomization", "-projects"), map[string]any{"secretRef": map[string]any{"name": "x"}}, "spec", "kubeConfig")
	}, found{trace.RungDelivery, trace.Info, "Kustomization"}},
	"ApplyFailsWithoutAnObject": {trace.CodeKustomizationApplyFailed, func(w assesstest.World) {
		w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "False", "ReconciliationFailed", "unable to read KubeConfig secret 'a/b' error: not found")
	}, found{trace.RungDelivery, trace.Error, "Kustomization"}},
	"AutoDeployAndGitQuarrel": {trace.CodeTwoMasters, func(w assesstest.World) {
		w.Set(w.One("Component", ""), true, "spec", "autoDeploy")
		w.Set(w.One("Component", ""), "greeter-service-0123abcd", "status", "latestRelease", "name")
	}, found{trace.RungRelease, trace.Warning, "ReleaseBinding"}},
	"AgentIsSilent": {trace.CodeAgentSilent, func(w assesstest.World) {
		w.Set(w.One("ClusterDataPlane", ""), w.Ago(time.Hour), "status", "agentConnection", "lastHeartbeatTime")
	}, found{trace.RungEnvironment, trace.Warning, "ClusterDataPlane"}},
	"ProjectReleaseIsNotSet": {trace.CodeProjectReleaseNotSet, func(w assesstest.World) {
		for _, name := range []string{"Ready", "Synced"} {
			w.Condition(w.One("ProjectReleaseBinding", "-development"), time.Hour, name, "False", "ProjectReleaseNotSet", "spec.projectRelease is unset")
		}
	}, found{trace.RungCell, trace.Error, "ProjectReleaseBinding"}},
	"AnotherBindingOwnsTheRelease": {trace.CodeReleaseOwnershipConflict, func(w assesstest.World) {
		w.Condition(w.One("ReleaseBinding", "-development"), time.Hour, "ReleaseSynced", "False", "ReleaseOwnershipConflict", `Release "x" exists but is owned by another resource`)
	}, found{trace.RungBinding, trace.Error, "ReleaseBinding"}},
	"ConnectionIsBlockedByPolicy": {trace.CodeConnectionBlocked, func(w assesstest.World) {
		w.Set(w.One("ReleaseBinding", "-development"), []any{map[string]any{"project": "shop", "component": "till", "endpoint": "http", "visibility": "namespace"}}, "status", "resolvedConnections")
		for _, o := range []facts.Object{w.One("ReleaseBinding", "-development"), w.One("ComponentRelease", "")} {
			provider := facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
			provider.Ref.Name = "till-1"
			provider.Body.SetName("till-1")
			w.Put(provider)
			w.Set(provider, map[string]any{"projectName": "shop", "componentName": "till"}, "spec", "owner")
			if o.Ref.Kind == "ReleaseBinding" {
				w.Set(provider, "till-1", "spec", "releaseName")
				continue
			}
			w.Set(provider, map[string]any{"http": map[string]any{"port": int64(80), "type": "HTTP"}}, "spec", "workload", "endpoints")
		}
	}, found{trace.RungBinding, trace.Warning, "ReleaseBinding"}},
	"ComponentOfAnotherApplier": {trace.CodeComponentNotFound, func(w assesstest.World) {
		for _, ks := range w.Of(facts.Control, "kustomize.toolkit.fluxcd.io", "Kustomization") {
			w.Set(ks, []any{}, "status", "inventory", "entries")
		}
		w.Answer(w.One("Component", ""), facts.Absent)
	}, found{trace.RungComponent, trace.Error, "Component"}},
	"NothingWasRendered": {trace.CodeRenderedReleaseNotFound, func(w assesstest.World) {
		w.Drop(w.One("RenderedRelease", "greeter-service-development").Ref)
		w.Set(w.One("ReleaseBinding", "-development"), w.Ago(time.Hour), "metadata", "creationTimestamp")
		w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "True", "ReconciliationSucceeded", "")
	}, found{trace.RungRendered, trace.Error, "RenderedRelease"}},
	"ObservabilityIsNotSetUp": {trace.CodeObservabilityReleaseFailed, func(w assesstest.World) {
		o := w.One("RenderedRelease", "greeter-service-development")
		second := facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
		second.Ref.Name += "-observability"
		second.Body.SetName(second.Ref.Name)
		w.Put(second)
		w.Set(second, "observabilityplane", "spec", "targetPlane")
		w.Condition(second, time.Hour, "ResourcesApplied", "False", "ApplyFailed", "no agents found for plane observabilityplane/default")
	}, found{trace.RungRendered, trace.Warning, "RenderedRelease"}},
	"CleanupFails": {trace.CodeCleanupFailed, func(w assesstest.World) {
		o := w.One("RenderedRelease", "greeter-service-development")
		w.Set(o, w.Ago(time.Hour), "metadata", "deletionTimestamp")
		w.Condition(o, time.Hour, "Finalizing", "True", "CleanupFailed", "failed to get environment")
	}, found{trace.RungRendered, trace.Error, "RenderedRelease"}},
	"DaemonSetIsNotReady": {trace.CodeDaemonSetNotReady, func(w assesstest.World) {
		w.Aged(time.Hour)
		w.Condition(w.DevPod(), time.Hour, "Ready", "True", "", "")
		w.Report("apps", "DaemonSet", map[string]any{"desiredNumberScheduled": int64(3), "numberReady": int64(1), "updatedNumberScheduled": int64(3)})
	}, found{trace.RungResource, trace.Error, "DaemonSet"}},
	"NoPodsAreMade": {trace.CodePodsNotCreated, func(w assesstest.World) {
		w.Drop(w.DevPod().Ref)
		w.Set(w.One("Deployment", ""), w.Ago(time.Hour), "metadata", "creationTimestamp")
		w.Condition(w.One("Deployment", ""), time.Hour, "Available", "False", "MinimumReplicasUnavailable", "")
	}, found{trace.RungPod, trace.Error, "Deployment"}},
	"EndpointHasNoOutsideAddress": {trace.CodeEndpointNotResolved, func(w assesstest.World) {
		unstructured.RemoveNestedField(w.One("ReleaseBinding", "-development").Body.Object, "status", "endpoints")
	}, found{trace.RungEndpoint, trace.Error, "ReleaseBinding"}},
	"VariableStays": {trace.CodeVariableNotSubstituted, func(w assesstest.World) {
		w.Set(w.One("Kustomization", "-projects"), map[string]any{"substituteFrom": []any{map[string]any{"kind": "ConfigMap", "name": "x", "optional": true}}}, "spec", "postBuild")
		w.Set(w.One("Workload", ""), "hello ${GHOST}", "spec", "container", "command")
	}, found{trace.RungWorkload, trace.Warning, "Workload"}},
	"RunFails": {trace.CodeWorkflowRunFailed, func(w assesstest.World) {
		w.Drop(w.One("Workload", "").Ref)
		w.ClearOwners("Workload")
		ref := facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "WorkflowRun", Namespace: w.Subject.Namespace, Name: "build-1"}
		run := facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{}}}
		run.Body.SetName("build-1")
		run.Body.SetLabels(map[string]string{"openchoreo.dev/component": w.Subject.Component})
		w.Put(run)
		w.Condition(run, time.Hour, "WorkflowFailed", "True", "WorkflowFailed", "step build failed")
	}, found{trace.RungWorkload, trace.Error, "WorkflowRun"}},
}

// TestCatalogue injects what cannot be brought about in the lab, into a world that was recorded there; the world without it
// has no such finding.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range catalogueCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			if clean := find(Assess(w.Snapshot, w.TakenAt), c.code); clean != (found{}) {
				t.Errorf("a healthy world has it: %+v", clean)
			}
			c.change(w)
			if got := find(Assess(w.Snapshot, w.TakenAt), c.code); got != c.want {
				t.Errorf("%s: %+v, want %+v", c.code, got, c.want)
			}
		})
	}
}
