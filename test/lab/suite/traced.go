package suite

import (
	"encoding/json"
	"fmt"
)

// Traced is the part of the JSON form that tests look at.
type Traced struct {
	Verdict string   `json:"verdict"`
	Current *bool    `json:"current"`
	Failing *Failing `json:"failing"`
	Rungs   []Rung   `json:"rungs"`

	Environments []struct {
		Name, Verdict string
		Rungs         []Rung
	} `json:"environments"`

	Text string `json:"-"` // all of it
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

// all are the rungs of the whole ladder, of all environments.
func (t Traced) all() []Rung {
	rungs := t.Rungs
	for _, e := range t.Environments {
		rungs = append(rungs, e.Rungs...)
	}
	return rungs
}

// finds reports whether any rung has a finding of that code.
func (t Traced) finds(code string) bool {
	for _, r := range t.all() {
		for _, f := range r.Findings {
			if f.Code == code {
				return true
			}
		}
	}
	return false
}

// waitsAt is the topmost rung that is progressing, with its environment before a slash.
func (t Traced) waitsAt() string {
	for _, r := range t.Rungs {
		if r.State == "Progressing" {
			return r.ID
		}
	}
	for _, e := range t.Environments {
		for _, r := range e.Rungs {
			// A binding waits for what it created, and that reports more.
			if r.State == "Progressing" && r.ID != "binding" {
				return e.Name + "/" + r.ID
			}
		}
	}
	return ""
}

// Parse reads the JSON form. There is none when the tool could not do its work; then its words are the error.
func Parse(r Result) (Traced, error) {
	out := Traced{Text: r.Stdout}
	if err := json.Unmarshal([]byte(r.Stdout), &out); err != nil {
		return Traced{}, fmt.Errorf("read the trace: %w; exit %d: %s%s", err, r.Exit, r.Stdout, r.Stderr)
	}
	return out, nil
}
