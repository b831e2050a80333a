package cli

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// The exit codes are a contract, the same for every command that judges, whatever -o says.
const (
	exitOK          = 0   // healthy and current
	exitError       = 1   // the tool could not do its work
	exitFailed      = 2   // a rung failed
	exitUnsettled   = 3   // still progressing, or healthy at an older revision
	exitUndecided   = 4   // something that matters was forbidden or unreachable
	exitInterrupted = 130 // by Ctrl-C: 128 and the number of the signal
	exitTerminated  = 143 // by SIGTERM
)

const exitHelp = `Exit codes:
  0    healthy and current
  1    the tool could not do its work: usage, no cluster, no such component
  2    a rung failed
  3    not settled: still progressing, or healthy but behind the wanted revision
  4    could not decide: something was forbidden or unreachable
  130  interrupted
  143  terminated`

// exitCode is the one place where a judgement becomes a number.
func exitCode(t *trace.Trace) int {
	switch t.Verdict {
	case trace.VerdictFailed:
		return exitFailed
	case trace.VerdictUnknown:
		return exitUndecided
	case trace.VerdictProgressing:
		return exitUnsettled
	case trace.VerdictHealthy, trace.VerdictSuspended:
		if t.Current == trace.Behind {
			return exitUnsettled
		}
		return exitOK
	}
	return exitUndecided
}

// verdictError carries the exit code of a judgement that has been printed already.
type verdictError struct{ code int }

func (e *verdictError) Error() string { return "the component is not healthy and current" }

// codedError is an error with an exit code other than 1.
type codedError struct {
	error
	code int
}

func (e *codedError) Unwrap() error { return e.error }

// withCode gives an error an exit code.
func withCode(err error, code int) error { return &codedError{err, code} }

// unansweredError says that a cluster gave no answer, as one that restarts does.
type unansweredError struct{ host, reason string }

func (e *unansweredError) Error() string {
	return fmt.Sprintf("reach the cluster at %s: %s", e.host, e.reason)
}

// mayAnswer reports whether the same cluster may answer a moment later: not where it is the wrong one, or not trusted.
func (e *unansweredError) mayAnswer() bool { return !strings.Contains(e.reason, "x509: ") }
