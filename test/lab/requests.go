package lab

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/audit"
)

// Requests returns, by plane, the requests of users to the API servers since a time. program is a prefix of the user agent.
func (l *Lab) Requests(program string, since time.Time) (map[string][]requestguard.Request, error) {
	found := map[string][]requestguard.Request{}
	for name := range l.state.Planes {
		requests, err := audit.Requests(audit.Log(filepath.Join(l.state.Dir, "cluster"+suffix(name))), program, since)
		if err != nil {
			return nil, fmt.Errorf("read the audit log of cluster %q: %w", name, err)
		}
		found[name] = requests
	}
	return found, nil
}
