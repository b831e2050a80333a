package verify

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// TestProbed keeps an answer, and only one that is not as expected fails the component.
func TestProbed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		probe    facts.Probe
		gate     verify.Gate
		decision verify.Decision
		want     []verify.Probe
	}{
		"Expected":  {facts.Probe{OK: true, Status: 204, Took: 1500 * time.Millisecond}, verify.Gate{}, verify.Passed, []verify.Probe{{OK: true, Status: 204, Seconds: 1.5}}},
		"Other":     {facts.Probe{Status: 503}, verify.Gate{}, verify.Failed, []verify.Probe{{Status: 503}}},
		"None":      {facts.Probe{Error: "refused"}, verify.Gate{}, verify.Failed, []verify.Probe{{Error: "refused"}}},
		"NotSent":   {facts.Probe{NotSent: "none of its endpoints speaks HTTP"}, verify.Gate{}, verify.Undecided, nil},
		"Forbidden": {facts.Probe{NotSent: "forbidden", Forbidden: true}, verify.Gate{}, verify.Undecided, nil},
		"Allowed":   {facts.Probe{NotSent: "none of its endpoints speaks HTTP"}, verify.Gate{AllowUnknown: true}, verify.Passed, nil},
	} {
		one := &candidate{judgement: verify.Judgement{Decision: verify.Passed}, subject: facts.Subject{Namespace: "shop", Component: "cart"}}
		c.probe.Environment, c.probe.Endpoint, c.probe.URL, c.probe.Through = "dev", "http", "http://a", "shop/cart-1"
		one.probed(c.gate, []facts.Probe{c.probe})
		for i := range c.want {
			c.want[i].Environment, c.want[i].Endpoint, c.want[i].URL, c.want[i].Through = "dev", "http", "http://a", "shop/cart-1"
		}
		cause, _ := one.judgement.Cause()
		if diff := cmp.Diff(c.want, one.probes); diff != "" || one.judgement.Decision != c.decision || c.decision == verify.Undecided && !strings.Contains(cause.Message, c.probe.NotSent) {
			t.Errorf("%s: %s %q (-want +got)\n%s", name, one.judgement.Decision, cause.Message, diff)
		}
	}
}

// TestOnlyWhatPassedIsProbed: a component that has failed gets no request.
func TestOnlyWhatPassedIsProbed(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]int{"--timeout 0": 0, "--timeout 0 --probe": 1} {
		v, _ := verifyingOf(t, nil, strings.Fields(args)...)
		for _, d := range []verify.Decision{verify.Passed, verify.Failed, verify.Pending} {
			environment := trace.Environment{Name: "dev", Endpoints: []trace.Address{{Name: "http", Visibility: "external", URL: "http://127.0.0.1:0"}}}
			v.all = append(v.all, &candidate{judgement: verify.Judgement{Decision: d}, trace: &trace.Trace{Environments: []trace.Environment{environment}}})
		}
		v.probeEndpoints(t.Context(), t.Context())
		probes := 0
		for _, one := range v.all {
			probes += len(one.probes)
		}
		if probes != want || len(v.all[0].probes) != want {
			t.Errorf("%s: %d probes, want %d", args, probes, want)
		}
	}
}
