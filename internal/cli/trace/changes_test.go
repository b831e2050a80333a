package trace

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// ladder is a trace of one rung above and two in each environment, which carry a revision.
func ladder(revision string, current trace.Currency, pod trace.State, environments ...string) *trace.Trace {
	t := &trace.Trace{
		Verdict: trace.VerdictHealthy, Current: current, TakenAt: time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC),
		Rungs: []trace.Rung{{ID: trace.RungSource, State: trace.OK, Current: trace.Current, Revision: revision}},
	}
	t.Subject.Component = "greeter"
	if pod == trace.Failed {
		t.Verdict, t.Failing = trace.VerdictFailed, &trace.Failure{Rung: trace.RungPod, Finding: trace.Finding{Code: trace.CodeOOMKilled, Message: "exit 137"}}
	}
	for _, name := range environments {
		t.Environments = append(t.Environments, trace.Environment{Name: name, Rungs: []trace.Rung{
			{ID: trace.RungBinding, State: trace.OK, Current: current},
			{ID: trace.RungPod, State: pod, Current: current, Summary: "a pod"},
		}})
	}
	return t
}

// applying is a trace in which a Kustomization is under way.
func applying(name, summary string) *trace.Trace {
	t := ladder("", trace.Current, trace.OK)
	t.Rungs = append(t.Rungs, trace.Rung{ID: trace.RungDelivery, State: trace.Progressing, Object: facts.Ref{Name: name}, Summary: summary})
	return t
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	const one, two = "main@sha1:1111111111", "main@sha1:2222222222"
	calm := ladder(one, trace.Current, trace.OK, "a")
	for name, c := range map[string]struct {
		before, now *trace.Trace
		all         int // changes
		told        []string
	}{
		"First":       {nil, calm, 4, []string{"04:00:00  greeter  healthy"}},
		"FirstFailed": {nil, ladder(one, trace.Current, trace.Failed, "a"), 4, []string{"04:00:00  a: pod  failed: a pod", "04:00:00  greeter  failed: OOMKilled: exit 137"}},
		"Nothing":     {calm, calm, 0, nil},
		"Fails": {
			calm, ladder(one, trace.Current, trace.Failed, "a"), 2,
			[]string{"04:00:00  a: pod  ok → failed: a pod", "04:00:00  greeter  healthy → failed: OOMKilled: exit 137"},
		},
		// A push: all below the source is behind, which is said once.
		"Push": {calm, ladder(two, trace.Behind, trace.OK, "a"), 4, []string{
			"04:00:00  source  ok at 2222222", "04:00:00  a: binding  ok → ok, behind", "04:00:00  greeter  healthy → healthy, behind",
		}},
		"NextOfFlux":      {applying("a", "a builds"), applying("b", "b builds"), 1, []string{"04:00:00  delivery  progressing: b builds"}},
		"PhaseOfRun":      {applying("a", "building"), applying("a", "applying"), 1, nil},
		"NewEnvironment":  {calm, ladder(one, trace.Current, trace.Progressing, "a", "b"), 3, []string{"04:00:00  a: pod  ok → progressing: a pod", "04:00:00  b: pod  progressing: a pod"}},
		"GoneEnvironment": {calm, ladder(one, trace.Current, trace.OK), 2, []string{"04:00:00  a: binding  ok → gone", "04:00:00  a: pod  ok → gone"}},
	} {
		changes := differences(c.before, c.now)
		if len(changes) != c.all {
			t.Errorf("%s: %d changes, want %d", name, len(changes), c.all)
		}
		var told []string
		for _, c := range notable(changes) {
			told = append(told, change.Format(printers.Options{}, c))
		}
		if diff := cmp.Diff(c.told, told); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestUntil: what ends a watch by itself, and that nothing does where nothing was said.
func TestUntil(t *testing.T) {
	t.Parallel()
	well, behind := ladder("", trace.Current, trace.OK, "a"), ladder("", trace.Behind, trace.OK, "a")
	failed := ladder("", trace.Current, trace.Failed, "a")
	failed.Environments[0].Failing = failed.Failing
	failed.Environments[0].Rungs[1].Findings = []trace.Finding{{Code: trace.CodeOOMKilled, Severity: trace.Error}}
	for name, c := range map[string]struct {
		until string
		trace *trace.Trace
		after time.Duration
		want  bool
	}{
		"HealthyAtOnce":      {"healthy", well, 0, true},
		"HealthyNotBehind":   {"healthy", behind, time.Hour, false},
		"HealthyNotFailed":   {"healthy", failed, time.Hour, false},
		"SettledNotAtOnce":   {"settled", well, 0, false},
		"SettledWell":        {"settled", well, time.Minute, true},
		"SettledNotBehind":   {"settled", behind, time.Hour, false},
		"SettledFailed":      {"settled", failed, time.Hour, true},
		"SettledFailedEarly": {"settled", failed, time.Second, false},
		"Nothing":            {"", well, time.Hour, false},
	} {
		ended := until(c.until)
		at := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)
		ended(c.trace, at)
		if got := ended(c.trace, at.Add(c.after)); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}
