package trace

import "fmt"

// State is the health of one rung.
type State uint8

const (
	// Unknown is the zero value: nothing was seen that would allow a judgement.
	Unknown State = iota
	// OK means that the rung does what it is declared to do.
	OK
	// Progressing means that the rung is on its way and that this is still normal for its age.
	Progressing
	// Suspended means that somebody wants the rung to be still.
	Suspended
	// Failed means that the rung does not do what is declared, and that waiting alone will not heal it.
	Failed
	// Blocked means that the rung was not reached, because a rung above it failed.
	Blocked
)

var stateNames = [...]string{"Unknown", "OK", "Progressing", "Suspended", "Failed", "Blocked"}

// String is the word that every output uses.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// MarshalText writes the word.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Currency says whether a rung carries what is wanted. It is never folded into State: healthy pods of
// yesterday's commit are OK and Behind.
type Currency uint8

const (
	// CurrencyUnknown is the zero value.
	CurrencyUnknown Currency = iota
	// Current means that the rung carries the wanted revision or release.
	Current
	// Behind means that it carries an older one.
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

// Verdict is what the whole ladder, or one environment, comes to.
type Verdict uint8

const (
	// VerdictUnknown is the zero value: something that matters could not be read.
	VerdictUnknown Verdict = iota
	// VerdictHealthy means that every rung is OK or meant to be still.
	VerdictHealthy
	// VerdictProgressing means that something is still progressing.
	VerdictProgressing
	// VerdictFailed means that a rung failed.
	VerdictFailed
	// VerdictSuspended means that the environment is undeployed, or not bound, on purpose.
	VerdictSuspended
)

var verdictNames = [...]string{"Unknown", "Healthy", "Progressing", "Failed", "Suspended"}

// String is the word that every output uses.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// MarshalText writes the word.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// State is that of a rung which would stand alone for what came to v: to show both alike.
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
