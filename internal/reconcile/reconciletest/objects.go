// Package reconciletest has the objects of which tests of reconciling make their clusters.
package reconciletest

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Noon is when the tables are judged.
var Noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// Object reads an object from YAML; the group is that of its apiVersion.
func Object(t *testing.T, text string) facts.Object {
	t.Helper()
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &u.Object); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	// YAML has read numbers as float64, the API as int64.
	data, err := u.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := u.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	ref := facts.Ref{Plane: facts.Control, Group: u.GroupVersionKind().Group, Kind: u.GetKind(), Namespace: u.GetNamespace(), Name: u.GetName()}
	return facts.Object{Ref: ref, Outcome: facts.Found, Body: u}
}

// Snapshot holds the objects.
func Snapshot(objects ...facts.Object) *facts.Snapshot {
	s := facts.New(facts.Subject{}, Noon)
	for _, o := range objects {
		s.Put(o)
	}
	return s
}

// Flux is an object in the namespace of Flux.
func Flux(group, kind, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Namespace: "flux-system", Name: name}
}

// KS is a Kustomization by name.
func KS(name string) facts.Ref { return Flux(kinds.FluxKustomize, "Kustomization", name) }

// Git is a GitRepository by name.
func Git(name string) facts.Ref { return Flux(kinds.FluxSource, "GitRepository", name) }

// GitRepository is one that has fetched revision.
func GitRepository(t *testing.T, name, revision string) facts.Object {
	t.Helper()
	return Object(t, `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {namespace: flux-system, name: `+name+`, generation: 1, resourceVersion: "1"}
spec: {interval: 1m, url: http://git/`+name+`}
status:
  observedGeneration: 1
  lastHandledReconcileAt: before
  artifact: {revision: `+revision+`}
  conditions: [{type: Ready, status: "True", reason: Succeeded, message: "stored artifact for revision '`+revision+`'", observedGeneration: 1}]
`)
}

// Kustomization is one of the source git, that has applied revision.
func Kustomization(t *testing.T, name, revision string, dependsOn ...string) facts.Object {
	t.Helper()
	o := Object(t, `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {namespace: flux-system, name: `+name+`, generation: 1, resourceVersion: "1"}
spec: {interval: 10m, timeout: 1m, sourceRef: {kind: GitRepository, name: git}}
status:
  observedGeneration: 1
  lastHandledReconcileAt: before
  lastAttemptedRevision: `+revision+`
  lastAppliedRevision: `+revision+`
  conditions: [{type: Ready, status: "True", reason: ReconciliationSucceeded, message: "Applied revision: `+revision+`", observedGeneration: 1}]
`)
	var needed []any
	for _, name := range dependsOn {
		needed = append(needed, map[string]any{"name": name})
	}
	if len(needed) > 0 {
		Set(t, o, needed, "spec", "dependsOn")
	}
	return o
}

// Set sets a field of an object.
func Set(t *testing.T, o facts.Object, value any, path ...string) facts.Object {
	t.Helper()
	if err := unstructured.SetNestedField(o.Body.Object, value, path...); err != nil {
		t.Fatal(err)
	}
	return o
}

// AppliedBy labels o as applied by that Kustomization.
func AppliedBy(o facts.Object, name string) facts.Object {
	o.Body.SetLabels(map[string]string{kinds.FluxKustomize + "/name": name, kinds.FluxKustomize + "/namespace": "flux-system"})
	return o
}

// Two revisions of one branch.
const (
	OldRevision = "main@sha1:0000000000000000000000000000000000000001"
	NewRevision = "main@sha1:0000000000000000000000000000000000000002"
)
