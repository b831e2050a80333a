package reconcile

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile"
	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
)

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
		"NoRight":           {obstacleCode([]reconcile.Problem{{Obstacle: reconcile.NoRight}}), cmdutil.ExitUndecided},
		"NoRightAndMissing": {obstacleCode([]reconcile.Problem{{Obstacle: reconcile.NoRight}, {Obstacle: reconcile.Missing}}), cmdutil.ExitFailed},
		"UnknownObstacle":   {obstacleCode([]reconcile.Problem{{}}), cmdutil.ExitUndecided},
		"FailureIsWorst":    {worst(cmdutil.ExitUndecided, cmdutil.ExitFailed), cmdutil.ExitFailed},
		"NotLookedAt":       {settledCode(&settle.Result{}), cmdutil.ExitUndecided},
	} {
		if c.got != c.want {
			t.Errorf("%s: exit %d, want %d", name, c.got, c.want)
		}
	}
}
