package verify

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func resultOf(component string, t *trace.Trace) Result {
	t.Subject.Component = component
	return Result{Trace: t, Judgement: Gate{}.Judge(t)}
}

func causeTexts(causes []Cause) []string {
	var all []string
	for _, c := range causes {
		all = append(all, fmt.Sprintf("%s %s %s: %v", c.Decision, c.Code, c.Object.Name, c.Names()))
	}
	return all
}

var apps = facts.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}

// failedCheck is a trace of which the Kustomization failed its health check.
func failedCheck() *trace.Trace {
	return withFailure(healthyTrace(), trace.RungDelivery, "", trace.CodeHealthCheckFailed, apps)
}

// crashed is a trace of which a pod crashes, below the Kustomization.
func crashed(pod string) *trace.Trace {
	t := withFailure(healthyTrace(), trace.RungPod, "staging", trace.CodeCrashLoopBackOff, facts.Ref{Kind: "Pod", Namespace: "dp", Name: pod})
	t.Failing.Path = []facts.Ref{apps}
	return t
}

// waiting is a trace of which an object is progressing.
func waiting(object facts.Ref) *trace.Trace {
	t := withProgress(healthyTrace(), trace.RungDelivery, "", "it is progressing")
	t.Rungs[1].Object = object
	return t
}

// onLostNode is a trace of which the Node of a pod is not ready.
func onLostNode(pod string) *trace.Trace {
	t := withFailure(healthyTrace(), trace.RungPod, "staging", trace.CodeNodeNotReady, facts.Ref{Plane: "default", Kind: "Node", Name: "node-a"})
	t.Failing.Path = []facts.Ref{{Plane: "default", Kind: "Pod", Namespace: "dp", Name: pod}}
	return t
}

// failedBuild is so many results of one failed Kustomization, and their components.
func failedBuild(n int) (results []Result, components []string) {
	for i := range n {
		name := fmt.Sprintf("c%02d", i)
		components = append(components, name)
		results = append(results, resultOf(name, withFailure(healthyTrace(), trace.RungDelivery, "", trace.CodeKustomizationBuildFailed, apps)))
	}
	return results, components
}

func TestCauses(t *testing.T) {
	t.Parallel()
	elsewhere := failedCheck()
	elsewhere.Subject.Namespace = "other"
	forty, names := failedBuild(40)
	both := healthyTrace()
	for _, e := range []string{"development", "staging"} {
		both = withFailure(both, trace.RungRelease, e, trace.CodeAgentDisconnected, facts.Ref{Kind: "ClusterDataPlane", Name: "prod"})
	}
	for name, c := range map[string]struct {
		results []Result
		want    []string
	}{
		"None":                    {[]Result{resultOf("a", healthyTrace())}, nil},
		"Forty":                   {forty, []string{fmt.Sprintf("Failed KustomizationBuildFailed apps: %v", names)}},
		"EachItsOwn":              {[]Result{resultOf("b", crashed("b-x")), resultOf("a", crashed("a-x"))}, []string{"Failed CrashLoopBackOff b-x: [b (staging)]", "Failed CrashLoopBackOff a-x: [a (staging)]"}},
		"ManyPodsOnOneNode":       {[]Result{resultOf("a", onLostNode("a-x")), resultOf("b", onLostNode("b-x"))}, []string{"Failed NodeNotReady node-a: [a (staging) b (staging)]"}},
		"TwoEnvironments":         {[]Result{resultOf("a", both)}, []string{"Failed AgentDisconnected prod: [a (development, staging)]"}},
		"SymptomFollowsTheCause":  {[]Result{resultOf("a", failedCheck()), resultOf("b", crashed("b-x")), resultOf("c", failedCheck())}, []string{"Failed CrashLoopBackOff b-x: [a b (staging) c]"}},
		"SymptomOfTwoStandsAlone": {[]Result{resultOf("a", failedCheck()), resultOf("b", crashed("b-x")), resultOf("c", crashed("c-x"))}, []string{"Failed HealthCheckFailed apps: [a]", "Failed CrashLoopBackOff b-x: [b (staging)]", "Failed CrashLoopBackOff c-x: [c (staging)]"}},
		"TwoNamespaces":           {[]Result{resultOf("a", failedCheck()), resultOf("a", elsewhere)}, []string{"Failed HealthCheckFailed apps: [acme/a other/a]"}},
		"WhatFailsWaitsAsWell":    {[]Result{resultOf("a", withProgress(crashed("a-x"), trace.RungBinding, "staging", ""))}, []string{"Failed CrashLoopBackOff a-x: [a (staging)]"}},
		"WaitingIsNoSymptom":      {[]Result{resultOf("a", waiting(apps)), resultOf("b", crashed("b-x"))}, []string{"Failed CrashLoopBackOff b-x: [b (staging)]", "Pending Progressing apps: [a]"}},
		"EachWaitsByItself":       {[]Result{resultOf("a", waiting(facts.Ref{})), resultOf("b", waiting(facts.Ref{}))}, []string{"Pending Progressing : [a]", "Pending Progressing : [b]"}},
		"TheWorstFirst": {[]Result{
			resultOf("a", &trace.Trace{Verdict: trace.VerdictProgressing}), resultOf("b", &trace.Trace{}), resultOf("c", failedCheck()),
		}, []string{"Failed HealthCheckFailed apps: [c]", "Undecided Unreachable : [b]", "Pending Progressing : [a]"}},
	} {
		if diff := cmp.Diff(c.want, causeTexts(Causes(c.results))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestCircleOfSymptomsEnds: two findings that lead to each other stay two causes.
func TestCircleOfSymptomsEnds(t *testing.T) {
	t.Parallel()
	a, b := facts.Ref{Kind: "Kustomization", Name: "a"}, facts.Ref{Kind: "Kustomization", Name: "b"}
	one := withFailure(healthyTrace(), trace.RungDelivery, "", trace.CodeDependencyCycle, a)
	one.Failing.Path = []facts.Ref{b}
	two := withFailure(healthyTrace(), trace.RungDelivery, "", trace.CodeDependencyCycle, b)
	two.Failing.Path = []facts.Ref{a}
	if got := Causes([]Result{resultOf("x", one), resultOf("y", two)}); len(got) != 2 {
		t.Errorf("%v, want two causes", causeTexts(got))
	}
}

// TestEnvironmentsOfACause: a cause above all environments affects its components, and not the environments that were selected.
func TestEnvironmentsOfACause(t *testing.T) {
	t.Parallel()
	for environment, want := range map[string][]string{"": nil, "staging": {"staging"}} {
		tr := withFailure(healthyTrace(), trace.RungDelivery, environment, trace.CodeHealthCheckFailed, apps)
		if environment != "" {
			tr = crashed("a-x")
		}
		tr.Subject.Environments = []string{"development", "staging"}
		causes := Causes([]Result{resultOf("a", tr)})
		if len(causes) != 1 || len(causes[0].Subjects) != 1 {
			t.Fatalf("%q: %v", environment, causes)
		}
		if diff := cmp.Diff(want, causes[0].Subjects[0].Environments); diff != "" {
			t.Errorf("%q (-want +got)\n%s", environment, diff)
		}
	}
}
