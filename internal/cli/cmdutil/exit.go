// Package cmdutil holds what the commands share: exit codes, flags that choose a cluster and a component, reading a Snapshot,
// reports, and completion.
package cmdutil

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// The exit codes are a contract, the same for every command that judges, whatever the value of -o is.
const (
	ExitOK          = 0   // healthy and current
	ExitError       = 1   // the tool could not do its work
	ExitFailed      = 2   // a rung failed
	ExitUnsettled   = 3   // still progressing, or healthy at an older revision
	ExitUndecided   = 4   // something that matters was forbidden or unreachable
	ExitInterrupted = 130 // by Ctrl-C: 128 and the number of the signal
	ExitTerminated  = 143 // by SIGTERM
)

// The exit codes of diff are those of kubectl diff.
const (
	ExitDiffers = 1
	ExitTrouble = 2
)

// ErrorCodeAnnotation is the exit code for the errors of a command, if it is not ExitError.
const ErrorCodeAnnotation = "kubectl-choreo.dev/error-code"

// WithErrorCode gives an error that has no exit code the one for errors of the command.
func WithErrorCode(cmd *cobra.Command, err error) error {
	var coded *CodedError
	var judged *VerdictError
	if err == nil || cmd == nil || errors.As(err, &coded) || errors.As(err, &judged) {
		return err
	}
	if code, wrong := strconv.Atoi(cmd.Annotations[ErrorCodeAnnotation]); wrong == nil {
		return WithCode(err, code)
	}
	return err
}

// ExitHelp is the table of exit codes in the help of a command that judges one component.
const ExitHelp = `Exit codes:
  0    healthy and current
  1    error: usage, no cluster, component not found
  2    a rung failed
  3    not ready: still progressing, or healthy but behind the wanted revision
  4    unknown: an object was forbidden or unreachable
  130  interrupted
  143  terminated`

// ExitCode is the one place where a judgement becomes a number.
func ExitCode(t *trace.Trace) int {
	switch t.Verdict {
	case trace.VerdictFailed:
		return ExitFailed
	case trace.VerdictUnknown:
		return ExitUndecided
	case trace.VerdictProgressing:
		return ExitUnsettled
	case trace.VerdictHealthy, trace.VerdictSuspended:
		if t.Current == trace.Behind {
			return ExitUnsettled
		}
		return ExitOK
	}
	return ExitUndecided
}

// VerdictError carries the exit code of a judgement that has been printed already.
type VerdictError struct{ Code int }

func (e *VerdictError) Error() string { return "the component is not healthy and current" }

// CodedError is an error with an exit code other than 1.
type CodedError struct {
	error
	Code int
}

func (e *CodedError) Unwrap() error { return e.error }

// WithCode gives an error an exit code.
func WithCode(err error, code int) error { return &CodedError{err, code} }

// UnansweredError means that a cluster did not respond, as while it restarts.
type UnansweredError struct{ host, reason string }

func (e *UnansweredError) Error() string {
	if facts.IsOpenChoreoAPI(e.reason) {
		return "cannot read the control plane: " + e.reason
	}
	return fmt.Sprintf("cannot reach the cluster at %s: %s", e.host, e.reason)
}

// MayAnswer reports whether the same cluster may answer a moment later: not where it is the wrong one, or not trusted.
func (e *UnansweredError) MayAnswer() bool { return !strings.Contains(e.reason, "x509: ") }

// DecisionError is the VerdictError of a decision that has been printed already; nil if it has passed.
func DecisionError(d verify.Decision) error {
	if code := decisionCode(d); code != ExitOK {
		return &VerdictError{code}
	}
	return nil
}

// decisionCode is the one place where a gate becomes a number.
func decisionCode(d verify.Decision) int {
	switch d {
	case verify.Passed:
		return ExitOK
	case verify.Failed:
		return ExitFailed
	case verify.Pending:
		return ExitUnsettled
	case verify.Undecided:
		return ExitUndecided
	}
	return ExitUndecided
}
