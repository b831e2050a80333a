package cli

import (
	"bytes"
	"fmt"
	"os"
	"strings"
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
	for _, r := range v.reports {
		format, file, _ := strings.Cut(r, "=")
		if err := writeReport(file, report, format); err != nil {
			return err
		}
	}
	if code := decisionCode(report.Decision()); code != exitOK {
		return &verdictError{code}
	}
	return nil
}

// writeReport writes into the file that is there, where there is one: that of a job summary must stay the same file. What a
// collector reads while it is written is read again.
func writeReport(file string, r printers.VerifyReport, format string) error {
	var out bytes.Buffer
	if err := r.Print(&out, format, printers.Options{Now: r.Ended}); err != nil {
		return err
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
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
			Trace: c.trace, Judgement: c.judgement, Cells: c.cells, Probes: c.probes,
		})
	}
	r.Causes = verify.Causes(r.Results)
	return r
}
