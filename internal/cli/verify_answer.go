package cli

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

const verifyExitHelp = `Exit codes, the worst of all components:
  0    all have passed
  1    the tool could not do its work: usage, no cluster, no such component
  2    one has failed
  3    not settled: the time ran out, or, with --timeout 0, something is still on its way
  4    could not decide: something was forbidden or unreachable
  130  interrupted`

// decisionCode is the one place where a gate becomes a number.
func decisionCode(d verify.Decision) int {
	switch d {
	case verify.Passed:
		return exitOK
	case verify.Failed:
		return exitFailed
	case verify.Pending:
		return exitUnsettled
	case verify.Undecided:
		return exitUndecided
	}
	return exitUndecided
}

// answer prints what came of it, and returns its exit code.
func (v *verifying) answer() error {
	report := v.report()
	options := terminal(v.world, v.color)
	options.Now = report.Ended
	if err := report.Print(v.world.Out, v.output, options); err != nil {
		return err
	}
	if code := decisionCode(report.Decision()); code != exitOK {
		return &verdictError{code}
	}
	return nil
}

func (v *verifying) report() printers.VerifyReport {
	r := printers.VerifyReport{Begun: v.begun, Ended: time.Now(), Gate: v.gate()}
	if v.reader.snapshot != "" {
		r.Ended = v.begun // what a file says depends on nothing but the file
	}
	for _, c := range v.all {
		r.Late = r.Late || (v.timeout > 0 && !c.final)
		r.Results = append(r.Results, verify.Result{
			Trace: c.trace, Judgement: c.judgement, Cells: verify.Cells(c.trace, c.snapshot), Probes: c.probes,
		})
	}
	r.Causes = verify.Causes(r.Results)
	return r
}
