package suite

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// checkRequests returns an error if the audit logs have a request of the program that docs/requests.md does not list.
func (s *Suite) checkRequests(since time.Time) error {
	planes, err := s.Lab.Requests("kubectl-choreo", since)
	if err != nil {
		return err
	}
	var undocumented []error
	for plane, requests := range planes {
		fmt.Fprintf(os.Stderr, "cluster %q: %d requests of kubectl-choreo\n", plane, len(requests))
		for _, r := range requests {
			undocumented = append(undocumented, requestguard.Check(r))
		}
	}
	if len(planes[""]) == 0 {
		undocumented = append(undocumented, errors.New("the audit log of the control plane has no request of kubectl-choreo"))
	}
	return errors.Join(undocumented...)
}
