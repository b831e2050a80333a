package lab

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
)

func familiesOf(all []addon.Operator) []string {
	var names []string
	for _, o := range all {
		names = append(names, o.Family)
	}
	return names
}

// startOperators starts the operators, and prints how long each took.
func (s *starter) startOperators(ctx context.Context, chosen []addon.Operator) error {
	if s.state.Operators == nil {
		s.state.Operators = map[string]string{}
	}
	for _, o := range chosen {
		began := time.Now()
		version, err := o.Start(ctx, s)
		if err != nil {
			return err
		}
		s.state.Operators[o.System] = version
		s.progress("%s %s is up after %.1fs", o.System, version, time.Since(began).Seconds())
	}
	return nil
}

// addOperators builds and starts those of the named operators that do not run.
func (s *starter) addOperators(ctx context.Context, names []string) error {
	chosen, err := addon.Choose(names)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(chosen, func(o addon.Operator) bool { return s.state.Operators[o.System] != "" })
	if len(missing) == 0 {
		return nil
	}
	binaries, err := build.All(ctx, familiesOf(missing), s.progress)
	if err != nil {
		return err
	}
	maps.Copy(s.state.Binaries, binaries)
	if err := s.startOperators(ctx, missing); err != nil {
		return err
	}
	return s.state.Save()
}

// OperatorVersion is the version of a system that runs in the lab; "" if it does not.
func (l *Lab) OperatorVersion(system string) string { return l.state.Operators[system] }

// AdminKubeconfig returns the kubeconfig of the lab's own processes for the control plane.
func (s *starter) AdminKubeconfig() string { return s.state.Planes[""].Kubeconfig }

// Server returns the address of the control plane's API server.
func (s *starter) Server() string { return s.state.Planes[""].Server }

// Gateway returns the address of cluster-gateway's API.
func (s *starter) Gateway() string { return s.state.GatewayAPI }

// Dir returns the folder of the lab.
func (s *starter) Dir() string { return s.state.Dir }

// Binary returns the path of a built program.
func (s *starter) Binary(name string) string { return s.state.Binaries[name] }

// Program returns the path of the lab's own program, and the variable that makes it a server.
func (s *starter) Program() (path, variable string, err error) {
	path, err = s.copyProgram()
	return path, ServeEnv + "=1", err
}
