package cmdutil

import (
	"errors"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// CheckUsable says in one line why nothing can be said at all.
func (r *Reader) CheckUsable(s *facts.Snapshot, host string) error {
	component := s.Object(facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: s.Subject.Namespace, Name: s.Subject.Component})
	if err := ReadError(component.Outcome, component.Reason, host); err != nil {
		return err
	}
	return supported(s)
}

// ReadError says why Components cannot be read; nil where they can.
func ReadError(o facts.Outcome, reason, host string) error {
	switch o {
	case facts.Found, facts.Absent:
		return nil
	case facts.NoKind:
		return fmt.Errorf("this cluster (%s) does not serve OpenChoreo's Component: OpenChoreo 1.0 or later is supported, on its control plane", host)
	case facts.Forbidden:
		if facts.IsUnauthorized(reason) {
			return WithCode(fmt.Errorf("%s does not accept the credentials (%s); log in again, or choose others with --context, --kubeconfig or --token", host, reason), ExitUndecided)
		}
		return WithCode(fmt.Errorf("%s; ask for the rights that docs/rbac.md names", reason), ExitUndecided)
	case facts.Unreachable, facts.NotAsked:
		return &UnansweredError{host, reason}
	case facts.Invalid:
		return errors.New(reason)
	}
	return errors.New("nothing could be read")
}

// supported refuses OpenChoreo before 1.0, which renders into another kind, Release, whose conditions do not say whether
// the plane has it.
func supported(s *facts.Snapshot) error {
	if s.Listed(facts.Control, kinds.OpenChoreo, "RenderedRelease", s.Subject.Namespace).Outcome != facts.NoKind {
		return nil
	}
	return errors.New("this cluster runs OpenChoreo 0.17 or older: 1.0 or later is supported")
}
