package suite

import (
	"encoding/json"
	"fmt"
)

// Trace is the part of the JSON output that tests use.
type Trace struct {
	Verdict string   `json:"verdict"`
	Current *bool    `json:"current"`
	Failing *Failing `json:"failing"`
	Rungs   []Rung   `json:"rungs"`

	Environments []struct {
		Name, Verdict string
		Rungs         []Rung
	} `json:"environments"`

	Text string `json:"-"` // the whole output
}

// Rung is one rung of the ladder.
type Rung struct {
	ID, State string
	Findings  []struct {
		Code      string
		NextSteps []Step
	}
}

// Failing is the finding that fails the trace.
type Failing struct {
	Rung        string `json:"rung"`
	Environment string `json:"environment"`
	Code        string `json:"code"`
	Message     string `json:"message"`
	Object      struct {
		Kind, Namespace, Name, Plane string
	} `json:"object"`
	NextSteps []Step
}

// Step is a printed command.
type Step struct {
	Role, Plane, Command string
}

// allRungs returns the shared rungs and those of all environments.
func (t Trace) allRungs() []Rung {
	rungs := t.Rungs
	for _, e := range t.Environments {
		rungs = append(rungs, e.Rungs...)
	}
	return rungs
}

// hasFinding reports whether any rung has a finding with that code.
func (t Trace) hasFinding(code string) bool {
	for _, r := range t.allRungs() {
		for _, f := range r.Findings {
			if f.Code == code {
				return true
			}
		}
	}
	return false
}

// progressingRung returns the topmost progressing rung, as RUNG or ENVIRONMENT/RUNG.
func (t Trace) progressingRung() string {
	for _, r := range t.Rungs {
		if r.State == "Progressing" {
			return r.ID
		}
	}
	for _, e := range t.Environments {
		for _, r := range e.Rungs {
			// A binding waits for its rendered objects; their rung is more specific.
			if r.State == "Progressing" && r.ID != "binding" {
				return e.Name + "/" + r.ID
			}
		}
	}
	return ""
}

// ParseTrace reads the JSON output. Without JSON, the error has the output of the program.
func ParseTrace(r Result) (Trace, error) {
	out := Trace{Text: r.Stdout}
	if err := json.Unmarshal([]byte(r.Stdout), &out); err != nil {
		return Trace{}, fmt.Errorf("parse the trace: %w; exit %d: %s%s", err, r.Exit, r.Stdout, r.Stderr)
	}
	return out, nil
}
