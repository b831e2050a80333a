package status

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func reportOf(results ...verify.Result) printers.StatusReport {
	return printers.StatusReport{Ended: noon, Results: results}
}

// cart is a component in two environments.
func cart(development trace.Verdict, release string, reasons ...verify.Reason) verify.Result {
	return verify.Result{
		Trace: &trace.Trace{Subject: facts.Subject{Namespace: "shop", Component: "cart"}}, Judgement: verify.Judgement{Reasons: reasons},
		Cells: []verify.Cell{
			{Environment: "development", Bound: true, Verdict: development, Current: trace.Current, Release: release},
			{Environment: "staging", Bound: true, Verdict: trace.VerdictHealthy, Current: trace.Current, Release: "cart-1"},
			{Environment: "production"},
		},
	}
}

func reason(d verify.Decision, environment string, code trace.Code) verify.Reason {
	return verify.Reason{Decision: d, Failure: trace.Failure{Environment: environment, Finding: trace.Finding{Code: code, Message: "why"}}}
}

// TestDifferences: each place that has changed, with what it was; what has vanished as well.
func TestDifferences(t *testing.T) {
	t.Parallel()
	healthy := reportOf(cart(trace.VerdictHealthy, "cart-1"))
	for name, c := range map[string]struct {
		before *printers.StatusReport
		now    printers.StatusReport
		want   []string
	}{
		"First":       {nil, reportOf(cart(trace.VerdictFailed, "cart-1", reason(verify.Failed, "development", "X"))), []string{"12:00:00  cart: development  failed: X: why"}},
		"FirstWell":   {nil, healthy, nil},
		"Same":        {&healthy, healthy, nil},
		"Fails":       {&healthy, reportOf(cart(trace.VerdictFailed, "cart-1", reason(verify.Failed, "development", "X"))), []string{"12:00:00  cart: development  ok → failed: X: why"}},
		"FailsAbove":  {&healthy, reportOf(cart(trace.VerdictHealthy, "cart-1", reason(verify.Failed, "", "X"))), []string{"12:00:00  cart  ok → failed: X: why"}},
		"WaitsAbove":  {&healthy, reportOf(cart(trace.VerdictHealthy, "cart-1", reason(verify.Pending, "", trace.CodeProgressing))), []string{"12:00:00  cart  ok → progressing: why"}},
		"NewRelease":  {&healthy, reportOf(cart(trace.VerdictHealthy, "cart-2")), []string{"12:00:00  cart: development  ok: release 2"}},
		"LostRelease": {&healthy, reportOf(cart(trace.VerdictHealthy, "")), []string{"12:00:00  cart: development  ok: release none"}},
		"Deleted":     {&healthy, reportOf(), []string{"12:00:00  cart  ok → gone", "12:00:00  cart: development  ok → gone", "12:00:00  cart: staging  ok → gone"}},
	} {
		got := change.Lines(style.Options{}, notable(differences(c.before, c.now)), false)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestFirstEventsAreAllPlaces: a reader of JSON learns of each place where a component is bound.
func TestFirstEventsAreAllPlaces(t *testing.T) {
	t.Parallel()
	var got []string
	for _, c := range differences(nil, reportOf(cart(trace.VerdictHealthy, "cart-1"))) {
		got = append(got, c.Namespace+"/"+c.Component+"/"+c.Environment+" "+c.To.State+" "+c.To.Revision)
	}
	if diff := cmp.Diff([]string{"shop/cart/ OK ", "shop/cart/development OK cart-1", "shop/cart/staging OK cart-1"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
