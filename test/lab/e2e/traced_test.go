package e2e

import (
	"encoding/json"
	"fmt"
)

// traced is the part of the JSON form that tests look at.
type traced struct {
	Verdict string   `json:"verdict"`
	Current *bool    `json:"current"`
	Failing *failing `json:"failing"`
	Rungs   []rung   `json:"rungs"`

	Environments []struct {
		Name, Verdict string
		Rungs         []rung
	} `json:"environments"`

	text string // all of it
}

type rung struct {
	ID, State string
	Findings  []struct {
		Code      string
		NextSteps []step
	}
}

// finds reports whether any rung has a finding of that code.
func (t traced) finds(code string) bool {
	rungs := t.Rungs
	for _, e := range t.Environments {
		rungs = append(rungs, e.Rungs...)
	}
	for _, r := range rungs {
		for _, f := range r.Findings {
			if f.Code == code {
				return true
			}
		}
	}
	return false
}

// waitsAt is the topmost rung that is progressing, with its environment before a slash.
func (t traced) waitsAt() string {
	for _, r := range t.Rungs {
		if r.State == "Progressing" {
			return r.ID
		}
	}
	for _, e := range t.Environments {
		for _, r := range e.Rungs {
			// A binding waits for what it made; what it waits for says more.
			if r.State == "Progressing" && r.ID != "binding" {
				return e.Name + "/" + r.ID
			}
		}
	}
	return ""
}

type failing struct {
	Rung        string `json:"rung"`
	Environment string `json:"environment"`
	Code        string `json:"code"`
	Message     string `json:"message"`
	Object      struct {
		Kind, Namespace, Name, Plane string
	} `json:"object"`
	NextSteps []step
}

// parse reads the JSON form. There is none when the tool could not do its work; then its words are the error.
func parse(r result) (traced, error) {
	out := traced{text: r.stdout}
	if err := json.Unmarshal([]byte(r.stdout), &out); err != nil {
		return traced{}, fmt.Errorf("read the trace: %w; exit %d: %s%s", err, r.exit, r.stdout, r.stderr)
	}
	return out, nil
}
