package release_test

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/release"
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

// TestWhoCutsAMissingRelease: whether its file may be missing in Git depends on who applies the binding that pins it, and on who cuts
// releases.
func TestWhoCutsAMissingRelease(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const pins = "spec.releaseName of ReleaseBinding healthy/greeter-service-development names it"
	unlabeled := func(w assesstest.World) {
		for _, kind := range []string{"ReleaseBinding", "Component"} {
			for _, o := range w.Of(facts.Control, "openchoreo.dev", kind) {
				o.Body.SetLabels(nil)
			}
		}
		for _, o := range w.Of(facts.Control, "kustomize.toolkit.fluxcd.io", "Kustomization") {
			w.Set(o, []any{}, "status", "inventory", "entries")
		}
	}
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   string
	}{
		"Kustomization": {func(assesstest.World) {}, pins + ": check that its file is committed and that Kustomization flux-system/oc-healthy-projects applies it, or set spec.releaseName to one that exists, such as greeter-service-20261121-1"},
		"Application": {func(w assesstest.World) {
			unlabeled(w)
			w.One("ReleaseBinding", "-development").Body.SetAnnotations(map[string]string{
				"argocd.argoproj.io/tracking-id": "shop:openchoreo.dev/ReleaseBinding:healthy/greeter-service-development",
			})
		}, pins + ": check that its file is committed and that Application argocd/shop applies it, or set spec.releaseName to one that exists, such as greeter-service-20261121-1"},
		"AppliedByHand": {unlabeled, pins},
		"AutoDeploy": {func(w assesstest.World) {
			w.Set(w.One("Component", "greeter-service"), true, "spec", "autoDeploy")
		}, pins},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			missing := facts.Object{Ref: w.Component().Ref("ComponentRelease", "greeter-service-20261121-9")}
			w.Set(w.One("ReleaseBinding", "-development"), missing.Ref.Name, "spec", "releaseName")
			w.Answer(missing, facts.Absent)
			r := release.AssessRelease(w.Development())
			if got := assesstest.Hints(r.Rung); len(got) != 1 || got[0] != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestWithoutBinding: a ReleaseBinding that was not read may name a release.
func TestWithoutBinding(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for outcome, want := range map[facts.Outcome]string{
		facts.Found: "none, as there is no ReleaseBinding", facts.Absent: "none, as there is no ReleaseBinding",
		facts.Forbidden: "unknown without the ReleaseBinding", facts.Unreachable: "unknown without the ReleaseBinding", facts.NotAsked: "unknown without the ReleaseBinding",
	} {
		w := healthy.Copy(t)
		for _, l := range w.Lists() {
			if l.Query.Kind == "ReleaseBinding" {
				l.Outcome, l.Items = outcome, nil
				w.PutList(l, nil)
			}
		}
		w.Drop(w.One("ReleaseBinding", "-development").Ref)
		if got := release.AssessRelease(w.Component().EnvironmentOf("development")).Summary; got != want {
			t.Errorf("%v: %q, want %q", outcome, got, want)
		}
	}
}
