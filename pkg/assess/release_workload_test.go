package assess

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// lastChanged has the Kustomization of the component apply something else for the last time then.
func (w world) lastChanged(age time.Duration) {
	w.t.Helper()
	at := w.TakenAt.Add(-age).UTC().Format(time.RFC3339)
	for _, o := range w.Objects() {
		switch o.Ref.Kind {
		case "Kustomization":
			w.set(o, []any{map[string]any{"firstReconciled": at, "lastReconciled": at, "lastReconciledStatus": "ReconciliationSucceeded"}}, "status", "history")
		case "Component", "Workload":
			w.set(o, at, "metadata", "creationTimestamp")
		}
	}
}

// newerRelease has the Component want two replicas, and a third release with the Workload of the second and these parameters, or those
// of the Component.
func (w world) newerRelease(parameters map[string]any) {
	w.t.Helper()
	w.set(w.one("Component", "release-not-promoted"), map[string]any{"replicas": int64(2)}, "spec", "parameters")
	if parameters == nil {
		parameters = map[string]any{"replicas": int64(2)}
	}
	third := w.one("ComponentRelease", "-2")
	third.Ref.Name = "release-not-promoted-20261121-3"
	third.Body = third.Body.DeepCopy()
	third.Body.SetName(third.Ref.Name)
	w.Put(third)
	w.set(third, parameters, "spec", "componentProfile", "parameters")
}

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
		"AutoDeployTooLate": {"workload-not-released", func(w world) {
			w.set(w.one("Component", ""), true, "spec", "autoDeploy")
			w.lastChanged(view.ObserveTimeout)
		}, deployed{trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs :1.0.0, workload wants :1.0.1", ""}},
		"AutoDeployTooLateAndControllerDown": {"workload-not-released", func(w world) {
			w.set(w.one("Component", ""), true, "spec", "autoDeploy")
			w.lastChanged(view.ObserveTimeout)
			w.put(`{apiVersion: apps/v1, kind: Deployment, metadata: {name: controller-manager, namespace: openchoreo-control-plane}, status: {availableReplicas: 0}}`)
		}, deployed{Verdict: trace.VerdictHealthy, Current: trace.Behind}},
		"AutoDeployWithARunSince": {"workload-not-released", func(w world) {
			w.set(w.one("Component", ""), true, "spec", "autoDeploy")
			w.lastChanged(view.ObserveTimeout)
			w.condition(w.one("Kustomization", "-projects"), time.Second, "Ready", "True", "ReconciliationSucceeded", "Applied revision")
		}, deployed{trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs :1.0.0, workload wants :1.0.1", ""}},
		"NewerRelease": {"release-not-promoted", func(w world) {
			w.newerRelease(nil)
			w.Drop(w.one("ReleaseBinding", "-staging").Ref)
		}, deployed{
			trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeReleaseNotBound,
			"runs release-not-promoted-20261121-2, but release-not-promoted-20261121-3 has the present spec.parameters of the Component",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env development --component-release release-not-promoted-20261121-3",
		}},
		"NewerReleaseOfTheSame": {"release-not-promoted", func(w world) {
			w.newerRelease(nil)
			w.set(w.one("ComponentRelease", "-2"), map[string]any{"replicas": int64(2)}, "spec", "componentProfile", "parameters")
		}, deployed{
			trace.VerdictHealthy, trace.Current, "staging", trace.Info, trace.CodeReleaseNotBound,
			"ComponentRelease fleet/release-not-promoted-20261121-3 holds what the Workload says, and ReleaseBinding fleet/release-not-promoted-staging pins release-not-promoted-20261121-1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-3",
		}},
		"NewerReleaseTakenBack": {"release-not-promoted", func(w world) {
			w.newerRelease(map[string]any{"replicas": int64(3)})
			w.set(w.one("ComponentRelease", "-2"), map[string]any{"replicas": int64(2)}, "spec", "componentProfile", "parameters")
		}, deployed{
			trace.VerdictHealthy, trace.Current, "staging", trace.Info, trace.CodeReleaseNotBound,
			"ComponentRelease fleet/release-not-promoted-20261121-3 holds what the Workload says, and ReleaseBinding fleet/release-not-promoted-staging pins release-not-promoted-20261121-1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-3",
		}},
		"NewerReleaseOfNeither": {"release-not-promoted", func(w world) {
			w.newerRelease(map[string]any{"replicas": int64(3)})
		}, deployed{
			trace.VerdictHealthy, trace.Current, "staging", trace.Info, trace.CodeReleaseNotBound,
			"ComponentRelease fleet/release-not-promoted-20261121-3 holds what the Workload says, and ReleaseBinding fleet/release-not-promoted-staging pins release-not-promoted-20261121-1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-3",
		}},
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
