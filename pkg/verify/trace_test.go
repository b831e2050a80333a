package verify

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func traced(t *testing.T, scenario string, environments ...string) *trace.Trace {
	t.Helper()
	s := factstest.Scenario(t, scenario)
	if len(environments) > 0 {
		s.Subject.Environments = environments
	}
	return assess.Assess(s, s.TakenAt)
}

// healthyTrace is a healthy and current trace of two environments, seen at noon, which has stood for an hour.
func healthyTrace() *trace.Trace {
	rung := func(id trace.RungID) trace.Rung {
		return trace.Rung{ID: id, State: trace.OK, Current: trace.Current, Since: noon.Add(-time.Hour), Object: facts.Ref{Kind: "Thing", Name: string(id)}}
	}
	t := &trace.Trace{
		Subject: facts.Subject{Namespace: "acme", Component: "greeter"}, TakenAt: noon,
		Wanted:  trace.Wanted{Revision: "main@sha1:7040926", From: facts.FromFlag},
		Verdict: trace.VerdictHealthy, Current: trace.Current,
		Rungs: []trace.Rung{rung(trace.RungSource), rung(trace.RungDelivery), rung(trace.RungComponent)},
	}
	for _, name := range []string{"development", "staging"} {
		t.Environments = append(t.Environments, trace.Environment{
			Name: name, Verdict: trace.VerdictHealthy, Current: trace.Current, Release: "greeter-1",
			Rungs:     []trace.Rung{rung(trace.RungRelease), rung(trace.RungBinding), rung(trace.RungPod)},
			Endpoints: []trace.Address{{Name: "http", Visibility: "external", URL: "http://greeter.test"}},
		})
	}
	return t
}

// withFailure is t with a failed rung of an environment, or above the environments if environment is "".
func withFailure(t *trace.Trace, rung trace.RungID, environment string, code trace.Code, object facts.Ref) *trace.Trace {
	f := trace.Failure{Rung: rung, Environment: environment, Finding: trace.Finding{Code: code, Severity: trace.Error, Object: object, Message: "it failed"}}
	t.Verdict, t.Failing = trace.VerdictFailed, &f
	rungs := t.Rungs
	for i := range t.Environments {
		if e := &t.Environments[i]; e.Name == environment {
			e.Verdict, e.Failing, rungs = trace.VerdictFailed, &f, e.Rungs
		}
	}
	for i := range rungs {
		if rungs[i].ID == rung {
			rungs[i].State, rungs[i].Findings = trace.Failed, []trace.Finding{f.Finding}
		}
	}
	return t
}

func (j Judgement) texts() []string {
	words := []string{j.Decision.String()}
	for _, r := range j.Reasons {
		words = append(words, r.Decision.String()+" "+string(r.Requirement)+" "+string(r.Rung)+" "+r.Environment+" "+string(r.Code))
	}
	return words
}
