package release_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// lastChanged has the Kustomization of the component apply something else for the last time then.
func lastChanged(w assesstest.World, age time.Duration) {
	w.T.Helper()
	at := w.TakenAt.Add(-age).UTC().Format(time.RFC3339)
	for _, o := range w.Objects() {
		switch o.Ref.Kind {
		case "Kustomization":
			w.Set(o, []any{map[string]any{"firstReconciled": at, "lastReconciled": at, "lastReconciledStatus": "ReconciliationSucceeded"}}, "status", "history")
		case "Component", "Workload":
			w.Set(o, at, "metadata", "creationTimestamp")
		}
	}
}

// newerRelease has the Component want two replicas, and a third release with the Workload of the second and these parameters, or those
// of the Component.
func newerRelease(w assesstest.World, parameters map[string]any) {
	w.T.Helper()
	w.Set(w.One("Component", "release-not-promoted"), map[string]any{"replicas": int64(2)}, "spec", "parameters")
	if parameters == nil {
		parameters = map[string]any{"replicas": int64(2)}
	}
	third := w.One("ComponentRelease", "-2")
	third.Ref.Name = "release-not-promoted-20261121-3"
	third.Body = third.Body.DeepCopy()
	third.Body.SetName(third.Ref.Name)
	w.Put(third)
	w.Set(third, parameters, "spec", "componentProfile", "parameters")
}

// deployed is what a trace says of the Workload and the release that runs.
type deployed struct {
	Verdict     trace.Verdict
	Current     trace.Currency
	Environment string
	Severity    trace.Severity // of the finding that says that the Workload is not deployed
	Code        trace.Code
	Message     string
	Next        string
}

type deployedCase struct {
	scenario string
	change   func(w assesstest.World)
	want     deployed
}

const reconcile = "kubectl choreo reconcile workload-not-released -n fleet -e development --wait"

const generate = "occ componentrelease generate --mode file-system --namespace fleet --project demo --component workload-not-released"

// unreleased: what is in Git is not what runs.
func unreleased() map[string]deployedCase {
	return map[string]deployedCase{
		"NotReleased": {"workload-not-released", func(assesstest.World) {}, deployed{
			trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs :1.0.0, but the Workload has :1.0.1", generate,
		}},
		"NotBound": {"release-not-bound", func(assesstest.World) {}, deployed{
			trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeReleaseNotBound, "runs :1.0.0, but the Workload has :1.0.1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-bound --target-env development --component-release release-not-bound-20261121-2",
		}},
		"NotPromoted": {"release-not-promoted", func(assesstest.World) {}, deployed{
			trace.VerdictHealthy, trace.Current, "staging", trace.Info, trace.CodeReleaseNotBound,
			"ComponentRelease fleet/release-not-promoted-20261121-2 contains the current Workload, but spec.releaseName of ReleaseBinding fleet/release-not-promoted-staging is release-not-promoted-20261121-1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-2",
		}},
		"OnlyALaterEnvironmentIsBound": {"release-not-promoted", func(w assesstest.World) {
			w.Drop(w.One("ReleaseBinding", "-development").Ref)
		}, deployed{
			trace.VerdictHealthy, trace.Behind, "staging", trace.Warning, trace.CodeReleaseNotBound, "runs :1.0.0, but the Workload has :1.0.1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-2",
		}},
		"OnlyALaterEnvironmentIsAsked": {"release-not-promoted", func(w assesstest.World) {
			w.Subject.Environments = []string{"staging"}
			w.Drop(w.One("ReleaseBinding", "-development").Ref)
		}, deployed{
			trace.VerdictHealthy, trace.Current, "staging", trace.Info, trace.CodeReleaseNotBound,
			"ComponentRelease fleet/release-not-promoted-20261121-2 contains the current Workload, but spec.releaseName of ReleaseBinding fleet/release-not-promoted-staging is release-not-promoted-20261121-1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-2",
		}},
		"OtherRepository": {"workload-not-released", func(w assesstest.World) {
			w.Set(w.One("Workload", ""), "registry.example.com/acme/renamed:1.0.0", "spec", "container", "image")
		}, deployed{trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs workload-not-released:1.0.0, but the Workload has renamed:1.0.0", generate}},
		"OtherVariable": {"workload-not-released", func(w assesstest.World) {
			w.Set(w.One("Workload", ""), "registry.example.com/acme/workload-not-released:1.0.0", "spec", "container", "image")
			w.Set(w.One("Workload", ""), []any{map[string]any{"key": "A", "value": "b"}}, "spec", "container", "env")
		}, deployed{trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "workload-not-released-20261121-1 is deployed, but the Workload differs in spec.container.env", generate}},
		"HostileProject": {"workload-not-released", func(w assesstest.World) {
			w.Subject.Component = "workload-not-released"
			for _, kind := range []string{"Component", "Workload", "ReleaseBinding"} {
				w.Set(w.One(kind, ""), "a|b", "spec", "owner", "projectName")
			}
		}, deployed{trace.VerdictFailed, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs :1.0.0, but the Workload has :1.0.1", reconcile}},
	}
}

// autoDeployed: OpenChoreo cuts and binds releases by itself.
func autoDeployed() map[string]deployedCase {
	return map[string]deployedCase{
		"AutoDeploy": {"workload-not-released", func(w assesstest.World) {
			w.Set(w.One("Component", ""), true, "spec", "autoDeploy")
		}, deployed{trace.VerdictProgressing, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs :1.0.0, but the Workload has :1.0.1", reconcile}},
		"AutoDeployTooLate": {"workload-not-released", func(w assesstest.World) {
			w.Set(w.One("Component", ""), true, "spec", "autoDeploy")
			lastChanged(w, view.ObserveTimeout)
		}, deployed{trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs :1.0.0, but the Workload has :1.0.1", reconcile}},
		"AutoDeployTooLateAndControllerDown": {"workload-not-released", func(w assesstest.World) {
			w.Set(w.One("Component", ""), true, "spec", "autoDeploy")
			lastChanged(w, view.ObserveTimeout)
			w.PutYAML(`{apiVersion: apps/v1, kind: Deployment, metadata: {name: controller-manager, namespace: openchoreo-control-plane}, status: {availableReplicas: 0}}`)
		}, deployed{Verdict: trace.VerdictHealthy, Current: trace.Behind}},
		"AutoDeployWithARunSince": {"workload-not-released", func(w assesstest.World) {
			w.Set(w.One("Component", ""), true, "spec", "autoDeploy")
			lastChanged(w, view.ObserveTimeout)
			w.Condition(w.One("Kustomization", "-projects"), time.Second, "Ready", "True", "ReconciliationSucceeded", "Applied revision")
		}, deployed{trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeWorkloadNotReleased, "runs :1.0.0, but the Workload has :1.0.1", reconcile}},
	}
}

// newerReleases: a release of the same Workload with other parameters.
func newerReleases() map[string]deployedCase {
	return map[string]deployedCase{
		"NewerRelease": {"release-not-promoted", func(w assesstest.World) {
			newerRelease(w, nil)
			w.Drop(w.One("ReleaseBinding", "-staging").Ref)
		}, deployed{
			trace.VerdictHealthy, trace.Behind, "development", trace.Warning, trace.CodeReleaseNotBound,
			"release-not-promoted-20261121-2 is deployed, but release-not-promoted-20261121-3 has the current spec.parameters of the Component",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env development --component-release release-not-promoted-20261121-3",
		}},
		"NewerReleaseOfTheSame": {"release-not-promoted", func(w assesstest.World) {
			newerRelease(w, nil)
			w.Set(w.One("ComponentRelease", "-2"), map[string]any{"replicas": int64(2)}, "spec", "componentProfile", "parameters")
		}, deployed{
			trace.VerdictHealthy, trace.Current, "staging", trace.Info, trace.CodeReleaseNotBound,
			"ComponentRelease fleet/release-not-promoted-20261121-3 contains the current Workload, but spec.releaseName of ReleaseBinding fleet/release-not-promoted-staging is release-not-promoted-20261121-1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-3",
		}},
		"NewerReleaseTakenBack": {"release-not-promoted", func(w assesstest.World) {
			newerRelease(w, map[string]any{"replicas": int64(3)})
			w.Set(w.One("ComponentRelease", "-2"), map[string]any{"replicas": int64(2)}, "spec", "componentProfile", "parameters")
		}, deployed{
			trace.VerdictHealthy, trace.Current, "staging", trace.Info, trace.CodeReleaseNotBound,
			"ComponentRelease fleet/release-not-promoted-20261121-3 contains the current Workload, but spec.releaseName of ReleaseBinding fleet/release-not-promoted-staging is release-not-promoted-20261121-1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-3",
		}},
		"NewerReleaseOfNeither": {"release-not-promoted", func(w assesstest.World) {
			newerRelease(w, map[string]any{"replicas": int64(3)})
		}, deployed{
			trace.VerdictHealthy, trace.Current, "staging", trace.Info, trace.CodeReleaseNotBound,
			"ComponentRelease fleet/release-not-promoted-20261121-3 contains the current Workload, but spec.releaseName of ReleaseBinding fleet/release-not-promoted-staging is release-not-promoted-20261121-1",
			"occ releasebinding generate --mode file-system --project demo --component release-not-promoted --target-env staging --component-release release-not-promoted-20261121-3",
		}},
	}
}

// TestDeployed: a revision is healthy and current only where its Workload is what the first environment runs.
func TestDeployed(t *testing.T) {
	t.Parallel()
	cases := unreleased()
	maps.Copy(cases, autoDeployed())
	maps.Copy(cases, newerReleases())
	for name, c := range cases {
		w := assesstest.World{Snapshot: factstest.Scenario(t, c.scenario), T: t}
		c.change(w)
		tr := assess.Assess(w.Snapshot, w.TakenAt.Add(time.Second))
		got := deployed{Verdict: tr.Verdict, Current: tr.Current}
		for _, e := range tr.Environments {
			for _, r := range e.Rungs {
				for _, f := range r.Findings {
					if f.Code != trace.CodeWorkloadNotReleased && f.Code != trace.CodeReleaseNotBound {
						continue
					}
					got.Environment, got.Severity, got.Code, got.Message = e.Name, f.Severity, f.Code, f.Message
					if len(f.Next) > 0 {
						isGenerate := func(line string) bool { return strings.HasPrefix(line, "occ ") }
						got.Next = f.Next[max(0, slices.IndexFunc(f.Next, isGenerate))]
					}
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestReleaseOfAVariable: a release of a Workload whose variables were not substituted would deploy them as they are.
func TestReleaseOfAVariable(t *testing.T) {
	t.Parallel()
	w := assesstest.World{Snapshot: factstest.Scenario(t, "variable-not-substituted"), T: t}
	var hint string
	for _, r := range assess.Assess(w.Snapshot, w.TakenAt).Environments[0].Rungs {
		for _, f := range r.Findings {
			if f.Code == trace.CodeWorkloadNotReleased {
				hint = f.Hint
			}
		}
	}
	if !strings.HasPrefix(hint, "first correct ${GHOST} in the Workload") {
		t.Errorf("hint %q, want the variable first", hint)
	}
}
