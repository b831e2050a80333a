package trace

import (
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Severity ranks a finding. Only an Error can make its rung fail.
type Severity string

const (
	// Error is the reason why a rung is Failed.
	Error Severity = "error"
	// Warning is wrong or will be, but does not stop this rung today.
	Warning Severity = "warning"
	// Info is worth knowing and nobody's fault.
	Info Severity = "info"
)

// Evidence is one field that a finding rests on.
type Evidence struct {
	Path  string `json:"path"` // such as status.conditions[Ready].message
	Value string `json:"value"`
}

// LogEvidence begins the path of evidence that is the end of a container's log.
const LogEvidence = "log of "

// IsLog reports whether it is the end of a container's log.
func (e Evidence) IsLog() bool { return strings.HasPrefix(e.Path, LogEvidence) }

// Finding is one thing that is the matter, said once.
type Finding struct {
	Code     Code       `json:"code"`
	Severity Severity   `json:"severity"`
	Object   facts.Ref  `json:"object"`         // where the cause is
	Message  string     `json:"message"`        // the controller's own words where there are any, else ours; one paragraph
	Hint     string     `json:"hint,omitempty"` // what it means, or who can mend it; one sentence
	Next     []string   `json:"next,omitempty"` // commands to type, most useful first
	Since    time.Time  `json:"since,omitzero"` // when it began, as far as the cluster says
	Evidence []Evidence `json:"evidence,omitempty"`
	// Path leads from the symptom to the cause, outermost first; empty when they are the same object.
	Path []facts.Ref `json:"path,omitempty"`
	// Wake is the object that heals this, or lets what was done about it be seen, when its controller looks again: an
	// annotation makes it. The zero Ref where looking again changes nothing.
	Wake facts.Ref `json:"wake,omitzero"`
}

// Part is one of several objects that make up a rung: a Kustomization, a pod, an object on the plane.
type Part struct {
	Object   facts.Ref `json:"object"`
	State    State     `json:"state"`
	Current  Currency  `json:"current"`
	Revision string    `json:"revision,omitempty"`
	Summary  string    `json:"summary"`
	Since    time.Time `json:"since,omitzero"`
	// Live is true when the object itself was read, false when another object reports of it.
	Live bool `json:"live"`
}

// Rung is the judgement of one rung.
type Rung struct {
	ID       RungID    `json:"id"`
	State    State     `json:"state"`
	Current  Currency  `json:"current"`
	Revision string    `json:"revision,omitempty"` // commit or release that the rung carries
	Object   facts.Ref `json:"object"`             // the object that speaks for the rung
	Summary  string    `json:"summary"`            // one line, without state or revision
	Since    time.Time `json:"since,omitzero"`     // since when it is in this state, as far as the cluster says
	Findings []Finding `json:"findings"`
	Parts    []Part    `json:"parts,omitempty"`
	// Reported is true where nothing that the rung is about was seen on the plane: it rests on what OpenChoreo last reported.
	Reported bool `json:"reported,omitempty"`
}

// Failure is the finding to fix first, with its place on the ladder.
type Failure struct {
	Rung        RungID `json:"rung"`
	Environment string `json:"environment"` // empty for the rungs that are there once
	Finding
}

// Address is one resolved endpoint URL.
type Address struct {
	Name       string `json:"name"`
	Visibility string `json:"visibility"`
	URL        string `json:"url"`
}

// Environment is the lower half of the ladder for one environment.
type Environment struct {
	Name      string    `json:"name"`
	Verdict   Verdict   `json:"verdict"`
	Current   Currency  `json:"current"`
	Failing   *Failure  `json:"failing"`
	Release   string    `json:"release,omitempty"` // the release that the binding pins
	Image     string    `json:"image,omitempty"`   // what the component's container runs, in most of the pods that were seen
	Rungs     []Rung    `json:"rungs"`
	Endpoints []Address `json:"endpoints"`

	// PromotedFrom are the environments that the pipeline promotes from to this one. The data form leaves it out.
	PromotedFrom []string `json:"-"`
	// UnreadSources are those of PromotedFrom whose binding was not read, because the user named other environments.
	UnreadSources []string `json:"-"`
}

// Wanted is the revision that every rung is held against.
type Wanted struct {
	Revision string               `json:"revision"`
	Commit   string               `json:"commit,omitempty"`
	From     facts.RevisionOrigin `json:"from"`
	Subject  string               `json:"subject,omitempty"`
	Author   string               `json:"author,omitempty"`
}

// Trace is the judgement of the whole ladder.
type Trace struct {
	Subject      facts.Subject `json:"subject"`
	Wanted       Wanted        `json:"wanted"`
	Verdict      Verdict       `json:"verdict"`
	Current      Currency      `json:"current"`
	Failing      *Failure      `json:"failing"`
	Rungs        []Rung        `json:"rungs"`
	Environments []Environment `json:"environments"`
	TakenAt      time.Time     `json:"takenAt"`
}

// Code names a kind of finding in one PascalCase word, in the style of Kubernetes reasons. Codes are a contract.
type Code string
