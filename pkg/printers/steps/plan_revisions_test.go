package steps

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestPlanRevisions: each object has the revision that it has and the one that it gets, and a plan that changes nothing says so.
func TestPlanRevisions(t *testing.T) {
	t.Parallel()
	const one, two = "main@sha1:1111111111111111111111111111111111111111", "main@sha1:2222222222222222222222222222222222222222"
	source := facts.Ref{Plane: facts.Control, Group: "source.toolkit.fluxcd.io", Kind: "GitRepository", Namespace: "flux-system", Name: "oc"}
	fetch := PlanNode{Object: source, Revision: two, Fetches: true}
	apply := PlanNode{Object: printerstest.Kustomization("apps"), After: []facts.Ref{source}, Revision: one, Target: two}
	current := PlanNode{Object: printerstest.Kustomization("apps"), After: []facts.Ref{source}, Revision: two, Target: two, Current: true}
	static := PlanNode{Object: printerstest.Kustomization("chart")}
	for name, c := range map[string]struct {
		waves [][]PlanNode
		want  string
	}{
		"Behind": {[][]PlanNode{{fetch}, {apply}}, `
  1  GitRepository flux-system/oc   main@2222222 → latest
  2  Kustomization flux-system/apps   main@1111111 → main@2222222   after GitRepository flux-system/oc`},
		"Current": {[][]PlanNode{{fetch}, {current}}, `
  1  GitRepository flux-system/oc   main@2222222 → latest
  2  Kustomization flux-system/apps   main@2222222, current   after GitRepository flux-system/oc
Nothing to do at the fetched revision: all objects are current. reconcile would fetch the sources, and apply what is new.`},
		"CurrentWithoutSource": {[][]PlanNode{{current}}, `
  1  Kustomization flux-system/apps   main@2222222, current   after GitRepository flux-system/oc
Nothing to do: all objects are current.`},
		"NeverApplied": {[][]PlanNode{{{Object: printerstest.Kustomization("apps"), Target: two}}}, "\n  1  Kustomization flux-system/apps   none → main@2222222"},
		"NoRevision":   {[][]PlanNode{{static}}, "\n  1  Kustomization flux-system/chart"},
		"Empty":        {nil, "\nNothing to reconcile: no Flux or Argo CD object delivers it."},
	} {
		var out strings.Builder
		if err := WritePlan(style.Options{}, &out, Plan{Waves: c.waves}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n")+"\n", out.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
