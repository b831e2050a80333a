package suite

import (
	"context"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// DefaultTimeout is the timeout of a scenario. A fault shows within seconds, but each controller of OpenChoreo has one worker for
// some two hundred releases of all tests. On two busy cores it took three minutes until it reconciled the same object again.
const DefaultTimeout = 6 * time.Minute

// Scenario is one injected fault, and the trace that is expected.
type Scenario struct {
	*Suite
	Name      string
	Fault     string // what breaks, in one sentence
	Namespace string
	Component string
	Args      []string // further arguments of trace
	Want      Want
	// Fix are prefixes of the printed commands that end the fault; none if the fault is in Git.
	Fix []string
	// Reinject injects the fault again and waits for its trace; nil if the cluster does not repair the fault.
	Reinject func(ctx context.Context, t *testing.T)
	// Timeout is the maximum time until the trace matches Want.
	Timeout time.Duration
}

// Await waits until the trace matches Want. When it times out, it prints the last trace and fails the test.
func (s Scenario) Await(ctx context.Context, t *testing.T) {
	t.Helper()
	if err := s.WaitForTrace(ctx, t); err != nil {
		shown := s.RunAs(t.Context(), t, s.Lab.Kubeconfig(""), s.CommandArgs("trace")...)
		t.Fatalf("%v\n%s%s", err, shown.Stdout, shown.Stderr)
	}
}

// WaitForTrace waits until the trace matches Want. The error is the difference of the last trace.
func (s Scenario) WaitForTrace(ctx context.Context, t *testing.T) error {
	t.Helper()
	var lastErr error
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	err := pollDelay().Until(ctx, true, true, func(ctx context.Context) (bool, error) {
		r := s.RunPlain(ctx, t, s.Lab.Kubeconfig(""), s.CommandArgs("trace", "-o", "json")...)
		if err := ctx.Err(); err != nil {
			return false, err // the error of the previous trace is returned
		}
		got, err := ParseTrace(r)
		if err == nil {
			err = s.Want.Check(got, r.Exit, s.Namespace)
		}
		if err != nil && (lastErr == nil || lastErr.Error() != err.Error()) {
			t.Logf("not yet as expected: %v", err)
		}
		lastErr = err
		return err == nil, nil
	})
	if err != nil && lastErr == nil {
		return err
	}
	return lastErr
}

// pollDelay returns the delay between two traces of one fault. A trace is some twenty requests: with shorter intervals, parallel tests slow down
// the controllers that they wait for. Most faults show within seconds, the others take minutes.
func pollDelay() wait.DelayFunc {
	return wait.Backoff{Duration: 2 * time.Second, Factor: 1.25, Cap: 6 * time.Second, Steps: 10}.DelayFunc()
}

// CommandArgs returns the arguments of a command on the component.
func (s Scenario) CommandArgs(verb string, args ...string) []string {
	return append(append([]string{verb, s.Component, "-n", s.Namespace}, args...), s.Args...)
}

// Finish records the scenario if -record is set, and runs the printed commands.
func (s Scenario) Finish(ctx context.Context, t *testing.T) {
	t.Helper()
	if *Record {
		s.RecordAs(ctx, t, s.Lab.Kubeconfig(""), s.Name)
	}
	s.runReadOnlyCommands(ctx, t)
	s.RunFixes(ctx, t)
}
