package release_test

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestRung breaks the release that an environment runs.
func TestRung(t *testing.T) {
	t.Parallel()
	const dev = "development"
	assesstest.Check(t, assess.Assess, map[string]assesstest.Case{
		"ReleaseAbsent": {Change: func(w assesstest.World) { w.Answer(w.One("ComponentRelease", ""), facts.Absent) }, Want: assesstest.Failed(trace.RungRelease, dev, trace.CodeComponentReleaseNotFound, "ComponentRelease")},
		"ReleaseNotPinned": {Change: func(w assesstest.World) {
			unstructured.RemoveNestedField(w.One("ReleaseBinding", "-development").Body.Object, "spec", "releaseName")
		}, Want: assesstest.Failed(trace.RungRelease, dev, trace.CodeReleaseNotPinned, "ReleaseBinding")},
	})
}
