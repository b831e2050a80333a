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

func TestPatience(t *testing.T) {
	t.Parallel()
	ks := facts.Ref{Kind: "Kustomization", Name: "apps"}
	progressing := func(rung trace.RungID, summary string) *trace.Trace {
		tr := broken(ladder(), trace.RungPod, "staging", trace.CodeImagePullBackOff, facts.Ref{Kind: "Pod"})
		for i := range tr.Rungs {
			if tr.Rungs[i].ID == rung {
				tr.Rungs[i].State, tr.Rungs[i].Summary = trace.Progressing, summary
			}
		}
		for i := range tr.Environments[1].Rungs {
			if r := &tr.Environments[1].Rungs[i]; r.ID == rung {
				r.State = trace.Progressing
			}
		}
		return tr
	}
	fresh := func() *trace.Trace { // has become healthy just now
		tr := ladder()
		tr.Environments[0].Rungs[2].Since = noon
		return tr
	}
	timeless := func() *trace.Trace {
		return &trace.Trace{Verdict: trace.Healthy, Current: trace.Current}
	}
	unreachable := func() *trace.Trace {
		tr := ladder()
		tr.Verdict, tr.Rungs[0].State = trace.Undecided, trace.Unknown
		tr.Rungs[0].Findings = []trace.Finding{{Code: trace.CodeUnreachable}}
		return tr
	}
	forbidden := unreachable()
	forbidden.Rungs[0].Findings = []trace.Finding{{Code: trace.CodeForbidden}}
	crashing := func(code trace.Code) *trace.Trace {
		return broken(ladder(), trace.RungPod, "staging", code, facts.Ref{Kind: "Pod"})
	}
	restarted := func() *trace.Trace { // runs again, and became ready just now
		tr := fresh()
		tr.Environments[0].Rungs[2].Findings = []trace.Finding{{Code: trace.CodePodFlapping, Severity: trace.Warning}}
		return tr
	}
	behind := ladder()
	behind.Current = trace.Behind
	for name, c := range map[string]struct {
		patience Patience
		looks    []look
	}{
		"AtOnce":             {Patience{}, []look{{0, ladder(), true}}},
		"HasStood":           {Patience{StableFor: time.Minute}, []look{{0, ladder(), true}}},
		"MustStand":          {Patience{StableFor: time.Minute}, []look{{0, fresh(), false}, {59 * time.Second, fresh(), false}, {time.Minute, fresh(), true}}},
		"NobodySaysHowLong":  {Patience{StableFor: time.Minute}, []look{{0, timeless(), false}, {time.Minute, timeless(), true}}},
		"FlappingIsNoPass":   {Patience{StableFor: time.Minute}, []look{{0, fresh(), false}, {30 * time.Second, behind, false}, {time.Minute, fresh(), false}, {2 * time.Minute, fresh(), true}}},
		"WaitingIsNeverDone": {Patience{}, []look{{0, behind, false}, {time.Hour, behind, false}}},
		"TerminalAtOnce": {Patience{Grace: time.Minute}, []look{
			{0, broken(ladder(), trace.RungPod, "staging", trace.CodeImagePullBackOff, facts.Ref{}), false},
			{5 * time.Second, broken(ladder(), trace.RungPod, "staging", trace.CodeImagePullBackOff, facts.Ref{Name: "another"}), true},
		}},
		"TransientHasGrace": {Patience{Grace: time.Minute}, []look{
			{0, broken(ladder(), trace.RungKustomization, "", trace.CodeWebhookUnavailable, ks), false},
			{59 * time.Second, broken(ladder(), trace.RungKustomization, "", trace.CodeWebhookUnavailable, ks), false},
			{time.Minute, broken(ladder(), trace.RungKustomization, "", trace.CodeWebhookUnavailable, ks), true},
		}},
		"GraceBeginsAnew": {Patience{Grace: time.Minute}, []look{
			{0, broken(ladder(), trace.RungKustomization, "", trace.CodeWebhookUnavailable, ks), false},
			{50 * time.Second, broken(ladder(), trace.RungSource, "", trace.CodeSourceFetchFailed, ks), false},
			{70 * time.Second, broken(ladder(), trace.RungSource, "", trace.CodeSourceFetchFailed, ks), false},
		}},
		"UnknownCodeIsTerminal": {Patience{Grace: time.Minute}, []look{
			{0, broken(ladder(), trace.RungPod, "staging", "Surprise", ks), false},
			{5 * time.Second, broken(ladder(), trace.RungPod, "staging", "Surprise", ks), true},
		}},
		"CrashLoopIsOneFailure": {Patience{Grace: 30 * time.Second}, []look{
			{0, crashing(trace.CodeCrashLoopBackOff), false},
			{10 * time.Second, crashing(trace.CodeCrashLoopBackOff), false},
			{11 * time.Second, restarted(), false},
			{16 * time.Second, crashing(trace.CodeContainerFailed), false},
			{17 * time.Second, crashing(trace.CodeCrashLoopBackOff), false},
			{37 * time.Second, crashing(trace.CodeCrashLoopBackOff), true},
		}},
		"CrashedOnce": {Patience{Grace: 30 * time.Second, StableFor: 10 * time.Second}, []look{
			{0, crashing(trace.CodeCrashLoopBackOff), false},
			{9 * time.Second, crashing(trace.CodeCrashLoopBackOff), false},
			{20 * time.Second, restarted(), false},
			{49 * time.Second, restarted(), false},
			{50 * time.Second, restarted(), true},
		}},
		"OfAnOlderRevision":        {Patience{}, []look{{0, progressing(trace.RungSource, ""), false}, {time.Hour, progressing(trace.RungSource, ""), false}}},
		"TheBindingWaitsForThePod": {Patience{}, []look{{0, progressing(trace.RungBinding, ""), false}, {5 * time.Second, progressing(trace.RungBinding, ""), true}}},
		"FluxWaitsForThePod": {Patience{}, []look{
			{0, progressing(trace.RungKustomization, "apps: Running health checks for revision x"), false},
			{5 * time.Second, progressing(trace.RungKustomization, "apps: Running health checks for revision x"), true},
		}},
		"Forbidden":   {Patience{Grace: time.Minute}, []look{{0, forbidden, false}, {5 * time.Second, forbidden, true}}},
		"Unreachable": {Patience{Grace: time.Minute}, []look{{0, unreachable(), false}, {59 * time.Second, unreachable(), false}, {time.Minute, unreachable(), true}}},
	} {
		p := c.patience
		for i, l := range c.looks {
			if got := p.Final(Gate{}.Judge(l.trace), l.trace, noon.Add(l.after)); got != l.final {
				t.Errorf("%s, look %d after %s: final %t, want %t", name, i+1, l.after, got, l.final)
			}
		}
	}
}

// TestNoDecisionIsNotFinalAtOnce: what is no judgement is neither passed nor final before the grace.
func TestNoDecisionIsNotFinalAtOnce(t *testing.T) {
	t.Parallel()
	p := Patience{Grace: time.Minute}
	if p.Final(Judgement{Decision: 200}, ladder(), noon) {
		t.Error("a decision that nobody knows is final at once")
	}
}

// TestRanOut: what has not passed for long enough when the time is over has not passed, and all else stays what it is.
func TestRanOut(t *testing.T) {
	t.Parallel()
	p := Patience{StableFor: 10 * time.Second}
	for before, want := range map[Decision]Decision{Passed: Pending, Pending: Pending, Failed: Failed, Undecided: Undecided} {
		got := p.RanOut(Judgement{Decision: before})
		if got.Decision != want || (before != Passed && len(got.Reasons) > 0) {
			t.Errorf("%s became %v, want %s", before, got.words(), want)
		}
	}
	because, _ := p.RanOut(Judgement{Decision: Passed}).Because()
	if because.Requirement != RequireHealthy || because.Message != "it is well, but has not been for 10s" {
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
		trace.CodeCrashLoopBackOff: true, trace.CodeContainerConfigError: true, trace.CodeReleaseAbsent: true,
		trace.CodeStaleNotFound: false, trace.CodeOOMKilled: false, trace.CodeKustomizationBuildFailed: false,
	} {
		if got := Transient(trace.Finding{Code: code}); got != want {
			t.Errorf("%s is transient: %t, want %t", code, got, want)
		}
	}
}
