package assess

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

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

// TestCatalogue injects what cannot be brought about in the lab, into a world that was recorded there; the world without it
// has no such finding.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code   trace.Code
		change func(w world)
		want   found
	}{
		"KindIsNotInstalled": {trace.CodeKindNotInstalled, func(w world) { w.answer(w.one("Project", "demo"), facts.NoKind) }, found{trace.RungProject, trace.Warning, "Project"}},
		"RevisionIsNotKnown": {trace.CodeRevisionUnknown, func(w world) {
			w.Wanted = facts.Revision{Text: "nonsense", From: facts.FromFlag, Reason: "the clone does not know nonsense"}
		}, found{trace.RungGit, trace.Warning, ""}},
		"SourceCannotBeStored": {trace.CodeSourceStorageFailed, func(w world) {
			w.condition(w.one("GitRepository", ""), hour, "StorageOperationFailed", "True", "ArchiveOperationFailed", "no space left on device")
		}, found{trace.RungSource, trace.Error, "GitRepository"}},
		"KustomizationGoesElsewhere": {trace.CodeKustomizationRemote, func(w world) {
			w.set(w.one("Kustomization", "-projects"), map[string]any{"secretRef": map[string]any{"name": "x"}}, "spec", "kubeConfig")
		}, found{trace.RungDelivery, trace.Info, "Kustomization"}},
		"ApplyFailsWithoutAnObject": {trace.CodeKustomizationApplyFailed, func(w world) {
			w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "False", "ReconciliationFailed", "unable to read KubeConfig secret 'a/b' error: not found")
		}, found{trace.RungDelivery, trace.Error, "Kustomization"}},
		"AutoDeployAndGitQuarrel": {trace.CodeTwoMasters, func(w world) {
			w.set(w.one("Component", ""), true, "spec", "autoDeploy")
			w.set(w.one("Component", ""), "greeter-service-0123abcd", "status", "latestRelease", "name")
		}, found{trace.RungRelease, trace.Warning, "ReleaseBinding"}},
		"AgentIsSilent": {trace.CodeAgentSilent, func(w world) {
			w.set(w.one("ClusterDataPlane", ""), w.ago(hour), "status", "agentConnection", "lastHeartbeatTime")
		}, found{trace.RungEnvironment, trace.Warning, "ClusterDataPlane"}},
		"ProjectReleaseIsNotSet": {trace.CodeProjectReleaseNotSet, func(w world) {
			for _, name := range []string{"Ready", "Synced"} {
				w.condition(w.one("ProjectReleaseBinding", "-development"), hour, name, "False", "ProjectReleaseNotSet", "spec.projectRelease is unset")
			}
		}, found{trace.RungCell, trace.Error, "ProjectReleaseBinding"}},
		"AnotherBindingOwnsTheRelease": {trace.CodeReleaseOwnershipConflict, func(w world) {
			w.condition(w.one("ReleaseBinding", "-development"), hour, "ReleaseSynced", "False", "ReleaseOwnershipConflict", `Release "x" exists but is owned by another resource`)
		}, found{trace.RungBinding, trace.Error, "ReleaseBinding"}},
		"ConnectionIsBlockedByPolicy": {trace.CodeConnectionBlocked, func(w world) {
			w.set(w.one("ReleaseBinding", "-development"), []any{map[string]any{"project": "shop", "component": "till", "visibility": "project"}}, "status", "resolvedConnections")
		}, found{trace.RungBinding, trace.Warning, "ReleaseBinding"}},
		"ComponentOfAnotherApplier": {trace.CodeComponentNotFound, func(w world) {
			for _, ks := range w.Of(facts.Control, "kustomize.toolkit.fluxcd.io", "Kustomization") {
				w.set(ks, []any{}, "status", "inventory", "entries")
			}
			w.answer(w.one("Component", ""), facts.Absent)
		}, found{trace.RungComponent, trace.Error, "Component"}},
		"NothingWasRendered": {trace.CodeRenderedReleaseNotFound, func(w world) {
			w.Drop(w.one("RenderedRelease", "greeter-service-development").Ref)
			w.set(w.one("ReleaseBinding", "-development"), w.ago(hour), "metadata", "creationTimestamp")
			w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "True", "ReconciliationSucceeded", "")
		}, found{trace.RungRendered, trace.Error, "RenderedRelease"}},
		"ObservabilityIsNotSetUp": {trace.CodeObservabilityReleaseFailed, func(w world) {
			o := w.one("RenderedRelease", "greeter-service-development")
			second := facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
			second.Ref.Name += "-observability"
			second.Body.SetName(second.Ref.Name)
			w.Put(second)
			w.set(second, "observabilityplane", "spec", "targetPlane")
			w.condition(second, hour, "ResourcesApplied", "False", "ApplyFailed", "no agents found for plane observabilityplane/default")
		}, found{trace.RungRendered, trace.Warning, "RenderedRelease"}},
		"CleanupFails": {trace.CodeCleanupFailed, func(w world) {
			o := w.one("RenderedRelease", "greeter-service-development")
			w.set(o, w.ago(hour), "metadata", "deletionTimestamp")
			w.condition(o, hour, "Finalizing", "True", "CleanupFailed", "failed to get environment")
		}, found{trace.RungRendered, trace.Error, "RenderedRelease"}},
		"DaemonSetIsNotReady": {trace.CodeDaemonSetNotReady, func(w world) {
			w.oldAs(hour)
			w.condition(w.devPod(), hour, "Ready", "True", "", "")
			w.report("apps", "DaemonSet", map[string]any{"desiredNumberScheduled": int64(3), "numberReady": int64(1), "updatedNumberScheduled": int64(3)})
		}, found{trace.RungResource, trace.Error, "DaemonSet"}},
		"NoPodsAreMade": {trace.CodePodsNotCreated, func(w world) {
			w.Drop(w.devPod().Ref)
			w.set(w.one("Deployment", ""), w.ago(hour), "metadata", "creationTimestamp")
			w.condition(w.one("Deployment", ""), hour, "Available", "False", "MinimumReplicasUnavailable", "")
		}, found{trace.RungPod, trace.Error, "Deployment"}},
		"EndpointHasNoOutsideAddress": {trace.CodeEndpointNotResolved, func(w world) {
			unstructured.RemoveNestedField(w.one("ReleaseBinding", "-development").Body.Object, "status", "endpoints")
		}, found{trace.RungEndpoint, trace.Error, "ReleaseBinding"}},
		"VariableStays": {trace.CodeVariableNotSubstituted, func(w world) {
			w.set(w.one("Kustomization", "-projects"), map[string]any{"substituteFrom": []any{map[string]any{"kind": "ConfigMap", "name": "x", "optional": true}}}, "spec", "postBuild")
			w.set(w.one("Workload", ""), "hello ${GHOST}", "spec", "container", "command")
		}, found{trace.RungWorkload, trace.Warning, "Workload"}},
		"RunFails": {trace.CodeWorkflowRunFailed, func(w world) {
			w.Drop(w.one("Workload", "").Ref)
			w.clearOwners("Workload")
			ref := facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "WorkflowRun", Namespace: w.Subject.Namespace, Name: "build-1"}
			run := facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{}}}
			run.Body.SetName("build-1")
			run.Body.SetLabels(map[string]string{"openchoreo.dev/component": w.Subject.Component})
			w.Put(run)
			w.condition(run, hour, "WorkflowFailed", "True", "WorkflowFailed", "step build failed")
		}, found{trace.RungWorkload, trace.Error, "WorkflowRun"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
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

// ago is a time in the form of the API.
func (w world) ago(age time.Duration) string { return w.TakenAt.Add(-age).UTC().Format(time.RFC3339) }

// report adds an object to what was rendered for development, with the status that OpenChoreo reports.
func (w world) report(group, kind string, status map[string]any) {
	w.t.Helper()
	r := w.one("RenderedRelease", "greeter-service-development")
	rendered, _, _ := unstructured.NestedSlice(r.Body.Object, "spec", "resources")
	reported, _, _ := unstructured.NestedSlice(r.Body.Object, "status", "resources")
	object := map[string]any{"apiVersion": group + "/v1", "kind": kind, "metadata": map[string]any{"name": "x", "namespace": w.cell("development")}}
	w.set(r, append(rendered, map[string]any{"id": "x", "object": object}), "spec", "resources")
	w.set(r, append(reported, map[string]any{"id": "x", "group": group, "kind": kind, "name": "x", "status": status, "healthStatus": "Healthy"}), "status", "resources")
	w.condition(r, hour, "ResourcesApplied", "True", "ApplySucceeded", "")
}
