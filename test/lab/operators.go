package lab

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
)

// operator is a system beside Flux and OpenChoreo. A lab runs it on request.
type operator struct {
	system string // its name, as scenarios record it
	family string // of tools
	module string // with its definitions
	crds   string // folder of a kustomization there
	start  func(l *Lab, ctx context.Context, module string) error
}

func operators() map[string]operator {
	return map[string]operator{
		"argocd":   {"Argo CD", "argo-cd", "github.com/argoproj/argo-cd/v3", "manifests/crds", (*Lab).startArgoCD},
		"rollouts": {"Argo Rollouts", "argo-rollouts", "github.com/argoproj/argo-rollouts", "manifests/crds", (*Lab).startRollouts},
	}
}

// Operators are the names of the operators that a lab can run.
func Operators() []string { return slices.Sorted(maps.Keys(operators())) }

// choose returns the named operators in the order of their names; "all" names all.
func choose(names []string) ([]operator, error) {
	if slices.Contains(names, "all") {
		names = Operators()
	}
	var chosen []operator
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		o, ok := operators()[name]
		if !ok {
			return nil, fmt.Errorf("start operator %q: unknown; the lab can run %s", name, strings.Join(Operators(), ", "))
		}
		chosen = append(chosen, o)
	}
	return chosen, nil
}

func familiesOf(all []operator) []string {
	var names []string
	for _, o := range all {
		names = append(names, o.family)
	}
	return names
}

// startOperators installs the definitions of the operators and starts them, and prints how long each took.
func (l *Lab) startOperators(ctx context.Context, chosen []operator) error {
	l.state.Operators = map[string]string{}
	for _, o := range chosen {
		began := time.Now()
		version, err := build.Version(o.family, o.module)
		if err != nil {
			return err
		}
		module, err := build.ModuleDir(ctx, o.module+"@"+version)
		if err != nil {
			return err
		}
		crds := "--kustomize=" + filepath.Join(module, o.crds)
		if _, err := l.Kubectl(ctx, "", "", "apply", "--server-side", "--force-conflicts", crds); err != nil {
			return err
		}
		if _, err := l.Kubectl(ctx, "", "", "wait", "--for=condition=Established", "--timeout=1m", crds); err != nil {
			return err
		}
		if err := o.start(l, ctx, module); err != nil {
			return fmt.Errorf("start %s: %w", o.system, err)
		}
		l.state.Operators[o.system] = version
		l.progress("%s %s is up after %.1fs", o.system, version, time.Since(began).Seconds())
	}
	return nil
}

// OperatorVersion is the version of a system that runs in the lab; "" if it does not.
func (l *Lab) OperatorVersion(system string) string { return l.state.Operators[system] }
