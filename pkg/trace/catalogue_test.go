package trace

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// found is the place of a finding.
type found struct {
	rung     RungID
	severity Severity
	kind     string
}

func (t *Trace) find(code Code) found {
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
		code   Code
		change func(w world)
		want   found
	}{
		"KindIsNotInstalled": {CodeNoKind, func(w world) { w.answer(w.one("Project", "demo"), facts.NoKind) }, found{RungProject, Warning, "Project"}},
		"RevisionIsNotKnown": {CodeRevisionUnknown, func(w world) {
			w.Wanted = facts.Revision{Text: "nonsense", From: facts.FromFlag, Reason: "the clone does not know nonsense"}
		}, found{RungGit, Warning, ""}},
		"SourceCannotBeStored": {CodeSourceStorageFailed, func(w world) {
			w.condition(w.one("GitRepository", ""), hour, "StorageOperationFailed", "True", "ArchiveOperationFailed", "no space left on device")
		}, found{RungSource, Error, "GitRepository"}},
		"KustomizationGoesElsewhere": {CodeKustomizationRemote, func(w world) {
			w.set(w.one("Kustomization", "-projects"), map[string]any{"secretRef": map[string]any{"name": "x"}}, "spec", "kubeConfig")
		}, found{RungKustomization, Info, "Kustomization"}},
		"ApplyFailsWithoutAnObject": {CodeKustomizationApplyFailed, func(w world) {
			w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "False", "ReconciliationFailed", "unable to read KubeConfig secret 'a/b' error: not found")
		}, found{RungKustomization, Error, "Kustomization"}},
		"AutoDeployAndGitQuarrel": {CodeTwoMasters, func(w world) {
			w.set(w.one("Component", ""), true, "spec", "autoDeploy")
			w.set(w.one("Component", ""), "greeter-service-0123abcd", "status", "latestRelease", "name")
		}, found{RungRelease, Warning, "ReleaseBinding"}},
		"AgentIsSilent": {CodeAgentSilent, func(w world) {
			w.set(w.one("ClusterDataPlane", ""), w.ago(hour), "status", "agentConnection", "lastHeartbeatTime")
		}, found{RungEnvironment, Warning, "ClusterDataPlane"}},
		"ProjectReleaseIsNotSet": {CodeCellReleaseNotSet, func(w world) {
			for _, name := range []string{"Ready", "Synced"} {
				w.condition(w.one("ProjectReleaseBinding", "-development"), hour, name, "False", "ProjectReleaseNotSet", "spec.projectRelease is unset")
			}
		}, found{RungCell, Error, "ProjectReleaseBinding"}},
		"AnotherBindingOwnsTheRelease": {CodeOwnershipConflict, func(w world) {
			w.condition(w.one("ReleaseBinding", "-development"), hour, "ReleaseSynced", "False", "ReleaseOwnershipConflict", `Release "x" exists but is owned by another resource`)
		}, found{RungBinding, Error, "ReleaseBinding"}},
		"ConnectionIsBlockedByPolicy": {CodeConnectionBlocked, func(w world) {
			w.set(w.one("ReleaseBinding", "-development"), []any{map[string]any{"project": "shop", "component": "till", "visibility": "project"}}, "status", "resolvedConnections")
		}, found{RungBinding, Warning, "ReleaseBinding"}},
		"ComponentOfAnotherApplier": {CodeComponentAbsent, func(w world) {
			for _, ks := range w.Of(facts.Control, "kustomize.toolkit.fluxcd.io", "Kustomization") {
				w.set(ks, []any{}, "status", "inventory", "entries")
			}
			w.answer(w.one("Component", ""), facts.Absent)
		}, found{RungComponent, Error, "Component"}},
		"NothingWasRendered": {CodeRenderedAbsent, func(w world) {
			w.Drop(w.one("RenderedRelease", "greeter-service-development").Ref)
			w.set(w.one("ReleaseBinding", "-development"), w.ago(hour), "metadata", "creationTimestamp")
			w.condition(w.one("Kustomization", "-projects"), hour, "Ready", "True", "ReconciliationSucceeded", "")
		}, found{RungRendered, Error, "RenderedRelease"}},
		"ObservabilityIsNotSetUp": {CodeObservabilityRelease, func(w world) {
			o := w.one("RenderedRelease", "greeter-service-development")
			second := facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
			second.Ref.Name += "-observability"
			second.Body.SetName(second.Ref.Name)
			w.Put(second)
			w.set(second, "observabilityplane", "spec", "targetPlane")
			w.condition(second, hour, "ResourcesApplied", "False", "ApplyFailed", "no agents found for plane observabilityplane/default")
		}, found{RungRendered, Warning, "RenderedRelease"}},
		"CleanupFails": {CodeCleanupFailed, func(w world) {
			o := w.one("RenderedRelease", "greeter-service-development")
			w.set(o, w.ago(hour), "metadata", "deletionTimestamp")
			w.condition(o, hour, "Finalizing", "True", "CleanupFailed", "failed to get environment")
		}, found{RungRendered, Error, "RenderedRelease"}},
		"DaemonSetIsNotReady": {CodeDaemonSetNotReady, func(w world) {
			w.oldAs(hour)
			w.condition(w.devPod(), hour, "Ready", "True", "", "")
			w.report("apps", "DaemonSet", map[string]any{"desiredNumberScheduled": int64(3), "numberReady": int64(1), "updatedNumberScheduled": int64(3)})
		}, found{RungResource, Error, "DaemonSet"}},
		"NoPodsAreMade": {CodePodsNotCreated, func(w world) {
			w.Drop(w.devPod().Ref)
			w.set(w.one("Deployment", ""), w.ago(hour), "metadata", "creationTimestamp")
			w.condition(w.one("Deployment", ""), hour, "Available", "False", "MinimumReplicasUnavailable", "")
		}, found{RungPod, Error, "Deployment"}},
		"EndpointHasNoOutsideAddress": {CodeEndpointNotResolved, func(w world) {
			unstructured.RemoveNestedField(w.one("ReleaseBinding", "-development").Body.Object, "status", "endpoints")
		}, found{RungEndpoint, Error, "ReleaseBinding"}},
		"VariableStays": {CodeNotSubstituted, func(w world) {
			w.set(w.one("Kustomization", "-projects"), map[string]any{"substituteFrom": []any{map[string]any{"kind": "ConfigMap", "name": "x", "optional": true}}}, "spec", "postBuild")
			w.set(w.one("Workload", ""), "hello ${GHOST}", "spec", "container", "command")
		}, found{RungWorkload, Warning, "Workload"}},
		"RunFails": {CodeWorkflowRunFailed, func(w world) {
			w.Drop(w.one("Workload", "").Ref)
			w.clearOwners("Workload")
			ref := facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "WorkflowRun", Namespace: w.Subject.Namespace, Name: "build-1"}
			run := facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{}}}
			run.Body.SetName("build-1")
			run.Body.SetLabels(map[string]string{"openchoreo.dev/component": w.Subject.Component})
			w.Put(run)
			w.condition(run, hour, "WorkflowFailed", "True", "WorkflowFailed", "step build failed")
		}, found{RungWorkload, Error, "WorkflowRun"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			if clean := Assess(w.Snapshot, w.TakenAt).find(c.code); clean != (found{}) {
				t.Errorf("a healthy world has it: %+v", clean)
			}
			c.change(w)
			if got := Assess(w.Snapshot, w.TakenAt).find(c.code); got != c.want {
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
