package facts_test

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestOutcomeText: each outcome is read back from its name. An unknown name is an error, and no outcome.
func TestOutcomeText(t *testing.T) {
	t.Parallel()
	for o, want := range map[facts.Outcome]string{
		facts.NotAsked: "NotAsked", facts.Found: "Found", facts.Absent: "Absent", facts.Forbidden: "Forbidden", facts.NoKind: "NoKind", facts.Unreachable: "Unreachable", facts.Invalid: "Invalid",
	} {
		text, err := o.MarshalText()
		read := facts.Invalid
		if err != nil || string(text) != want || read.UnmarshalText(text) != nil || read != o {
			t.Errorf("%q, %v, want %q, and back %v", text, err, want, read)
		}
	}
	read := facts.Forbidden
	if err := read.UnmarshalText([]byte("found")); err == nil || !strings.Contains(err.Error(), `outcome "found"`) || read != facts.Forbidden {
		t.Errorf("%v, %v", read, err)
	}
	if got := facts.Outcome(7).String(); got != "Outcome(7)" {
		t.Error(got)
	}
}

// TestReasons: a Reason that is of OpenChoreo's API, of a login, or of an object that the API left out.
func TestReasons(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string][3]bool{ // of the API, left out, unauthorized
		"":               {},
		"Unauthorized":   {false, false, true},
		"Unauthorized: ": {false, false, true},
		"Unauthorized: openchoreo-api at https://a: 401": {true, false, true},
		"UnauthorizedAccess":                             {},
		"openchoreo-api: no login":                       {true, false, false},
		"openchoreo-api at https://a: timeout":           {true, false, false},
		"openchoreo-api: left out: Pod a":                {true, true, false},
		"openchoreo-apis: x":                             {},
		"dial tcp: openchoreo-api at https://a":          {},
	} {
		if got := [3]bool{facts.IsOpenChoreoAPI(reason), facts.IsLeftOut(reason), facts.IsUnauthorized(reason)}; got != want {
			t.Errorf("%q: %v, want %v", reason, got, want)
		}
	}
}

// TestAPI: without the API no plane is read through it.
func TestAPI(t *testing.T) {
	t.Parallel()
	eu := &facts.API{Address: "https://a", Reads: func(p facts.Plane) bool { return p == "eu" }}
	var none *facts.API
	if !eu.IsFor("eu") || eu.IsFor("us") || (&facts.API{}).IsFor("eu") || none.IsFor("eu") {
		t.Error("the wrong plane is read through the API")
	}
	if eu.Flag() != "https://a" || none.Flag() != "" {
		t.Errorf("%q and %q", eu.Flag(), none.Flag())
	}
}
