package login

import (
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Choose returns the Login for an address that the user gave, else that of occ. If data planes require it, it must be there, and its token
// must not have expired. Else a configuration of occ that is of no use is none.
func Choose(address string, requiredBy []facts.Plane, getenv func(string) string, now time.Time) (l Login, found bool, err error) {
	if address != "" {
		if l, err = Given(address, getenv); err != nil {
			return Login{}, false, err
		}
		return l, true, l.checkExpiry("the token in "+TokenVariable, now)
	}
	l, found, err = OfOCC(getenv)
	switch {
	case len(requiredBy) == 0:
		return l, found && err == nil && l.Token != "", nil
	case err != nil:
		return Login{}, false, fmt.Errorf("cannot read data plane %s through openchoreo-api: %w", requiredBy[0], err)
	case !found:
		return Login{}, false, fmt.Errorf("cannot read data plane %s through openchoreo-api: there is no login of occ; run occ login, or use --openchoreo-api", requiredBy[0])
	}
	return l, true, l.checkExpiry("the login of occ", now)
}

// Only returns the Login for a user who has nothing else: its token must not have expired.
func Only(address string, getenv func(string) string, now time.Time) (l Login, found bool, err error) {
	if address != "" {
		return Choose(address, nil, getenv, now)
	}
	l, found, err = OfOCC(getenv)
	if err != nil || !found || l.Token == "" {
		return Login{}, false, err
	}
	return l, true, l.checkExpiry("the login of occ", now)
}

func (l Login) checkExpiry(what string, now time.Time) error {
	if at, expired := l.ExpiredAt(now); expired {
		return fmt.Errorf("%s expired at %s; %s", what, at.UTC().Format(time.RFC3339), l.Renew)
	}
	return nil
}
