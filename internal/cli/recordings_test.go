package cli

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
)

// recording is a scenario as the tests of coverage look at it.
type recording struct {
	name, fault string
	origin      []string // who wrote the statuses of other systems
	trace       recordedTrace
}

type recordedTrace struct {
	Verdict      string
	Failing      *recordedFinding
	Rungs        []recordedRung
	Environments []struct{ Rungs []recordedRung }
}

type recordedFinding struct {
	Rung, Environment, Code string
	Object                  recordedObject
}

type recordedRung struct {
	recordedPart
	ID       string
	Findings []recordedFinding
	Parts    []recordedPart
}

type recordedPart struct {
	State  string
	Object recordedObject
}

type recordedObject struct{ Kind, Name string }

// recordings are all scenarios.
func recordings(t *testing.T) []recording {
	t.Helper()
	entries, err := os.ReadDir(scenarioDir)
	if err != nil {
		t.Fatal(err)
	}
	var all []recording
	for _, e := range entries {
		r := recording{name: e.Name()}
		if err := json.Unmarshal(recordedJSON(t, e.Name()), &r.trace); err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		fault, err := os.ReadFile(filepath.Join(scenarioDir, e.Name(), "fault"))
		if err != nil {
			t.Errorf("say in one sentence what is broken: %v", err)
		}
		r.fault, r.origin = strings.TrimSpace(string(fault)), recordedOrigin(t, e.Name())
		all = append(all, r)
	}
	return all
}

// recordedOrigin are the lines of the file that says who wrote the statuses of systems other than Kubernetes, Flux and OpenChoreo.
func recordedOrigin(t *testing.T, scenario string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(scenarioDir, scenario, factstest.OriginFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// recordedJSON is what a scenario is expected to say. While TestScenarios writes that anew, it is asked of the program.
func recordedJSON(t *testing.T, scenario string) []byte {
	t.Helper()
	if *update {
		out, _ := run(t, "trace", "-o", "json", "--snapshot", filepath.Join(scenarioDir, scenario, "snapshot.yaml"))
		return []byte(out)
	}
	text, err := os.ReadFile(filepath.Join(scenarioDir, scenario, "want.json"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// rungs are those of the whole ladder, of all environments.
func (r recording) rungs() []recordedRung {
	rungs := slices.Clone(r.trace.Rungs)
	for _, e := range r.trace.Environments {
		rungs = append(rungs, e.Rungs...)
	}
	return rungs
}

// place is where a code was found: the rung, the kind that is blamed, and the kind that speaks for the rung.
type place struct{ rung, kind, speaker string }

func (r recording) places(code string) []place {
	var places []place
	for _, rung := range r.rungs() {
		for _, f := range rung.Findings {
			if f.Code == code {
				places = append(places, place{rung.ID, f.Object.Kind, rung.Object.Kind})
			}
		}
	}
	return places
}

// states are those of the objects of a kind at a rung.
func (r recording) states(rung, kind string) []string {
	var states []string
	for _, found := range r.rungs() {
		if found.ID != rung {
			continue
		}
		for _, part := range append(slices.Clone(found.Parts), found.recordedPart) {
			if part.Object.Kind == kind {
				states = append(states, part.State)
			}
		}
	}
	return states
}

// failing names the first scenario in which a code is found, and clean the first in which the same kind of object, at the
// same rung, is well without it. A kind that no rung shows, such as the plane of an Environment, is looked for in the object
// that speaks for the rung.
func failingAndClean(all []recording, code string) (failing, clean string) {
	for _, r := range all {
		for _, p := range r.places(code) {
			if failing == "" {
				failing = r.name
			}
			if !slices.ContainsFunc(all, func(other recording) bool { return len(other.states(p.rung, p.kind)) > 0 }) {
				p.kind = p.speaker
			}
			for _, other := range all {
				if clean == "" && len(other.places(code)) == 0 && slices.Contains(other.states(p.rung, p.kind), "OK") {
					clean = other.name
				}
			}
		}
	}
	return failing, clean
}
