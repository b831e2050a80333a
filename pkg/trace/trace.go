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
	// Warning is a present or future problem that does not stop this rung today.
	Warning Severity = "warning"
	// Info is useful information without a fault.
	Info Severity = "info"
)

// Evidence is one field that supports a finding.
type Evidence struct {
	Path  string `json:"path"` // such as status.conditions[Ready].message
	Value string `json:"value"`
}

// LogEvidence is the prefix of the path of evidence from the end of a container's log.
const LogEvidence = "log of "

// UserEvidence is the path of evidence with the user whom the API server refused.
const UserEvidence = "user"

// IsLog reports whether the evidence is the end of a container's log.
func (e Evidence) IsLog() bool { return strings.HasPrefix(e.Path, LogEvidence) }

// Finding is one problem, reported once.
type Finding struct {
	Code     Code       `json:"code"`
	Severity Severity   `json:"severity"`
	Object   facts.Ref  `json:"object"`         // the object with the cause
	Message  string     `json:"message"`        // the controller's own message if there is one, else ours; one paragraph
	Hint     string     `json:"hint,omitempty"` // what it means, or who can fix it; one sentence
	Fix      Fix        `json:"-"`              // selects the next steps
	Next     []string   `json:"next,omitempty"` // the commands of NextSteps
	Since    time.Time  `json:"since,omitzero"` // when it started, as far as the cluster records it
	Evidence []Evidence `json:"evidence,omitempty"`
	// Path leads from the symptom to the cause, outermost first; empty if they are the same object.
	Path []facts.Ref `json:"path,omitempty"`
	// Wake is the object whose reconciliation fixes this, or shows the result of a fix. An annotation triggers it. It is the
	// zero Ref if a reconciliation changes nothing.
	Wake facts.Ref `json:"wake,omitzero"`
	// Container is that of a pod.
	Container string `json:"container,omitempty"`
	// NextSteps are commands to run, in their order: those that show the cause come before those that change something.
	NextSteps []NextStep `json:"nextSteps,omitempty"`
}

// Part is one of several objects that make up a rung: a Kustomization, a pod, an object on the plane.
type Part struct {
	Object   facts.Ref `json:"object"`
	State    State     `json:"state"`
	Current  Currency  `json:"current"`
	Revision string    `json:"revision,omitempty"`
	Summary  string    `json:"summary"`
	Since    time.Time `json:"since,omitzero"`
	// Live is true if the object itself was read, false if its state is reported by another object.
	Live bool `json:"live"`
	// Needs are the parts of the same rung that deliver before this one. JSON and YAML output omit them.
	Needs []Need `json:"-"`
}

// Need is an object that another one waits for, or that applies it.
type Need struct {
	Object    facts.Ref
	DependsOn bool // the other one names it as its dependency
}

// Rung is the assessment of one rung.
type Rung struct {
	ID       RungID    `json:"id"`
	State    State     `json:"state"`
	Current  Currency  `json:"current"`
	Revision string    `json:"revision,omitempty"` // commit or release of the rung
	Object   facts.Ref `json:"object"`             // the main object of the rung
	Summary  string    `json:"summary"`            // one line, without state or revision
	Since    time.Time `json:"since,omitzero"`     // the start of this state, as far as the cluster records it
	Findings []Finding `json:"findings"`
	Parts    []Part    `json:"parts,omitempty"`
	// Start is the object that the user named instead of the component, if this rung assesses it; else the zero Ref.
	Start facts.Ref `json:"start,omitzero"`
	// Reported is true if no object of the rung was read on the plane: the assessment uses OpenChoreo's last report.
	Reported bool `json:"reported,omitempty"`
}

// Failure is the finding to fix first, with its place on the ladder.
type Failure struct {
	Rung        RungID `json:"rung"`
	Environment string `json:"environment"` // empty for shared rungs
	Finding
	// Changes are what changed before the failure began, the newest first.
	Changes []PriorChange `json:"changes,omitempty"`
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
	Image     string    `json:"image,omitempty"`   // the image of the component's container in most of the pods that were read
	Rungs     []Rung    `json:"rungs"`
	Endpoints []Address `json:"endpoints"`

	// PromotedFrom are the environments from which the pipeline promotes to this one. JSON and YAML output omit it.
	PromotedFrom []string `json:"-"`
	// UnreadSources are those of PromotedFrom whose binding was not read, because the user selected other environments.
	UnreadSources []string `json:"-"`
}

// Wanted is the revision that every rung is compared with.
type Wanted struct {
	Revision string               `json:"revision"`
	Commit   string               `json:"commit,omitempty"`
	From     facts.RevisionOrigin `json:"from"`
	Subject  string               `json:"subject,omitempty"`
	Author   string               `json:"author,omitempty"`
}

// Trace is the assessment of the whole ladder.
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

// Code is the kind of a finding in one PascalCase word, in the style of Kubernetes reasons. Codes are a contract.
type Code string
