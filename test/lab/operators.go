package lab

import (
	"context"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

func familiesOf(all []addon.Operator) []string {
	var names []string
	for _, o := range all {
		names = append(names, o.Family)
	}
	return names
}

// startOperators starts the operators, and prints how long each took.
func (l *Lab) startOperators(ctx context.Context, chosen []addon.Operator) error {
	l.state.Operators = map[string]string{}
	for _, o := range chosen {
		began := time.Now()
		version, err := o.Start(ctx, l)
		if err != nil {
			return err
		}
		l.state.Operators[o.System] = version
		l.progress("%s %s is up after %.1fs", o.System, version, time.Since(began).Seconds())
	}
	return nil
}

// OperatorVersion is the version of a system that runs in the lab; "" if it does not.
func (l *Lab) OperatorVersion(system string) string { return l.state.Operators[system] }

// AdminKubeconfig returns the kubeconfig of the lab's own processes for the control plane.
func (l *Lab) AdminKubeconfig() string { return l.state.Planes[""].Kubeconfig }

// Run starts a process of an operator, as run does.
func (l *Lab) Run(ctx context.Context, p *process.Part, limit time.Duration, ready func(context.Context) error) error {
	return l.run(ctx, p, limit, ready)
}
