package assess_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestReleaseNameKept: Git does not set the release of a binding. It is a warning of this binding alone, with the field manager if it is known.
func TestReleaseNameKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		binding, managers string
		want              []string
	}{
		"Kept":        {"greeter-service-development", "", []string{"development: Git does not set spec.releaseName of ReleaseBinding healthy/greeter-service-development at b.yaml:4; the cluster still has greeter-service-20261121-1"}},
		"WithManager": {"greeter-service-staging", "kustomize-controller=spec.environment,spec.releaseName;webhook=spec.state", []string{"staging: Git does not set spec.releaseName of ReleaseBinding healthy/greeter-service-staging at b.yaml:4; the cluster still has greeter-service-20261121-1, from field manager kustomize-controller"}},
		"OfAnother":   {"other-development", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, "healthy")
			for _, o := range s.Objects() {
				if o.Ref.Kind == "ReleaseBinding" && o.Ref.Name == c.binding && c.managers != "" {
					o.Body = o.Body.DeepCopy()
					o.Body.SetAnnotations(map[string]string{"kubectl-choreo.dev/spec-managers": c.managers})
					s.Put(o)
				}
			}
			s.Past.Unset = []facts.UnsetField{{
				Object: facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: "ReleaseBinding", Namespace: "healthy", Name: c.binding},
				Path:   "spec.releaseName", File: "b.yaml", Line: 4,
			}}
			got := assess.Assess(s, s.TakenAt)
			var all []string
			for _, e := range got.Environments {
				if e.Verdict != trace.VerdictHealthy && e.Verdict != trace.VerdictSuspended {
					t.Errorf("%s is %s", e.Name, e.Verdict)
				}
				for _, r := range e.Rungs {
					for _, f := range r.Findings {
						if f.Code == trace.CodeReleaseNameKept {
							all = append(all, e.Name+": "+f.Message)
						}
					}
				}
			}
			if diff := cmp.Diff(c.want, all); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
