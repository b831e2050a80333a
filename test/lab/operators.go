package lab

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
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
	if l.state.Operators == nil {
		l.state.Operators = map[string]string{}
	}
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

// addOperators builds and starts those of the named operators that do not run.
func (l *Lab) addOperators(ctx context.Context, names []string) error {
	chosen, err := addon.Choose(names)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(chosen, func(o addon.Operator) bool { return l.OperatorVersion(o.System) != "" })
	if len(missing) == 0 {
		return nil
	}
	binaries, err := build.All(ctx, familiesOf(missing), l.progress)
	if err != nil {
		return err
	}
	maps.Copy(l.state.Binaries, binaries)
	if err := l.startOperators(ctx, missing); err != nil {
		return err
	}
	return l.state.Save()
}

// OperatorVersion is the version of a system that runs in the lab; "" if it does not.
func (l *Lab) OperatorVersion(system string) string { return l.state.Operators[system] }

// AdminKubeconfig returns the kubeconfig of the lab's own processes for the control plane.
func (l *Lab) AdminKubeconfig() string { return l.state.Planes[""].Kubeconfig }

// Run starts a process of an operator, as run does.
func (l *Lab) Run(ctx context.Context, p *process.Part, limit time.Duration, ready func(context.Context) error) error {
	return l.run(ctx, p, limit, ready)
}
