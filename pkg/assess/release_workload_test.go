package assess

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestDeployed: a revision is healthy and current only where its Workload is what the first environment runs.
func TestDeployed(t *testing.T) {
	t.Parallel()
	type deployed struct {
		Verdict     trace.Verdict
		Current     trace.Currency
		Environment string
		Severity    trace.Severity // of the finding that says that the Workload is not deployed
		Code        trace.Code
		Message     string
		Next        string
	}
	const generate = "occ componentrelease generate --mode file-system --namespace fleet --project demo --component workload-not-released"
	for name, c := range map[string]struct {
		scenario string
		change   func(w world)
		want     deployed
	}{
		"NotReleased": {"workload-not-released", func(world) {}, deployed{
			trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs :1.0.0, workload wants :1.0.1", generate,
		}},
		"NotBound": {"release-not-bound", func(world) {}, deployed{
			trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeReleaseNotBound, "runs :1.0.0, workload wants :1.0.1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-bound --target-env development --component-release release-not-bound-20261121-2",
		}},
		"NotPromoted": {"release-not-promoted", func(world) {}, deployed{
			trace.VerdictHealthy, trace.Current, "staging", trace.Info, trace.CodeReleaseNotBound,
			"ComponentRelease fleet/release-not-promoted-20261121-2 holds what the Workload says, and ReleaseBinding fleet/release-not-promoted-staging pins release-not-promoted-20261121-1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-2",
		}},
		"OnlyALaterEnvironmentIsBound": {"release-not-promoted", func(w world) {
			w.Drop(w.one("ReleaseBinding", "-development").Ref)
		}, deployed{
			trace.VerdictHealthy, trace.Behind, "staging", trace.Warning, trace.CodeReleaseNotBound, "runs :1.0.0, workload wants :1.0.1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-2",
		}},
		"OnlyALaterEnvironmentIsAsked": {"release-not-promoted", func(w world) {
			w.Subject.Environments = []string{"staging"}
			w.Drop(w.one("ReleaseBinding", "-development").Ref)
		}, deployed{
			trace.VerdictHealthy, trace.Current, "staging", trace.Info, trace.CodeReleaseNotBound,
			"ComponentRelease fleet/release-not-promoted-20261121-2 holds what the Workload says, and ReleaseBinding fleet/release-not-promoted-staging pins release-not-promoted-20261121-1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-2",
		}},
		"AutoDeploy": {"workload-not-released", func(w world) {
			w.set(w.one("Component", ""), true, "spec", "autoDeploy")
		}, deployed{trace.VerdictProgressing, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs :1.0.0, workload wants :1.0.1", ""}},
		"OtherRepository": {"workload-not-released", func(w world) {
			w.set(w.one("Workload", ""), "registry.example.com/acme/renamed:1.0.0", "spec", "container", "image")
		}, deployed{trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs workload-not-released:1.0.0, workload wants renamed:1.0.0", generate}},
		"OtherVariable": {"workload-not-released", func(w world) {
			w.set(w.one("Workload", ""), "registry.example.com/acme/workload-not-released:1.0.0", "spec", "container", "image")
			w.set(w.one("Workload", ""), []any{map[string]any{"key": "A", "value": "b"}}, "spec", "container", "env")
		}, deployed{trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs workload-not-released-20261121-1, workload differs in spec.container.env", generate}},
		"HostileProject": {"workload-not-released", func(w world) {
			w.Subject.Component = "workload-not-released"
			for _, kind := range []string{"Component", "Workload", "ReleaseBinding"} {
				w.set(w.one(kind, ""), "a|b", "spec", "owner", "projectName")
			}
		}, deployed{trace.VerdictFailed, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs :1.0.0, workload wants :1.0.1", ""}},
	} {
		w := world{factstest.Scenario(t, c.scenario), t}
		c.change(w)
		tr := Assess(w.Snapshot, w.TakenAt.Add(time.Second))
		got := deployed{Verdict: tr.Verdict, Current: tr.Current}
		for _, e := range tr.Environments {
			for _, r := range e.Rungs {
				for _, f := range r.Findings {
					if f.Code != trace.CodeWorkloadNotReleased && f.Code != trace.CodeReleaseNotBound {
						continue
					}
					got.Environment, got.Severity, got.Code, got.Message = e.Name, f.Severity, f.Code, f.Message
					if len(f.Next) > 0 {
						got.Next = f.Next[0]
					}
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
