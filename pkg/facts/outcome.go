package facts

import "fmt"

// Outcome is the result of a request to a cluster.
type Outcome uint8

const (
	// NotAsked is the zero value: nothing was requested, so nothing may be concluded.
	NotAsked Outcome = iota
	// Found means that the API server returned the object or the list.
	Found
	// Absent means that the API server responded with 404 for an object of a kind that it serves.
	Absent
	// Forbidden means that the user has no permission to read it (403, or 401). Its existence is unknown.
	Forbidden
	// NoKind means that the API server does not serve this kind: its CustomResourceDefinition is not installed.
	NoKind
	// Unreachable means that there was no usable response: a timeout, a transport or server error, or a plane without a client.
	Unreachable
	// Invalid means that no object can have the name, namespace or label value of the reference: the field that it comes from is
	// hostile or corrupted. No request is made, so it is not Absent.
	Invalid
)

var outcomeNames = [...]string{"NotAsked", "Found", "Absent", "Forbidden", "NoKind", "Unreachable", "Invalid"}

// String returns the name in the file form.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// MarshalText writes the name.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the name; an unknown name is an error, never a silent NotAsked.
func (o *Outcome) UnmarshalText(text []byte) error {
	for i, name := range outcomeNames {
		if name == string(text) {
			*o = Outcome(i)
			return nil
		}
	}
	return fmt.Errorf("read outcome %q: want one of %v", text, outcomeNames)
}
