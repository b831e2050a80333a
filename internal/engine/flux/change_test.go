package flux_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const badFile = "failed to decode Kubernetes YAML from /tmp/kustomization-1/apps/workload.yaml: MalformedYAMLError: yaml: line 1: did not find expected ',' or ']'"

func changed(w assesstest.World, file string, object facts.Ref) facts.Change {
	return facts.Change{
		Applier: w.One("Kustomization", "-projects").Ref, Object: object, File: file,
		Commit: "70409268a1c3e5f7092b4d6f8a1c3e5f7092b4d6", Subject: "scale it", Author: "Dana",
	}
}

func TestFindingNamesFileAndCommit(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const by = ", last changed by Dana in 7040926 (scale it)"
	mine := facts.Ref{Plane: facts.Control, Kind: "Component", Namespace: "healthy", Name: "greeter-service"}
	other := facts.Ref{Plane: facts.Control, Kind: "Component", Namespace: "healthy", Name: "other"}
	for name, c := range map[string]struct {
		reason, message string
		object          facts.Ref
		file            string
		hint            string
	}{
		"File": {
			"BuildFailed", badFile,
			facts.Ref{},
			"apps/workload.yaml",
			"nothing of this Kustomization is applied until it builds; the file is apps/workload.yaml" + by,
		},
		"EndOfAPath": {
			"BuildFailed", "kustomize build failed: accumulating resources: accumulating resources from '../x/a.yaml': MalformedYAMLError: yaml: line 1: x in File: ../x/a.yaml",
			facts.Ref{},
			"apps/x/a.yaml",
			"nothing of this Kustomization is applied until it builds; the file is apps/x/a.yaml" + by,
		},
		"OurObject": {
			"ReconciliationFailed", "Component/healthy/greeter-service dry-run failed: .spec.replicaz: field not declared in schema", mine, "apps/component.yaml",
			"Component healthy/greeter-service is rejected, so nothing of this Kustomization is applied; correct or remove the field: it is misspelt, or belongs to another version of the CustomResourceDefinition; the file is apps/component.yaml" + by,
		},
		"ObjectOfAnother": {
			"ReconciliationFailed", "Component/healthy/other dry-run failed (Invalid): spec.type is immutable", other, "apps/other.yaml",
			"blocked by Component healthy/other: nothing of this Kustomization is applied while one object is rejected; spec.type is immutable: revert the change in Git, or commit a new Component with another name; the file is apps/other.yaml" + by,
		},
		"ValueInTheCluster": {
			"ReconciliationFailed", `Component/healthy/greeter-service dry-run failed (Invalid): Component.openchoreo.dev "greeter-service" is invalid: spec.owner.projectName: Invalid value: "x": spec.owner.projectName is immutable`, mine, "apps/component.yaml",
			"Component healthy/greeter-service is rejected, so nothing of this Kustomization is applied; spec.owner.projectName is immutable: set it to demo in Git, or commit a new Component with another name; the file is apps/component.yaml" + by,
		},
		"ObjectOfABuild": {
			"BuildFailed", "post build failed for 'Component.v1alpha1.openchoreo.dev/other': envsubst error: x",
			facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Name: "other"},
			"apps/other.yaml",
			"a ${variable} in that object has no value in spec.postBuild; nothing of this Kustomization is applied; the file is apps/other.yaml" + by,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Changes = []facts.Change{changed(w, c.file, c.object)}
			w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "False", c.reason, c.message)
			failing := assess.Assess(w.Snapshot, w.TakenAt).Failing
			if failing == nil {
				t.Fatal("nothing fails")
			}
			if diff := cmp.Diff(c.hint, failing.Hint); diff != "" {
				t.Errorf("hint (-want +got)\n%s", diff)
			}
			want := trace.Evidence{Path: "git " + c.file, Value: "70409268a1c3e5f7092b4d6f8a1c3e5f7092b4d6 Dana: scale it"}
			if last := failing.Evidence[len(failing.Evidence)-1]; last != want {
				t.Errorf("evidence %+v, want %+v", last, want)
			}
		})
	}
}

// TestNobodyIsNamedWithoutCause: a change counts only for the message that it was looked up for.
func TestNobodyIsNamedWithoutCause(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		reason, message string
		change          func(c *facts.Change)
	}{
		"OtherFile":    {"BuildFailed", badFile, func(c *facts.Change) { c.File = "apps/myworkload.yaml" }},
		"OtherApplier": {"BuildFailed", badFile, func(c *facts.Change) { c.Applier.Name = "other" }},
		"ForAnObject": {"BuildFailed", badFile, func(c *facts.Change) {
			c.Object = facts.Ref{Plane: facts.Control, Kind: "Component", Namespace: "healthy", Name: "other"}
		}},
		"OtherObject": {"ReconciliationFailed", "Component/healthy/x apply failed: apps/workload.yaml", func(*facts.Change) {}},
		"HistoryTooShort": {"BuildFailed", badFile, func(c *facts.Change) {
			c.Commit, c.Author, c.Subject = "", "", ""
		}},
		"WebhookIsDown": {
			"ReconciliationFailed", `Component/x/y dry-run failed (InternalError): Internal error occurred: failed calling webhook "m.kb.io": connection refused`,
			func(c *facts.Change) {
				c.Object = facts.Ref{Plane: facts.Control, Kind: "Component", Namespace: "x", Name: "y"}
			},
		},
	} {
		w := healthy.Copy(t)
		change := changed(w, "apps/workload.yaml", facts.Ref{})
		c.change(&change)
		w.Changes = []facts.Change{change}
		w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "False", c.reason, c.message)
		failing := assess.Assess(w.Snapshot, w.TakenAt).Failing
		if failing == nil || strings.Contains(failing.Hint, "last changed") {
			t.Errorf("%s: %+v", name, failing)
		}
	}
}

// TestFailureInEventsNamesFileToo: while the next run is under way, the error stands in the events alone.
func TestFailureInEventsNamesFileToo(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	ks := w.One("Kustomization", "-projects")
	w.Changes = []facts.Change{changed(w, "apps/workload.yaml", facts.Ref{})}
	w.Condition(ks, 0, "Ready", "Unknown", "Progressing", "Reconciliation in progress")
	event := facts.Ref{Plane: facts.Control, Kind: "Event", Namespace: ks.Ref.Namespace, Name: "e"}
	w.Put(facts.Object{Ref: event, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
		"type": "Warning", "reason": "BuildFailed", "message": badFile,
		"metadata":       map[string]any{"annotations": map[string]any{kinds.EventRevision: kinds.Text(w.One("GitRepository", "").Body, "status", "artifact", "revision")}},
		"involvedObject": map[string]any{"kind": ks.Ref.Kind, "namespace": ks.Ref.Namespace, "name": ks.Ref.Name},
	}}})
	failing := assess.Assess(w.Snapshot, w.TakenAt).Failing
	if failing == nil || !strings.HasSuffix(failing.Hint, "; the file is apps/workload.yaml, last changed by Dana in 7040926 (scale it)") {
		t.Errorf("failing %+v", failing)
	}
}
