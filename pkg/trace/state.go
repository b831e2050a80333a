package trace

import "fmt"

// State is the health of one rung.
type State uint8

const (
	// Unknown is the zero value: there is no evidence for an assessment.
	Unknown State = iota
	// OK means that the rung works as declared.
	OK
	// Progressing means that the rung is in progress, within the normal time.
	Progressing
	// Suspended means that the rung is suspended on purpose.
	Suspended
	// Failed means that the rung does not work as declared, and does not recover by waiting.
	Failed
	// Blocked means that the rung was not reached, because a rung above it failed.
	Blocked
)

var stateNames = [...]string{"Unknown", "OK", "Progressing", "Suspended", "Failed", "Blocked"}

// String returns the word that every output uses.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// MarshalText writes the word.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Currency tells whether a rung has the wanted revision. It is independent of State: healthy pods of an older commit are OK and
// Behind.
type Currency uint8

const (
	// CurrencyUnknown is the zero value.
	CurrencyUnknown Currency = iota
	// Current means that the rung has the wanted revision or release.
	Current
	// Behind means that it has an older one.
	Behind
)

// MarshalJSON writes true, false or null.
func (c Currency) MarshalJSON() ([]byte, error) {
	switch c {
	case Current:
		return []byte("true"), nil
	case Behind:
		return []byte("false"), nil
	case CurrencyUnknown:
		return []byte("null"), nil
	}
	return nil, fmt.Errorf("write currency %d: no such value", uint8(c))
}

// Verdict is the result for the whole ladder, or for one environment.
type Verdict uint8

const (
	// VerdictUnknown is the zero value: something relevant could not be read.
	VerdictUnknown Verdict = iota
	// VerdictHealthy means that every rung is OK or suspended on purpose.
	VerdictHealthy
	// VerdictProgressing means that something is still progressing.
	VerdictProgressing
	// VerdictFailed means that a rung failed.
	VerdictFailed
	// VerdictSuspended means that the environment is undeployed, or not bound, on purpose.
	VerdictSuspended
)

var verdictNames = [...]string{"Unknown", "Healthy", "Progressing", "Failed", "Suspended"}

// String returns the word that every output uses.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// MarshalText writes the word.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// State returns the State that corresponds to v, so that both are displayed alike.
func (v Verdict) State() State {
	switch v {
	case VerdictHealthy:
		return OK
	case VerdictFailed:
		return Failed
	case VerdictProgressing:
		return Progressing
	case VerdictSuspended:
		return Suspended
	case VerdictUnknown:
		return Unknown
	}
	return Unknown
}
