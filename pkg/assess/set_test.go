package assess_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestSet: of the fields that a patch or a variable sets, the hint names those that the failure is about, each patch once.
func TestSet(t *testing.T) {
	t.Parallel()
	of := func(kind, name, path string, stored bool) facts.SetField {
		return facts.SetField{Object: facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Name: name}, Path: path, By: "a patch", File: "k.yaml", Line: 7, Stored: stored}
	}
	const release, env = "greeter-service-20261121-2", "spec.workload.container.env[0].value"
	inCluster := of("ComponentRelease", release, env, true)
	inCluster.File, inCluster.Line = "", 0
	inCluster.By = "the variable GREETING of Kustomization flux-system/x"
	for name, c := range map[string]struct {
		scenario string
		set      []facts.SetField
		want     []string // Hint and evidence
	}{
		"Environment": {
			"pod-crash-loop",
			[]facts.SetField{of("ComponentRelease", release, env, true), of("ComponentRelease", release, "spec.workload.container.env[0].key", true)},
			[]string{env + " of ComponentRelease NAMESPACE/" + release + " is set by a patch (k.yaml:7)", "git k.yaml:7: " + env + " of ComponentRelease NAMESPACE/" + release + " is set by a patch"},
		},
		"OnlyInTheCluster": {"pod-crash-loop", []facts.SetField{inCluster}, []string{env + " of ComponentRelease NAMESPACE/" + release + " is set by the variable GREETING of Kustomization flux-system/x"}},
		"NotStored":        {"pod-crash-loop", []facts.SetField{of("ComponentRelease", release, env, false)}, nil},
		"AnotherRelease":   {"pod-crash-loop", []facts.SetField{of("ComponentRelease", "greeter-service-20261121-1", env, true)}, nil},
		"AnotherBinding":   {"pod-crash-loop", []facts.SetField{of("ReleaseBinding", "greeter-service-staging", "spec.workloadOverrides.container.env[0].value", true)}, nil},
		"Workload":         {"pod-crash-loop", []facts.SetField{of("Workload", "greeter-service-workload", "spec.container.env[0].value", true)}, nil}, // the release is from Git
		"OtherField":       {"pod-crash-loop", []facts.SetField{of("ComponentRelease", release, "spec.workload.endpoints.http.port", true)}, nil},
		"PinToRollBack": {
			"pod-crash-loop",
			[]facts.SetField{of("ReleaseBinding", "greeter-service-development", "spec.releaseName", true)},
			[]string{"spec.releaseName of ReleaseBinding NAMESPACE/greeter-service-development is set by a patch (k.yaml:7)", "git k.yaml:7: spec.releaseName of ReleaseBinding NAMESPACE/greeter-service-development is set by a patch"},
		},
		"Rejected": {
			"kustomization-dry-run-fails",
			[]facts.SetField{of("Component", "greeter-service", "spec.replicaz", false)},
			[]string{"spec.replicaz of Component NAMESPACE/greeter-service is set by a patch (k.yaml:7)", "git k.yaml:7: spec.replicaz of Component NAMESPACE/greeter-service is set by a patch"},
		},
		"NotWhatIsRejected": {"kustomization-dry-run-fails", []facts.SetField{of("Component", "greeter-service", "spec.replica", false), of("Component", "other", "spec.replicaz", false)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, c.scenario)
			before := assess.Assess(s, s.TakenAt).Failing
			for _, set := range c.set {
				set.Object.Namespace = c.scenario
				s.Past.Set = append(s.Past.Set, set)
			}
			f := assess.Assess(s, s.TakenAt).Failing
			var got []string
			if added := strings.TrimPrefix(f.Hint, before.Hint); added != "" {
				got = append(got, strings.TrimPrefix(added, ". "))
			}
			for _, e := range f.Evidence[len(before.Evidence):] {
				got = append(got, e.Path+": "+e.Value)
			}
			var want []string
			for _, text := range c.want {
				want = append(want, strings.ReplaceAll(text, "NAMESPACE", c.scenario))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
