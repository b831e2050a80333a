package verify

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func judged(component string, t *trace.Trace) Result {
	t.Subject.Component = component
	return Result{Trace: t, Judgement: Gate{}.Judge(t)}
}

func told(causes []Cause) []string {
	var all []string
	for _, c := range causes {
		all = append(all, fmt.Sprintf("%s %s %s: %v", c.Decision, c.Code, c.Object.Name, c.Names()))
	}
	return all
}

func TestCauses(t *testing.T) {
	t.Parallel()
	ks := facts.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}
	pod := facts.Ref{Kind: "Pod", Namespace: "dp", Name: "greeter-x"}
	checks := func() *trace.Trace {
		return broken(ladder(), trace.RungDelivery, "", trace.CodeHealthCheckFailed, ks)
	}
	crashes := func(name string) *trace.Trace {
		object := pod
		object.Name = name
		tr := broken(ladder(), trace.RungPod, "staging", trace.CodeCrashLoopBackOff, object)
		tr.Failing.Path = []facts.Ref{ks}
		return tr
	}
	elsewhere := checks()
	elsewhere.Subject.Namespace = "other"
	var forty []Result
	var names []string
	for i := range 40 {
		name := fmt.Sprintf("c%02d", i)
		names = append(names, name)
		forty = append(forty, judged(name, broken(ladder(), trace.RungDelivery, "", trace.CodeKustomizationBuildFailed, ks)))
	}
	waits := func(object facts.Ref) *trace.Trace {
		tr := coming(ladder(), trace.RungDelivery, "", "it is progressing")
		tr.Rungs[1].Object = object
		return tr
	}
	lost := func(pod string) *trace.Trace {
		tr := broken(ladder(), trace.RungPod, "staging", trace.CodeNodeNotReady, facts.Ref{Plane: "default", Kind: "Node", Name: "node-a"})
		tr.Failing.Path = []facts.Ref{{Plane: "default", Kind: "Pod", Namespace: "dp", Name: pod}}
		return tr
	}
	both := ladder()
	for _, e := range []string{"development", "staging"} {
		both = broken(both, trace.RungRelease, e, trace.CodeAgentDisconnected, facts.Ref{Kind: "ClusterDataPlane", Name: "prod"})
	}
	for name, c := range map[string]struct {
		results []Result
		want    []string
	}{
		"None":                    {[]Result{judged("a", ladder())}, nil},
		"Forty":                   {forty, []string{fmt.Sprintf("Failed KustomizationBuildFailed apps: %v", names)}},
		"EachItsOwn":              {[]Result{judged("b", crashes("b-x")), judged("a", crashes("a-x"))}, []string{"Failed CrashLoopBackOff b-x: [b (staging)]", "Failed CrashLoopBackOff a-x: [a (staging)]"}},
		"ManyPodsOnOneNode":       {[]Result{judged("a", lost("a-x")), judged("b", lost("b-x"))}, []string{"Failed NodeNotReady node-a: [a (staging) b (staging)]"}},
		"TwoEnvironments":         {[]Result{judged("a", both)}, []string{"Failed AgentDisconnected prod: [a (development, staging)]"}},
		"SymptomFollowsTheCause":  {[]Result{judged("a", checks()), judged("b", crashes("b-x")), judged("c", checks())}, []string{"Failed CrashLoopBackOff b-x: [a b (staging) c]"}},
		"SymptomOfTwoStandsAlone": {[]Result{judged("a", checks()), judged("b", crashes("b-x")), judged("c", crashes("c-x"))}, []string{"Failed HealthCheckFailed apps: [a]", "Failed CrashLoopBackOff b-x: [b (staging)]", "Failed CrashLoopBackOff c-x: [c (staging)]"}},
		"TwoNamespaces":           {[]Result{judged("a", checks()), judged("a", elsewhere)}, []string{"Failed HealthCheckFailed apps: [acme/a other/a]"}},
		"WhatFailsWaitsAsWell":    {[]Result{judged("a", coming(crashes("a-x"), trace.RungBinding, "staging", ""))}, []string{"Failed CrashLoopBackOff a-x: [a (staging)]"}},
		"WaitingIsNoSymptom":      {[]Result{judged("a", waits(ks)), judged("b", crashes("b-x"))}, []string{"Failed CrashLoopBackOff b-x: [b (staging)]", "Pending Progressing apps: [a]"}},
		"EachWaitsByItself":       {[]Result{judged("a", waits(facts.Ref{})), judged("b", waits(facts.Ref{}))}, []string{"Pending Progressing : [a]", "Pending Progressing : [b]"}},
		"TheWorstFirst": {[]Result{
			judged("a", &trace.Trace{Verdict: trace.VerdictProgressing}), judged("b", &trace.Trace{}), judged("c", checks()),
		}, []string{"Failed HealthCheckFailed apps: [c]", "Undecided Unreachable : [b]", "Pending Progressing : [a]"}},
	} {
		if diff := cmp.Diff(c.want, told(Causes(c.results))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestCircleOfSymptomsEnds: two findings that lead to each other stay two causes.
func TestCircleOfSymptomsEnds(t *testing.T) {
	t.Parallel()
	a, b := facts.Ref{Kind: "Kustomization", Name: "a"}, facts.Ref{Kind: "Kustomization", Name: "b"}
	one := broken(ladder(), trace.RungDelivery, "", trace.CodeDependencyCycle, a)
	one.Failing.Path = []facts.Ref{b}
	two := broken(ladder(), trace.RungDelivery, "", trace.CodeDependencyCycle, b)
	two.Failing.Path = []facts.Ref{a}
	if got := Causes([]Result{judged("x", one), judged("y", two)}); len(got) != 2 {
		t.Errorf("%v, want two causes", told(got))
	}
}
