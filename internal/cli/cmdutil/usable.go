package cmdutil

import (
	"errors"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// CheckUsable reports in one line why nothing can be assessed at all.
func (r *Reader) CheckUsable(s *facts.Snapshot, host string) error {
	component := s.Object(facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: s.Subject.Namespace, Name: s.Subject.Component})
	if err := ReadError(component.Outcome, component.Reason, host); err != nil {
		return err
	}
	return supported(s)
}

// ReadError reports why Components cannot be read; nil where they can.
func ReadError(o facts.Outcome, reason, host string) error {
	switch o {
	case facts.Found, facts.Absent:
		return nil
	case facts.NoKind:
		return fmt.Errorf("cluster %s does not serve Component.openchoreo.dev; use the context of an OpenChoreo control plane, version 1.0 or later", host)
	case facts.Forbidden:
		if facts.IsOpenChoreoAPI(reason) {
			return WithCode(errors.New(reason), ExitUndecided)
		}
		if facts.IsUnauthorized(reason) {
			return WithCode(fmt.Errorf("cluster %s rejects the credentials (%s); log in again, or use --context, --kubeconfig or --token", host, reason), ExitUndecided)
		}
		return WithCode(fmt.Errorf("%s; ask an administrator for the roles in docs/rbac.md", reason), ExitUndecided)
	case facts.Unreachable, facts.NotAsked:
		return &UnansweredError{host, reason}
	case facts.Invalid:
		return errors.New(reason)
	}
	return errors.New("cannot read the component")
}

// supported refuses OpenChoreo before 1.0, which renders into another kind, Release, whose conditions do not say whether
// the plane has it.
func supported(s *facts.Snapshot) error {
	if s.Listed(facts.Control, kinds.OpenChoreo, "RenderedRelease", s.Subject.Namespace).Outcome != facts.NoKind {
		return nil
	}
	return errors.New("unsupported OpenChoreo version 0.17 or earlier; version 1.0 or later is required")
}
