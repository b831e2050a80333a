package assess_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestLeftOut: of the object that is missing alone, the file is named, in the hint and as evidence.
func TestLeftOut(t *testing.T) {
	t.Parallel()
	before := factstest.Scenario(t, "release-absent")
	f := assess.Assess(before, before.TakenAt).Failing
	other := f.Object
	other.Name += "x"
	for name, c := range map[string]struct {
		files    []facts.UnappliedFile
		hint     string
		evidence []string
	}{
		"None":        {nil, f.Hint, nil},
		"OfAnother":   {[]facts.UnappliedFile{{Object: other, File: "a.yaml", Line: 2}}, f.Hint, nil},
		"NotApplied":  {[]facts.UnappliedFile{{Object: f.Object, File: "a.yaml", Line: 2}}, "a.yaml:2 declares it, and nothing applies that file: no kustomization.yaml lists it, and no path of a Kustomization takes it in", []string{"git a.yaml:2 nothing applies this file"}},
		"Excluded":    {[]facts.UnappliedFile{{Object: f.Object, File: "a.yaml", Excluded: true}}, "a.yaml declares it, and what is applied does not have it: spec.ignore of the source or .sourceignore excludes the file, or a patch removes the object", []string{"git a.yaml the build of what is applied does not have it"}},
		"Pattern":     {[]facts.UnappliedFile{{Object: f.Object, File: "a.yaml", Line: 2, Excluded: true, By: "a pattern excludes its file", ByFile: "s.yaml", ByLine: 7}}, "a.yaml:2 declares it, and a pattern excludes its file (s.yaml:7)", []string{"git a.yaml:2 a pattern excludes its file"}},
		"OfCluster":   {[]facts.UnappliedFile{{Object: f.Object, File: "a.yaml", Line: 2, Excluded: true, By: "a pattern excludes its file"}}, "a.yaml:2 declares it, and a pattern excludes its file", []string{"git a.yaml:2 a pattern excludes its file"}},
		"OtherBranch": {[]facts.UnappliedFile{{Object: f.Object, File: "a.yaml", Branch: "origin/x"}}, "branch origin/x declares it, in a.yaml: merge it into the branch of the source", []string{"git a.yaml only on branch origin/x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, "release-absent")
			s.Past.LeftOut = c.files
			got := assess.Assess(s, s.TakenAt).Failing
			var evidence []string
			for _, e := range got.Evidence[len(f.Evidence):] {
				evidence = append(evidence, e.Path+" "+e.Value)
			}
			if diff := cmp.Diff(c.hint, got.Hint) + cmp.Diff(c.evidence, evidence); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
