package reconcile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
)

// TestAnswer: JSON is one line, which carries the document; all else is for people.
func TestAnswer(t *testing.T) {
	t.Parallel()
	plan := steps.Plan{Problems: []steps.PlanProblem{{Problem: "NoRight", Message: "may not"}}}
	for format, want := range map[string]string{
		"json": `{"apiVersion":"kubectl-choreo.dev/v1alpha1","kind":"ReconcilePlan","waves":[],"problems":[{"object":{"plane":"","group":"","kind":"","name":""},"problem":"NoRight","message":"may not"}]}` + "\n",
		"tree": "Nothing was triggered. Blockers:\n  : may not\n",
	} {
		var out strings.Builder
		if err := (answer[steps.Plan]{plan, steps.WriteProblems}).Print(&out, format, printers.Options{}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", format, diff)
		}
	}
}

func TestReconcileCodes(t *testing.T) {
	t.Parallel()
	states := func(all ...reconcile.State) (r reconcile.Result) {
		for _, s := range all {
			r.Outcomes = append(r.Outcomes, reconcile.Outcome{Event: reconcile.Event{State: s}})
		}
		return r
	}
	for name, c := range map[string]struct{ got, want int }{
		"Nothing":           {stateCode(states()), cmdutil.ExitOK},
		"Done":              {stateCode(states(reconcile.Done, reconcile.Current)), cmdutil.ExitOK},
		"FailedAndBlocked":  {stateCode(states(reconcile.NotAttempted, reconcile.Failed)), cmdutil.ExitFailed},
		"StillRunning":      {stateCode(states(reconcile.Done, reconcile.Running)), cmdutil.ExitUnsettled},
		"NotResponding":     {stateCode(states(reconcile.NotResponding)), cmdutil.ExitUnsettled},
		"NeverLookedAt":     {stateCode(states(reconcile.Unknown)), cmdutil.ExitUnsettled},
		"NothingInTheWay":   {obstacleCode(nil), cmdutil.ExitOK},
		"NoRight":           {obstacleCode([]plan.Problem{{Obstacle: plan.NoRight}}), cmdutil.ExitUndecided},
		"NoRightAndMissing": {obstacleCode([]plan.Problem{{Obstacle: plan.NoRight}, {Obstacle: plan.Missing}}), cmdutil.ExitFailed},
		"UnknownObstacle":   {obstacleCode([]plan.Problem{{}}), cmdutil.ExitUndecided},
		"FailureIsWorst":    {worst(cmdutil.ExitUndecided, cmdutil.ExitFailed), cmdutil.ExitFailed},
		"NotLookedAt":       {settledCode(&settle.Result{}), cmdutil.ExitUndecided},
	} {
		if c.got != c.want {
			t.Errorf("%s: exit %d, want %d", name, c.got, c.want)
		}
	}
}
