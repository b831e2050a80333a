package cli

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
)

// TestEmptiedAndNotReady: whatever a Kustomization does after it has deleted the component, the component is a finding, and not a name that
// nobody knows.
func TestEmptiedAndNotReady(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ status, reason, since, code string }{
		"Ready":   {"True", "ReconciliationSucceeded", "09:22:18", "KustomizationEmpty"},
		"Running": {"Unknown", "Progressing", "09:22:33", "KustomizationEmpty"},
		"Waits":   {"False", "DependencyNotReady", "08:22:33", "DependencyNotReady"},
		"Fails":   {"False", "BuildFailed", "08:22:33", "KustomizationBuildFailed"},
	} {
		s := factstest.Scenario(t, "kustomization-emptied")
		for _, o := range s.Objects() {
			if o.Ref.Kind != "Kustomization" || o.Ref.Name != "oc-depot-kustomization-emptied" {
				continue
			}
			o.Body = o.Body.DeepCopy()
			ready := map[string]any{
				"type": "Ready", "status": c.status, "reason": c.reason, "message": "as it is", "observedGeneration": int64(1),
				"lastTransitionTime": "2026-11-21T" + c.since + "Z",
			}
			if err := unstructured.SetNestedSlice(o.Body.Object, []any{ready}, "status", "conditions"); err != nil {
				t.Fatal(err)
			}
			s.Put(o)
		}
		if err := notfound.Component(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := assess.Assess(s, s.TakenAt); got.Failing == nil || string(got.Failing.Code) != c.code {
			t.Errorf("%s: %s, failing %+v; want %s", name, got.Verdict, got.Failing, c.code)
		}
	}
}
