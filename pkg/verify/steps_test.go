package verify

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestStepsOfOwnReasons: a reason that no trace has, of the gate, a probe or a timeout, has the commands of its code's page.
func TestStepsOfOwnReasons(t *testing.T) {
	t.Parallel()
	tr := healthyTrace()
	tr.Subject = facts.Subject{Namespace: "acme", Component: "greeter", Contexts: map[facts.Plane]string{facts.Control: "prod"}, Planes: []string{"eu=prod-eu"}}
	passed := Judgement{Decision: Passed}
	stability := &Stability{StableFor: 10 * time.Second}
	behind := healthyTrace()
	behind.Subject, behind.Current, behind.Environments[1].Rungs[2].Current = tr.Subject, trace.Behind, trace.Behind
	for name, c := range map[string]struct {
		judgement Judgement
		want      string
	}{
		"Probe":    {passed.Answered(tr.Subject, Probe{Environment: "staging", URL: "http://greeter.test", Status: 503}), "kubectl choreo trace greeter -n acme -e staging -o wide --context prod --plane eu=prod-eu"},
		"TimedOut": {stability.TimedOut(passed), "kubectl choreo trace greeter -n acme --context prod --plane eu=prod-eu"},
		"Behind":   {Gate{}.Judge(behind), "kubectl choreo trace greeter -n acme -e staging --context prod --plane eu=prod-eu"},
	} {
		got, found := c.judgement.WithSteps(tr).Cause()
		if !found || len(got.NextSteps) == 0 || len(got.Next) != len(got.NextSteps) {
			t.Errorf("%s: %v has no commands", name, got.Code)
			continue
		}
		if diff := cmp.Diff(c.want, got.NextSteps[0].Command); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestStepsOfATraceStay: a finding of the trace knows more names than a gate does.
func TestStepsOfATraceStay(t *testing.T) {
	t.Parallel()
	own := []trace.NextStep{{Role: trace.RoleDeveloper, Command: "kubectl get pods"}}
	r := Reason{Decision: Failed, Failure: trace.Failure{Finding: trace.Finding{Code: trace.CodeProgressing, NextSteps: own}}}
	got := Judgement{Decision: Failed, Reasons: []Reason{r}}.WithSteps(healthyTrace())
	if diff := cmp.Diff(own, got.Reasons[0].NextSteps); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestStepsLeaveTheJudgementAlone: a judgement may be kept for the next comparison.
func TestStepsLeaveTheJudgementAlone(t *testing.T) {
	t.Parallel()
	j := Judgement{Decision: Failed, Reasons: []Reason{{Decision: Failed, Failure: trace.Failure{Finding: trace.Finding{Code: trace.CodeBehind}}}}}
	if got := j.WithSteps(healthyTrace()); len(got.Reasons[0].NextSteps) == 0 || len(j.Reasons[0].NextSteps) > 0 {
		t.Errorf("%d steps, and %d in the judgement; want some, and none", len(got.Reasons[0].NextSteps), len(j.Reasons[0].NextSteps))
	}
}

// TestPlaneOfSteps: the namespace of a cell is that of a resource on a data plane. One of the control plane names none.
func TestPlaneOfSteps(t *testing.T) {
	t.Parallel()
	for plane, want := range map[facts.Plane]string{"eu": "cell", facts.Control: ""} {
		tr := healthyTrace()
		tr.Environments[0].Rungs = []trace.Rung{{ID: trace.RungResource, Object: facts.Ref{Plane: plane, Kind: "Deployment", Namespace: "cell", Name: "a"}}}
		got := scopeOf(tr, trace.Failure{Environment: "development"})
		if got.Names["CELL_NAMESPACE"] != want || (got.DataPlane == plane) != (want != "") {
			t.Errorf("%s: plane %q, namespace %q, want %q", plane, got.DataPlane, got.Names["CELL_NAMESPACE"], want)
		}
	}
}

// TestNamesOfSteps: the names are those of the rungs of the reason's own environment, and of the shared ones.
func TestNamesOfSteps(t *testing.T) {
	t.Parallel()
	tr := healthyTrace()
	tr.Rungs[0].Object = facts.Ref{Group: "source.toolkit.fluxcd.io", Kind: "GitRepository", Namespace: "flux-system", Name: "acme"}
	for i, environment := range []string{"development", "staging"} {
		tr.Environments[i].Rungs[0].Object.Name, tr.Environments[i].Rungs[1].Object.Name = "release-"+environment, "binding-"+environment
	}
	got := scopeOf(tr, trace.Failure{Environment: "development", Finding: trace.Finding{
		Object: facts.Ref{Group: "apps", Kind: "Deployment", Namespace: "cell", Name: "greeter"},
	}}).Names
	want := map[string]string{
		"NAMESPACE": "acme", "PROJECT": "", "COMPONENT": "greeter", "ENVIRONMENT": "development",
		"KIND": "deployments", "NAME": "greeter", "OBJECT_NAMESPACE": "cell",
		"SOURCE_KIND": "git", "SOURCE_NAME": "acme", "SOURCE_NAMESPACE": "flux-system",
		"RELEASE": "release-development", "BINDING": "binding-development",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, has := scopeOf(tr, trace.Failure{}).Names["KIND"]; has {
		t.Error("a reason without an object has a kind")
	}
}
