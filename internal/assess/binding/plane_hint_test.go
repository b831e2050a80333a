package binding_test

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestPlaneHint: whether the plane is missing or another one is meant, what exists, and what blocks a new Environment.
func TestPlaneHint(t *testing.T) {
	t.Parallel()
	names := func(w assesstest.World) {
		w.Set(w.One("Environment", "development"), map[string]any{"kind": "ClusterDataPlane", "name": "mars"}, "spec", "dataPlaneRef")
		mars := w.One("ClusterDataPlane", "").Ref
		mars.Name = "mars"
		w.Put(facts.Object{Ref: mars, Outcome: facts.Absent})
	}
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   []string
	}{
		"Other": {names, []string{
			"Environment healthy/development refers to it in spec.dataPlaneRef, which is immutable: commit the ClusterDataPlane; if another plane is meant, such as ClusterDataPlane default, correct the field in Git, and delete the Environment",
			"lists it in spec.promotionPaths, and it is not deleted before it is removed there",
		}},
		"NotSet": {func(w assesstest.World) {
			unstructured.RemoveNestedField(w.One("Environment", "development").Body.Object, "spec", "dataPlaneRef")
			w.Answer(w.One("ClusterDataPlane", ""), facts.Absent)
		}, []string{"Environment healthy/development has no spec.dataPlaneRef, so it needs the DataPlane or ClusterDataPlane default: commit one, or set the field in Git"}},
	} {
		w := assesstest.Healthy(t)
		w.Subject.Environments = []string{"development"}
		c.change(w)
		got := assess.Assess(w.Snapshot, w.TakenAt).Failing
		for _, want := range c.want {
			if got == nil || !strings.Contains(got.Hint, want) {
				t.Errorf("%s: %+v, want %q", name, got, want)
			}
		}
	}
}
