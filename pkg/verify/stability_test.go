package verify

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// look is one look at a component, so long after noon.
type look struct {
	after time.Duration
	trace *trace.Trace
	final bool
}

// waits are looks at one component, and the Stability that decides when they are final.
type waits struct {
	stability Stability
	looks     []look
}

func hold(t *testing.T, cases map[string]waits) {
	t.Helper()
	for name, c := range cases {
		p := c.stability
		for i, l := range c.looks {
			if got := p.Final(Gate{}.Judge(l.trace), l.trace, noon.Add(l.after)); got != l.final {
				t.Errorf("%s, look %d after %s: final %t, want %t", name, i+1, l.after, got, l.final)
			}
		}
	}
}

// fresh has become healthy just now.
func fresh() *trace.Trace {
	tr := healthyTrace()
	tr.Environments[0].Rungs[2].Since = noon
	return tr
}

func behind() *trace.Trace {
	tr := healthyTrace()
	tr.Current = trace.Behind
	return tr
}

// unread is a trace whose first rung could not be read.
func unread(code trace.Code) *trace.Trace {
	tr := healthyTrace()
	tr.Verdict, tr.Rungs[0].State = trace.VerdictUnknown, trace.Unknown
	tr.Rungs[0].Findings = []trace.Finding{{Code: code}}
	return tr
}

// crashing has a pod in staging that failed so.
func crashing(code trace.Code) *trace.Trace {
	return withFailure(healthyTrace(), trace.RungPod, "staging", code, facts.Ref{Kind: "Pod"})
}

// restarted runs again, and became ready just now.
func restarted() *trace.Trace {
	tr := fresh()
	tr.Environments[0].Rungs[2].Findings = []trace.Finding{{Code: trace.CodePodFlapping, Severity: trace.Warning}}
	return tr
}

// withProgress is a trace with a rung that is on its way: of an environment, or above all where that is "".
func withProgress(tr *trace.Trace, rung trace.RungID, environment, summary string) *trace.Trace {
	rungs := tr.Rungs
	for _, e := range tr.Environments {
		if e.Name == environment {
			rungs = e.Rungs
		}
	}
	for i := range rungs {
		if rungs[i].ID == rung {
			rungs[i].State, rungs[i].Summary = trace.Progressing, summary
		}
	}
	return tr
}

// TestStabilityOfAPass: it must have lasted, by the times in the cluster or by what was observed.
func TestStabilityOfAPass(t *testing.T) {
	t.Parallel()
	timeless := &trace.Trace{Verdict: trace.VerdictHealthy, Current: trace.Current}
	hold(t, map[string]waits{
		"AtOnce":             {Stability{}, []look{{0, healthyTrace(), true}}},
		"HasStood":           {Stability{StableFor: time.Minute}, []look{{0, healthyTrace(), true}}},
		"MustStand":          {Stability{StableFor: time.Minute}, []look{{0, fresh(), false}, {59 * time.Second, fresh(), false}, {time.Minute, fresh(), true}}},
		"NobodySaysHowLong":  {Stability{StableFor: time.Minute}, []look{{0, timeless, false}, {time.Minute, timeless, true}}},
		"FlappingIsNoPass":   {Stability{StableFor: time.Minute}, []look{{0, fresh(), false}, {30 * time.Second, behind(), false}, {time.Minute, fresh(), false}, {2 * time.Minute, fresh(), true}}},
		"WaitingIsNeverDone": {Stability{}, []look{{0, behind(), false}, {time.Hour, behind(), false}}},
	})
}

// TestStabilityOfFailures: what cannot recover is final soon; what may has the grace.
func TestStabilityOfFailures(t *testing.T) {
	t.Parallel()
	ks := facts.Ref{Kind: "Kustomization", Name: "apps"}
	failed := func(code trace.Code, object string) *trace.Trace {
		return withFailure(healthyTrace(), trace.RungPod, "staging", code, facts.Ref{Name: object})
	}
	away := func() *trace.Trace {
		return withFailure(healthyTrace(), trace.RungDelivery, "", trace.CodeWebhookUnavailable, ks)
	}
	hold(t, map[string]waits{
		"TerminalAtOnce": {Stability{Grace: time.Minute}, []look{
			{0, failed(trace.CodeImagePullBackOff, ""), false}, {5 * time.Second, failed(trace.CodeImagePullBackOff, "another"), true},
		}},
		"UnknownCodeIsTerminal": {Stability{Grace: time.Minute}, []look{{0, failed("Surprise", ""), false}, {5 * time.Second, failed("Surprise", ""), true}}},
		"TransientHasGrace":     {Stability{Grace: time.Minute}, []look{{0, away(), false}, {59 * time.Second, away(), false}, {time.Minute, away(), true}}},
		"NoGraceIsNotAtOnce":    {Stability{}, []look{{0, away(), false}, {4 * time.Second, away(), false}, {5 * time.Second, away(), true}}},
		"GraceBeginsAnew": {Stability{Grace: time.Minute}, []look{
			{0, away(), false},
			{50 * time.Second, withFailure(healthyTrace(), trace.RungSource, "", trace.CodeSourceFetchFailed, ks), false},
			{70 * time.Second, withFailure(healthyTrace(), trace.RungSource, "", trace.CodeSourceFetchFailed, ks), false},
		}},
		"Forbidden":   {Stability{Grace: time.Minute}, []look{{0, unread(trace.CodeForbidden), false}, {5 * time.Second, unread(trace.CodeForbidden), true}}},
		"Unreachable": {Stability{Grace: time.Minute}, []look{{0, unread(trace.CodeUnreachable), false}, {59 * time.Second, unread(trace.CodeUnreachable), false}, {time.Minute, unread(trace.CodeUnreachable), true}}},
	})
}

// TestStabilityOfCrashes: a container that runs for a moment between two crashes is not well; one of a new release begins anew.
func TestStabilityOfCrashes(t *testing.T) {
	t.Parallel()
	loop := trace.CodeCrashLoopBackOff
	hold(t, map[string]waits{
		"CrashLoopIsOneFailure": {Stability{Grace: 30 * time.Second}, []look{
			{0, crashing(loop), false},
			{10 * time.Second, crashing(loop), false},
			{11 * time.Second, restarted(), false},
			{16 * time.Second, crashing(trace.CodeContainerFailed), false},
			{17 * time.Second, crashing(loop), false},
			{37 * time.Second, crashing(loop), true},
		}},
		"CrashedOnce": {Stability{Grace: 30 * time.Second, StableFor: 10 * time.Second}, []look{
			{0, crashing(loop), false},
			{9 * time.Second, crashing(loop), false},
			{20 * time.Second, restarted(), false},
			{49 * time.Second, restarted(), false},
			{50 * time.Second, restarted(), true},
		}},
		"ANewReleaseCrashesAnew": {Stability{Grace: 30 * time.Second}, []look{
			{0, crashing(loop), false},
			{20 * time.Second, crashing(loop), false},
			{21 * time.Second, withProgress(crashing(loop), trace.RungSource, "", ""), false},
			{25 * time.Second, crashing(loop), false},
			{40 * time.Second, crashing(loop), false},
			{55 * time.Second, crashing(loop), true},
		}},
	})
}

// TestStabilityOfReplacedFailures: what fails is not final while something above it, which brings another, is on its way.
func TestStabilityOfReplacedFailures(t *testing.T) {
	t.Parallel()
	pull := func() *trace.Trace { return crashing(trace.CodeImagePullBackOff) }
	twice := func(tr *trace.Trace, after time.Duration, final bool) []look {
		return []look{{0, tr, false}, {after, tr, final}}
	}
	hold(t, map[string]waits{
		"OfAnOlderRevision":          {Stability{}, twice(withProgress(pull(), trace.RungSource, "", ""), time.Hour, false)},
		"OfAnOlderRelease":           {Stability{}, twice(withProgress(pull(), trace.RungRelease, "staging", ""), time.Hour, false)},
		"AnotherEnvironmentsRelease": {Stability{}, twice(withProgress(pull(), trace.RungRelease, "development", ""), 5*time.Second, true)},
		"TheBindingWaitsForThePod":   {Stability{}, twice(withProgress(pull(), trace.RungBinding, "staging", ""), 5*time.Second, true)},
		"FluxWaitsForThePod":         {Stability{}, twice(withProgress(pull(), trace.RungDelivery, "", "apps: Running health checks for revision x"), 5*time.Second, true)},
	})
}

// TestNoDecisionIsNotFinalAtOnce: what is no judgement is neither passed nor final before the grace.
func TestNoDecisionIsNotFinalAtOnce(t *testing.T) {
	t.Parallel()
	p := Stability{Grace: time.Minute}
	if p.Final(Judgement{Decision: 200}, healthyTrace(), noon) {
		t.Error("a decision that nobody knows is final at once")
	}
	if !p.Final(Judgement{Decision: 200}, healthyTrace(), noon.Add(time.Minute)) {
		t.Error("a decision that nobody knows is waited for after the grace")
	}
}

// TestRanOut: what has not passed for long enough when the time is over has not passed, and all else stays what it is.
func TestRanOut(t *testing.T) {
	t.Parallel()
	p := Stability{StableFor: 10 * time.Second}
	for before, want := range map[Decision]Decision{Passed: Pending, Pending: Pending, Failed: Failed, Undecided: Undecided} {
		got := p.TimedOut(Judgement{Decision: before})
		if got.Decision != want || (before != Passed && len(got.Reasons) > 0) {
			t.Errorf("%s became %v, want %s", before, got.texts(), want)
		}
	}
	because, _ := p.TimedOut(Judgement{Decision: Passed}).Cause()
	if because.Requirement != RequireHealthy || because.Message != "it is healthy, but not yet for 10s" {
		t.Errorf("the reason is %+v", because)
	}
}

// TestTransient: of an image that cannot be pulled, and of an apply that failed, the words decide.
func TestTransient(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]bool{
		`failed to pull and unpack image "r.example.com/a:1": failed to resolve reference "r.example.com/a:1": r.example.com/a:1: not found`:                        false,
		`failed to resolve reference "r.example.com/a:429": pull access denied, repository does not exist or may require authorization`:                             false,
		`failed to resolve reference "r.example.com/a:1": unexpected status from HEAD request to https://r.example.com/v2/a/manifests/1: 503 Service Unavailable`:   true,
		`failed to resolve reference "r.example.com/a:1": failed to do request: Head "https://r.example.com/v2/a/manifests/1": dial tcp 192.0.2.1:443: i/o timeout`: true,
		`failed to copy: httpReadSeeker: failed open: unexpected status code https://r.example.com/v2/a/blobs/x: 429 Too Many Requests`:                             true,
		"": false,
	} {
		if got := Transient(trace.Finding{Code: trace.CodeImagePullBackOff, Message: message}); got != want {
			t.Errorf("%q is transient: %t, want %t", message, got, want)
		}
	}
	for message, want := range map[string]bool{
		"failed to update status: timed out waiting for the condition":                                                           true,
		`Deployment/a/b dry-run failed: Patch "https://10.96.0.1:443/apis": dial tcp 10.96.0.1:443: connect: connection refused`: true,
		"Component/a/b dry-run failed (Invalid): spec.type: Invalid value":                                                       false,
	} {
		if got := Transient(trace.Finding{Code: trace.CodeKustomizationApplyFailed, Message: message}); got != want {
			t.Errorf("%q is transient: %t, want %t", message, got, want)
		}
	}
	for code, want := range map[trace.Code]bool{
		trace.CodeCrashLoopBackOff: true, trace.CodeContainerConfigError: true, trace.CodeComponentReleaseNotFound: true,
		trace.CodeStaleNotFound: false, trace.CodeOOMKilled: false, trace.CodeKustomizationBuildFailed: false,
	} {
		if got := Transient(trace.Finding{Code: code}); got != want {
			t.Errorf("%s is transient: %t, want %t", code, got, want)
		}
	}
}
