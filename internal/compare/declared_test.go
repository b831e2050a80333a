package compare_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mask"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// inGit is a repository that declares what Flux has applied in a world.
func inGit(w assesstest.World) *manifest.Repository {
	w.T.Helper()
	r := &manifest.Repository{}
	for _, o := range w.Objects() {
		by := engines.All().AppliedBy(o)
		if o.Outcome != facts.Found || o.Ref.Group != kinds.OpenChoreo || len(by) == 0 {
			continue
		}
		body := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": o.Body.GetAPIVersion(), "kind": o.Ref.Kind, "metadata": map[string]any{"name": o.Ref.Name, "namespace": o.Ref.Namespace}, "spec": o.Body.DeepCopy().Object["spec"],
		}}
		r.Objects = append(r.Objects, manifest.Object{Ref: o.Ref, Body: body, File: "projects/" + o.Ref.Name + ".yaml", AppliedBy: by})
	}
	return r
}

// change changes the object of a kind in the repository.
func change(t *testing.T, r *manifest.Repository, kind string, value any, path ...string) {
	t.Helper()
	for _, o := range r.Objects {
		if o.Ref.Kind != kind {
			continue
		}
		if value == nil {
			unstructured.RemoveNestedField(o.Body.Object, path...)
		} else if err := unstructured.SetNestedField(o.Body.Object, value, path...); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("the repository has no %s", kind)
}

var plantedDeclared = map[string]struct {
	change func(t *testing.T, w assesstest.World, r *manifest.Repository)
	want   map[string][]string
}{
	"Nothing": {func(*testing.T, assesstest.World, *manifest.Repository) {}, map[string][]string{}},
	"ReleaseName": {func(t *testing.T, _ assesstest.World, r *manifest.Repository) {
		t.Helper()
		change(t, r, "ReleaseBinding", "greeter-service-20261122-1", "spec", "releaseName")
	}, map[string][]string{"ReleaseBinding": {"spec.releaseName"}}},
	"ReleaseNameRemoved": {func(t *testing.T, _ assesstest.World, r *manifest.Repository) {
		t.Helper()
		change(t, r, "ReleaseBinding", nil, "spec", "releaseName")
	}, map[string][]string{"ReleaseBinding": {"spec.releaseName"}}},
	"Image": {func(t *testing.T, _ assesstest.World, r *manifest.Repository) {
		t.Helper()
		change(t, r, "Workload", assesstest.OldImage, "spec", "container", "image")
	}, map[string][]string{"Workload": {"spec.container.image"}}},
	"OverrideAdded": {func(t *testing.T, _ assesstest.World, r *manifest.Repository) {
		t.Helper()
		change(t, r, "ReleaseBinding", int64(2), "spec", "componentTypeEnvironmentConfigs", "replicas")
	}, map[string][]string{"ReleaseBinding": {"spec.componentTypeEnvironmentConfigs"}}},
	"State": {func(t *testing.T, _ assesstest.World, r *manifest.Repository) {
		t.Helper()
		change(t, r, "ReleaseBinding", "Undeploy", "spec", "state")
	}, map[string][]string{"ReleaseBinding": {"spec.state"}}},
	"Parameter": {func(t *testing.T, _ assesstest.World, r *manifest.Repository) {
		t.Helper()
		change(t, r, "Component", int64(9), "spec", "parameters", "added")
	}, map[string][]string{"Component": {"spec.parameters"}}},
	"EditedInTheCluster": {func(_ *testing.T, w assesstest.World, _ *manifest.Repository) {
		w.Set(w.One("Component", ""), true, "spec", "autoDeploy")
	}, map[string][]string{"Component": {"spec.autoDeploy"}}},
	"ZeroValueDropped": {func(t *testing.T, w assesstest.World, r *manifest.Repository) {
		t.Helper()
		unstructured.RemoveNestedField(w.One("Component", "").Body.Object, "spec", "autoDeploy")
		change(t, r, "Component", false, "spec", "autoDeploy")
	}, map[string][]string{}},
	"ZeroParameter": {func(t *testing.T, w assesstest.World, r *manifest.Repository) {
		t.Helper()
		w.Set(w.One("ReleaseBinding", "-development"), map[string]any{"tier": "a"}, "spec", "componentTypeEnvironmentConfigs")
		change(t, r, "ReleaseBinding", map[string]any{"tier": "a", "replicas": int64(0)}, "spec", "componentTypeEnvironmentConfigs")
	}, map[string][]string{"ReleaseBinding": {"spec.componentTypeEnvironmentConfigs.replicas"}}},
	"ZeroValueReplaced": {func(t *testing.T, w assesstest.World, r *manifest.Repository) {
		t.Helper()
		w.Set(w.One("Component", ""), true, "spec", "autoDeploy")
		change(t, r, "Component", false, "spec", "autoDeploy")
	}, map[string][]string{"Component": {"spec.autoDeploy"}}},
	"Label": {func(t *testing.T, _ assesstest.World, r *manifest.Repository) {
		t.Helper()
		change(t, r, "Component", "a", "metadata", "labels", "team")
	}, map[string][]string{"Component": {"metadata.labels.team"}}},
	"New": {func(_ *testing.T, w assesstest.World, _ *manifest.Repository) {
		w.Answer(w.One("Workload", ""), facts.Absent)
	}, map[string][]string{"Workload": {"only declared"}}},
	"Removed": {func(_ *testing.T, _ assesstest.World, r *manifest.Repository) {
		r.Objects = slices.DeleteFunc(r.Objects, func(o manifest.Object) bool { return o.Ref.Kind == "Workload" })
	}, map[string][]string{"Workload": {"only live"}}},
	"Pipeline": {func(t *testing.T, _ assesstest.World, r *manifest.Repository) {
		t.Helper()
		change(t, r, "Project", "other", "spec", "deploymentPipelineRef", "name")
	}, map[string][]string{"Project": {"spec.deploymentPipelineRef.name"}}},
	"Variable": {func(_ *testing.T, _ assesstest.World, r *manifest.Repository) {
		for i := range r.Objects {
			r.Objects[i].Unresolved = r.Objects[i].Ref.Kind == "Workload"
		}
	}, map[string][]string{"Workload": {"it contains a variable whose value is not known"}}},

	"OfAnotherComponent": {func(_ *testing.T, _ assesstest.World, r *manifest.Repository) {
		for _, o := range slices.Clone(r.Objects) {
			if o.Ref.Kind == "Component" || o.Ref.Kind == "Workload" {
				o.Ref.Name, o.Body = "other-"+o.Ref.Name, o.Body.DeepCopy()
				_ = unstructured.SetNestedField(o.Body.Object, "other", "spec", "owner", "componentName")
				r.Objects = append(r.Objects, o)
			}
		}
	}, map[string][]string{}},
	"DefaultLeftOut": {func(t *testing.T, w assesstest.World, r *manifest.Repository) {
		t.Helper()
		w.Set(w.One("Component", ""), "ComponentType", "spec", "componentType", "kind")
		change(t, r, "Component", nil, "spec", "componentType", "kind")
	}, map[string][]string{}},
	"ByAController": {func(_ *testing.T, w assesstest.World, _ *manifest.Repository) {
		o := w.One("Component", "")
		w.Set(o, true, "spec", "autoDeploy")
		w.Set(o, []any{
			map[string]any{"manager": "kustomize-controller", "fieldsV1": map[string]any{"f:spec": map[string]any{"f:owner": map[string]any{}}}},
			map[string]any{"manager": "kubectl-edit", "fieldsV1": map[string]any{"f:spec": map[string]any{"f:autoDeploy": map[string]any{}}}},
		}, "metadata", "managedFields")
		facts.Clean(o.Body)
	}, map[string][]string{}},
}

func TestDeclared(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range plantedDeclared {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			r := inGit(w)
			c.change(t, w, r)
			got := differences(compare.Declared(mask.ForCredentials(false), w.Component(), r, nil))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestRevisions: what a repository declares is compared whole, also what only one revision has.
func TestRevisions(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	before, after := inGit(w), inGit(w)
	if got := differences(compare.Revisions(mask.ForCredentials(false), w.Component(), before, after)); len(got) > 0 {
		t.Errorf("a revision differs from itself: %v", got)
	}
	change(t, after, "Workload", assesstest.OldImage, "spec", "container", "image")
	after.Objects = slices.DeleteFunc(after.Objects, func(o manifest.Object) bool { return o.Ref.Kind == "Component" })
	want := map[string][]string{"Workload": {"spec.container.image"}, "Component": {"only live"}}
	if diff := cmp.Diff(want, differences(compare.Revisions(mask.ForCredentials(false), w.Component(), before, after))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
