package suite

import (
	"context"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// Patience is the limit where a scenario names none. A fault shows within seconds; but each controller of OpenChoreo has one
// worker, which serves some two hundred releases of all tests at once, and on two busy cores took three minutes to come round.
const Patience = 6 * time.Minute

// Scenario is one fault that was injected, and where the trace must put its finger.
type Scenario struct {
	*Suite
	Name      string
	Fault     string // what breaks, in one sentence
	Namespace string
	Component string
	Args      []string // further arguments of trace
	Want      Want
	// Fix are the printed commands that end the fault, each by its beginning; none if the fault is in Git.
	Fix []string
	// Repeat injects the fault again and waits until it is seen, if the cluster may repair it at any time; nil if it does not.
	Repeat func(ctx context.Context, t *testing.T)
	// Limit is how long the cluster and our clocks may take until the trace reports it.
	Limit time.Duration
}

// Await traces until the trace has the wanted result, and prints the last one if it does not.
func (s Scenario) Await(ctx context.Context, t *testing.T) {
	t.Helper()
	if err := s.Seen(ctx, t); err != nil {
		shown := s.As(t.Context(), t, s.Lab.Kubeconfig(""), s.Verb("trace")...)
		t.Fatalf("%v\n%s%s", err, shown.Stdout, shown.Stderr)
	}
}

// Seen traces until the trace has the wanted result; the error is the result of the last one.
func (s Scenario) Seen(ctx context.Context, t *testing.T) error {
	t.Helper()
	var problem error
	ask := s.As
	ctx, cancel := context.WithTimeout(ctx, s.Limit)
	defer cancel()
	err := pauses().Until(ctx, true, true, func(ctx context.Context) (bool, error) {
		r := ask(ctx, t, s.Lab.Kubeconfig(""), s.Verb("trace", "-o", "json")...)
		ask = s.Again
		if err := ctx.Err(); err != nil {
			return false, err // what the trace before said counts
		}
		got, err := Parse(r)
		if err == nil {
			err = s.Want.Check(got, r.Exit, s.Namespace)
		}
		if err != nil && (problem == nil || problem.Error() != err.Error()) {
			t.Logf("on the way: %v", err)
		}
		problem = err
		return err == nil, nil
	})
	if err != nil && problem == nil {
		return err
	}
	return problem
}

// pauses returns the times between two traces of one fault. A trace is some twenty requests: in short intervals, those of the parallel tests hold up the
// controllers that they wait for. Most faults show within seconds, the others take minutes.
func pauses() wait.DelayFunc {
	return wait.Backoff{Duration: 2 * time.Second, Factor: 1.25, Cap: 6 * time.Second, Steps: 10}.DelayFunc()
}

// Verb are the arguments of a command about the component.
func (s Scenario) Verb(verb string, args ...string) []string {
	return append(append([]string{verb, s.Component, "-n", s.Namespace}, args...), s.Args...)
}

// Conclude does what follows once the trace has said what it must.
func (s Scenario) Conclude(ctx context.Context, t *testing.T) {
	t.Helper()
	if *Record {
		s.RecordAs(ctx, t, s.Lab.Kubeconfig(""), s.Name)
	}
	s.looksUp(ctx, t)
	s.Fixes(ctx, t)
}
