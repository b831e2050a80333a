package text

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	wantedCommit  = "main@sha1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	earlierCommit = "main@sha1:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// environment is one with these rungs, and with another that is OK, so that it counts as bound.
func environment(name string, verdict trace.Verdict, current trace.Currency, rungs ...trace.Rung) trace.Environment {
	return trace.Environment{Name: name, Verdict: verdict, Current: current, Rungs: append(rungs, trace.Rung{ID: trace.RungEndpoint, State: trace.OK}, trace.Rung{ID: trace.RungBinding, State: trace.OK})}
}

func release(severity trace.Severity, code trace.Code) trace.Rung {
	return trace.Rung{ID: trace.RungRelease, State: trace.OK, Findings: []trace.Finding{{
		Code: code, Severity: severity, Message: "runs :1, but the Workload has :2", Hint: "cut a release", NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "occ generate"}},
	}}}
}

type healthySummary struct {
	current      trace.Currency
	wanted       string
	rungs        []trace.Rung
	environments []trace.Environment
	want         []string
}

func reportedPods(findings ...trace.Finding) trace.Rung {
	return trace.Rung{ID: trace.RungPod, State: trace.OK, Reported: true, Object: facts.Ref{Plane: "eu"}, Findings: findings}
}

var healthySummaries = map[string]healthySummary{
	"NoEnvironment": {trace.CurrencyUnknown, "", nil, nil, []string{"Healthy."}},
	"AtRevision":    {trace.Current, wantedCommit, nil, []trace.Environment{environment("dev", trace.VerdictHealthy, trace.Current)}, []string{"Healthy in dev at main@aaaaaaa."}},
	"Undeployed": {
		trace.Current, wantedCommit, nil,
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Current), environment("staging", trace.VerdictSuspended, trace.Current)},
		[]string{"Healthy in dev at main@aaaaaaa; undeployed in staging."},
	},
	"NotBoundIsNotSaid": {
		trace.Current, "", nil,
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Current), {Name: "staging", Verdict: trace.VerdictSuspended, Rungs: make([]trace.Rung, 1)}},
		[]string{"Healthy in dev."},
	},
	"EarlierRelease": {
		trace.Current, wantedCommit, nil,
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Current), environment("staging", trace.VerdictHealthy, trace.Behind, release(trace.Info, trace.CodeReleaseNotBound))},
		[]string{"Healthy in dev at main@aaaaaaa; healthy in staging with an earlier release."},
	},
	"OnlyEarlierReleases": {
		trace.Current, wantedCommit, nil,
		[]trace.Environment{environment("staging", trace.VerdictHealthy, trace.Current, release(trace.Info, trace.CodeReleaseNotBound))},
		[]string{"Healthy in staging with an earlier release."},
	},
	"OtherFindingOfARelease": {
		trace.Current, "", nil,
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Current, release(trace.Warning, trace.CodeTwoMasters))},
		[]string{"Healthy in dev, 1 warning: TwoMasters.", "  Runs :1, but the Workload has :2.", "  Cut a release.", "  Next: occ generate", "        kubectl choreo explain TwoMasters"},
	},
	"BehindBySource": {
		trace.Behind, wantedCommit,
		[]trace.Rung{{ID: trace.RungSource, Current: trace.Current, Revision: wantedCommit}, {ID: trace.RungDelivery, Current: trace.Behind, Revision: earlierCommit}},
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Behind, trace.Rung{ID: trace.RungPod, Current: trace.Behind})},
		[]string{"Healthy, but behind in dev.", "  The wanted revision is main@aaaaaaa, but delivery has main@bbbbbbb."},
	},
	"BehindInAnEnvironment": {
		trace.Behind, wantedCommit, nil,
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Behind, trace.Rung{ID: trace.RungPod, Current: trace.Behind})},
		[]string{"Healthy, but behind in dev.", "  The wanted revision is main@aaaaaaa, but pod (dev) does not have it yet."},
	},
	"BehindOfNothing": {
		trace.Behind, "", nil,
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Behind, trace.Rung{ID: trace.RungPod, Current: trace.Behind, Revision: earlierCommit})},
		[]string{"Healthy, but behind in dev.", "  Pod (dev) is behind."},
	},
	"NotDeployed": {
		trace.Behind, wantedCommit, nil,
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Behind, release(trace.Warning, trace.CodeWorkloadNotReleased))},
		[]string{
			"Healthy, but aaaaaaa is not deployed in dev: runs :1, but the Workload has :2.", "  Cut a release.",
			"  Next: occ generate", "        kubectl choreo explain WorkloadNotReleased",
		},
	},
	"NotDeployedAtNoRevision": {
		trace.Behind, "", nil,
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Behind, release(trace.Warning, trace.CodeReleaseNotBound))},
		[]string{
			"Healthy, but the Workload is not deployed in dev: runs :1, but the Workload has :2.", "  Cut a release.",
			"  Next: occ generate", "        kubectl choreo explain ReleaseNotBound",
		},
	},
	"NotDeployedBecauseHeldBackAbove": {
		trace.Behind, wantedCommit,
		[]trace.Rung{{ID: trace.RungSource, Current: trace.Behind}},
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Behind, release(trace.Warning, trace.CodeWorkloadNotReleased))},
		[]string{"Healthy, but behind in dev with an earlier release, 1 warning: WorkloadNotReleased.", "  The wanted revision is main@aaaaaaa, but source does not have it yet."},
	},
	"PodsNotVisible": {
		trace.Current, "", nil,
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Current, reportedPods())},
		[]string{"Healthy as reported by OpenChoreo in dev; pods not checked (data plane eu not read)."},
	},
	"PodsUnreachableInOneOfTwo": {
		trace.Current, "", nil,
		[]trace.Environment{environment("dev", trace.VerdictHealthy, trace.Current), environment("eu", trace.VerdictHealthy, trace.Current, reportedPods(trace.Finding{Code: trace.CodeUnreachable}))},
		[]string{"Healthy as reported by OpenChoreo in dev, eu; pods not checked in eu (data plane eu unreachable)."},
	},
	"SuspendedIsNotReported": {
		trace.Current, "", nil,
		[]trace.Environment{environment("dev", trace.VerdictSuspended, trace.Current, trace.Rung{ID: trace.RungResource, State: trace.OK, Reported: true})},
		[]string{"Healthy; undeployed in dev."},
	},
}

// TestSummaryOfHealthy: the sentence that somebody reads who sees nothing else.
func TestSummaryOfHealthy(t *testing.T) {
	t.Parallel()
	for name, c := range healthySummaries {
		tr := &trace.Trace{Verdict: trace.VerdictHealthy, Current: c.current, Wanted: trace.Wanted{Revision: c.wanted}, Rungs: c.rungs, Environments: c.environments}
		if diff := cmp.Diff(c.want, Summary(tr, style.Options{})); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestSummaryOfProgressing: what has a time or a finding is a cause; what has neither follows from one, if there is one.
func TestSummaryOfProgressing(t *testing.T) {
	t.Parallel()
	wait := func(id trace.RungID, since time.Duration, findings ...trace.Finding) trace.Rung {
		r := trace.Rung{ID: id, State: trace.Progressing, Summary: string(id) + " waits", Findings: findings}
		if since > 0 {
			r.Since = printerstest.Now.Add(-since)
		}
		return r
	}
	for name, c := range map[string]struct {
		shared, inDev []trace.Rung
		want          []string
	}{
		"CauseAndWhatFollows": {
			[]trace.Rung{wait(trace.RungDelivery, time.Minute), {ID: trace.RungSource, State: trace.OK, Summary: "ok"}},
			[]trace.Rung{wait(trace.RungPod, 0)},
			[]string{"Progressing, not failed:", "  delivery: delivery waits, for 60s", "  Wait for it: what takes too long is reported as failed."},
		},
		"NoCause": {
			nil,
			[]trace.Rung{wait(trace.RungRendered, 0), wait(trace.RungPod, 0)},
			[]string{"Progressing, not failed:", "  rendered (dev): rendered waits", "  pod (dev): pod waits", "  Wait for it: what takes too long is reported as failed."},
		},
		"Finding": {
			nil,
			[]trace.Rung{wait(trace.RungPod, 0, trace.Finding{NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "kubectl get pods"}}})},
			[]string{"Progressing, not failed:", "  pod (dev): pod waits", "  Next: kubectl get pods"},
		},
		"OnlyTheFirstOfSeveral": {
			nil,
			[]trace.Rung{wait(trace.RungDelivery, 0,
				trace.Finding{Hint: "it waits", NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "flux get kustomizations"}}},
				trace.Finding{NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "flux get kustomizations"}}},
			)},
			[]string{"Progressing, not failed:", "  delivery (dev): delivery waits", "  It waits.", "  Next: flux get kustomizations"},
		},
	} {
		tr := &trace.Trace{Verdict: trace.VerdictProgressing, Rungs: c.shared, Environments: []trace.Environment{{Name: "dev", Rungs: c.inDev}}}
		if diff := cmp.Diff(c.want, Summary(tr, style.Options{Now: printerstest.Now})); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestSummaryOfUnknown(t *testing.T) {
	t.Parallel()
	tr := &trace.Trace{
		Rungs: []trace.Rung{{ID: trace.RungSource, State: trace.OK, Summary: "ok"}, {ID: trace.RungDelivery, Summary: "could not look", Findings: []trace.Finding{{
			Message: "forbidden", NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "kubectl auth can-i list"}},
		}}}},
		Environments: []trace.Environment{{Name: "dev", Rungs: []trace.Rung{{ID: trace.RungPod, Summary: "not seen"}}}},
	}
	want := []string{"Unknown, not failed:", "  delivery: could not look", "    forbidden", "  Next: kubectl auth can-i list", "  pod (dev): not seen"}
	if diff := cmp.Diff(want, Summary(tr, style.Options{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSummaryOfFailed: one failure is told whole, the others are named.
func TestSummaryOfFailed(t *testing.T) {
	t.Parallel()
	pod := facts.Ref{Kind: "Pod", Namespace: "a", Name: "b"}
	failure := func(environment, message string) *trace.Failure {
		return &trace.Failure{Rung: trace.RungPod, Environment: environment, Finding: trace.Finding{Code: trace.CodePodFailed, Object: pod, Message: message}}
	}
	first := failure("dev", "exit 1\n  exit 2")
	first.Hint, first.Since = "it crashes", printerstest.Now.Add(-time.Hour)
	first.Path = []facts.Ref{{Kind: "Deployment", Namespace: "a", Name: "d"}, {}, {Kind: "Pod", Namespace: "a"}, pod}
	tr := &trace.Trace{Verdict: trace.VerdictFailed, Failing: first, Environments: []trace.Environment{
		{Name: "dev", Failing: failure("dev", "the same")}, {Name: "staging", Failing: failure("staging", "another")}, {Name: "production"},
	}}
	want := []string{
		"Failed at: pod (dev)   PodFailed", "  Pod a/b, since 60m:", "    exit 1", "    exit 2", "  It crashes.", "  Path: Deployment a/d → Pod a/b",
		"  Next: kubectl choreo explain PodFailed", "  Also failing: pod (staging), PodFailed: another",
	}
	if diff := cmp.Diff(want, Summary(tr, style.Options{Now: printerstest.Now})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	tr.Failing = nil
	if diff := cmp.Diff([]string{"Failed."}, Summary(tr, style.Options{})); diff != "" {
		t.Errorf("without a failure (-want +got)\n%s", diff)
	}
	repeated := failure("dev", "Pod a/b is gone")
	if got := Summary(&trace.Trace{Verdict: trace.VerdictFailed, Failing: repeated}, style.Options{}); !slices.Equal(got[1:3], []string{"  Pod a/b:", "    is gone"}) {
		t.Errorf("the message begins with the object: %q", got)
	}
	repeated.Message = "Pod a/b and Pod a/c share a port"
	if got := Summary(&trace.Trace{Verdict: trace.VerdictFailed, Failing: repeated}, style.Options{}); got[2] != "    Pod a/b and Pod a/c share a port" {
		t.Errorf("the object is one of two: %q", got)
	}
	unnamed := &trace.Trace{Verdict: trace.VerdictFailed, Failing: &trace.Failure{Rung: trace.RungSource, Finding: trace.Finding{
		Code: trace.CodeSourceNotFound, Message: "no", Since: printerstest.Now.Add(-time.Minute),
	}}}
	want = []string{"Failed at: source   SourceNotFound", "  since 60s:", "    no", "  Next: kubectl choreo explain SourceNotFound"}
	if diff := cmp.Diff(want, Summary(unnamed, style.Options{Now: printerstest.Now})); diff != "" {
		t.Errorf("without an object (-want +got)\n%s", diff)
	}
}

func TestReportedRungs(t *testing.T) {
	t.Parallel()
	tr := &trace.Trace{Environments: []trace.Environment{
		{Name: "dev", Rungs: []trace.Rung{{ID: trace.RungResource, State: trace.OK, Reported: true}, {ID: trace.RungPod, State: trace.OK, Reported: true}}},
		{Name: "staging", Rungs: []trace.Rung{{ID: trace.RungResource, State: trace.Failed, Reported: true}, {ID: trace.RungPod, State: trace.OK}}},
	}}
	want := []string{"dev: resource and pod as last reported by OpenChoreo, not read from the data plane"}
	if diff := cmp.Diff(want, ReportedRungs(tr)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
