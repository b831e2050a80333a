package delivery_test

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// engineCase is a case of this package, so that its literals need no keys.
type engineCase assesstest.EngineCase

func (c engineCase) check(t *testing.T) {
	t.Helper()
	assesstest.EngineCase(c).Check(t, assess.Assess)
}

// TestOnlyTheProjectIsDelivered: the Kustomization of the project says nothing of a component that others apply.
func TestOnlyTheProjectIsDelivered(t *testing.T) {
	t.Parallel()
	fails := func(w assesstest.World) {
		w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "False", "BuildFailed", "kustomize build failed: no")
	}

	both := func(first, second func(assesstest.World)) func(assesstest.World) {
		return func(w assesstest.World) { first(w); second(w) }
	}
	for name, c := range map[string]engineCase{
		"ByHand":             {byHand, assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.CurrencyUnknown, "applied by hand; oc-healthy-projects"},
		"ByHandUnderFailure": {both(byHand, fails), assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.CurrencyUnknown, "kustomize build failed"},
		"ProjectNeverCame": {
			both(both(byHand, fails), func(w assesstest.World) { w.Answer(w.One("Project", "demo"), facts.Absent) }),
			assesstest.Failed(trace.RungDelivery, "", trace.CodeKustomizationBuildFailed, "Kustomization"),
			trace.CurrencyUnknown, "kustomize build failed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}
