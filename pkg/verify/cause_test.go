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

var apps = facts.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}

// failedCheck is a trace of which the Kustomization failed its health check.
func failedCheck() *trace.Trace {
	return broken(ladder(), trace.RungDelivery, "", trace.CodeHealthCheckFailed, apps)
}

// crashed is a trace of which a pod crashes, below the Kustomization.
func crashed(pod string) *trace.Trace {
	t := broken(ladder(), trace.RungPod, "staging", trace.CodeCrashLoopBackOff, facts.Ref{Kind: "Pod", Namespace: "dp", Name: pod})
	t.Failing.Path = []facts.Ref{apps}
	return t
}

// waiting is a trace of which an object is progressing.
func waiting(object facts.Ref) *trace.Trace {
	t := coming(ladder(), trace.RungDelivery, "", "it is progressing")
	t.Rungs[1].Object = object
	return t
}

// onLostNode is a trace of which the Node of a pod is not ready.
func onLostNode(pod string) *trace.Trace {
	t := broken(ladder(), trace.RungPod, "staging", trace.CodeNodeNotReady, facts.Ref{Plane: "default", Kind: "Node", Name: "node-a"})
	t.Failing.Path = []facts.Ref{{Plane: "default", Kind: "Pod", Namespace: "dp", Name: pod}}
	return t
}

// failedBuild is so many results of one failed Kustomization, and their components.
func failedBuild(n int) (results []Result, components []string) {
	for i := range n {
		name := fmt.Sprintf("c%02d", i)
		components = append(components, name)
		results = append(results, judged(name, broken(ladder(), trace.RungDelivery, "", trace.CodeKustomizationBuildFailed, apps)))
	}
	return results, components
}

func TestCauses(t *testing.T) {
	t.Parallel()
	elsewhere := failedCheck()
	elsewhere.Subject.Namespace = "other"
	forty, names := failedBuild(40)
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
		"EachItsOwn":              {[]Result{judged("b", crashed("b-x")), judged("a", crashed("a-x"))}, []string{"Failed CrashLoopBackOff b-x: [b (staging)]", "Failed CrashLoopBackOff a-x: [a (staging)]"}},
		"ManyPodsOnOneNode":       {[]Result{judged("a", onLostNode("a-x")), judged("b", onLostNode("b-x"))}, []string{"Failed NodeNotReady node-a: [a (staging) b (staging)]"}},
		"TwoEnvironments":         {[]Result{judged("a", both)}, []string{"Failed AgentDisconnected prod: [a (development, staging)]"}},
		"SymptomFollowsTheCause":  {[]Result{judged("a", failedCheck()), judged("b", crashed("b-x")), judged("c", failedCheck())}, []string{"Failed CrashLoopBackOff b-x: [a b (staging) c]"}},
		"SymptomOfTwoStandsAlone": {[]Result{judged("a", failedCheck()), judged("b", crashed("b-x")), judged("c", crashed("c-x"))}, []string{"Failed HealthCheckFailed apps: [a]", "Failed CrashLoopBackOff b-x: [b (staging)]", "Failed CrashLoopBackOff c-x: [c (staging)]"}},
		"TwoNamespaces":           {[]Result{judged("a", failedCheck()), judged("a", elsewhere)}, []string{"Failed HealthCheckFailed apps: [acme/a other/a]"}},
		"WhatFailsWaitsAsWell":    {[]Result{judged("a", coming(crashed("a-x"), trace.RungBinding, "staging", ""))}, []string{"Failed CrashLoopBackOff a-x: [a (staging)]"}},
		"WaitingIsNoSymptom":      {[]Result{judged("a", waiting(apps)), judged("b", crashed("b-x"))}, []string{"Failed CrashLoopBackOff b-x: [b (staging)]", "Pending Progressing apps: [a]"}},
		"EachWaitsByItself":       {[]Result{judged("a", waiting(facts.Ref{})), judged("b", waiting(facts.Ref{}))}, []string{"Pending Progressing : [a]", "Pending Progressing : [b]"}},
		"TheWorstFirst": {[]Result{
			judged("a", &trace.Trace{Verdict: trace.VerdictProgressing}), judged("b", &trace.Trace{}), judged("c", failedCheck()),
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
