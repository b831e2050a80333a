// Package history tells when the releases of a component took each step from Git to running pods, from the facts of a Snapshot. A time
// is either known, with the field that it is read from, or unknown, with the reason; it is never estimated.
package history

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// History is the past of a component, as far as the cluster and the clone remember it.
type History struct {
	Subject facts.Subject `json:"subject"`
	Git     Git           `json:"git"`
	// Rows are by environment in the order of the pipeline, and the newest first.
	Rows      []Row      `json:"rows"`
	LeadTimes []LeadTime `json:"leadTimes"`
	// Life is what became of one commit, if it was requested.
	Life    *Life     `json:"life,omitempty"`
	TakenAt time.Time `json:"takenAt"`
}

// Git is what was read of the clone.
type Git struct {
	Head   string `json:"head,omitempty"`   // the commit up to which it was read; empty if none was
	Reason string `json:"reason,omitempty"` // what is missing, and why
}

// State is what became of a release in an environment.
type State string

const (
	// Running means that the binding pins the release and that it is healthy.
	Running State = "running"
	// Failed means that the binding pins the release and that something failed.
	Failed State = "failed"
	// Progressing means that the binding pins the release and that it is not ready yet.
	Progressing State = "progressing"
	// Undeployed means that the binding pins the release and removes it from the plane.
	Undeployed State = "undeployed"
	// Unknown means that the binding pins the release, and that its health could not be read.
	Unknown State = "unknown"
	// Replaced means that the binding pinned the release once, in Git, and pins another one now.
	Replaced State = "replaced"
	// NotApplied means that Git pins the release and that the binding in the cluster does not yet.
	NotApplied State = "not applied"
	// NotBound means that the environment has no binding of the component.
	NotBound State = "not bound"
)

// Row is one release in one environment, from the commit that pinned it there.
type Row struct {
	Environment string `json:"environment"`
	Release     string `json:"release,omitempty"`
	Image       string `json:"image,omitempty"`
	State       State  `json:"state"`
	// Behind is the environment before this one in the pipeline that has a newer release; empty if none has.
	Behind string `json:"behind,omitempty"`
	// Commit pinned the release. It is nil if no commit of the clone did.
	Commit *Commit `json:"commit,omitempty"`
	// ReleasedBy added the release, if that is another commit that is known.
	ReleasedBy *Commit `json:"releasedBy,omitempty"`
	// SetBy is the field manager that pinned the release instead of an applier, if one did.
	SetBy string `json:"setBy,omitempty"`
	Steps []Step `json:"steps,omitempty"`
	// LeadTimeSeconds is from the commit that added the release, or else that pinned it, to Running; nil if one of them is unknown.
	LeadTimeSeconds *float64 `json:"leadTimeSeconds,omitempty"`
}

// Commit is a commit in a Row.
type Commit struct {
	ID      string    `json:"id"`
	Author  string    `json:"author,omitempty"`
	Subject string    `json:"subject,omitempty"`
	Time    time.Time `json:"time,omitzero"`
	Merge   string    `json:"merge,omitempty"`
}

// StepID names a step.
type StepID string

// The steps, in their order.
const (
	StepCommitted StepID = "committed" // the committer's time
	StepMerged    StepID = "merged"    // the merge commit on the branch
	StepFetched   StepID = "fetched"   // the source has the commit
	StepApplied   StepID = "applied"   // the objects of the commit are in the control plane
	StepRendered  StepID = "rendered"  // OpenChoreo has written the objects of the environment
	StepStarted   StepID = "started"   // the first pod of the release was requested
	StepRunning   StepID = "running"   // all pods are of the release and available
)

// StepState is what is known about a step.
type StepState string

const (
	// StepUnknown means that nothing shows when, or whether, the step was taken.
	StepUnknown StepState = "unknown"
	// StepKnown means that the time is known.
	StepKnown StepState = "known"
	// StepWaiting means that the step was not taken yet.
	StepWaiting StepState = "waiting"
	// StepNone means that there is no such step.
	StepNone StepState = "none"
)

// Step is one step of a release.
type Step struct {
	ID     StepID    `json:"id"`
	State  StepState `json:"state"`
	At     time.Time `json:"at,omitzero"`
	Source string    `json:"source,omitempty"` // the object and field of At
	Reason string    `json:"reason,omitempty"` // why At is unknown, or what the step waits for
	// TookSeconds is the time since the last step whose time is known; nil without such a step, and if the clocks contradict each other.
	TookSeconds *float64 `json:"tookSeconds,omitempty"`
}

// LeadTime is the median of the known lead times of an environment.
type LeadTime struct {
	Environment   string   `json:"environment"`
	MedianSeconds *float64 `json:"medianSeconds,omitempty"` // nil if none is known
	Known         int      `json:"known"`
	Unknown       int      `json:"unknown"` // releases whose lead time is not known
}

// Life is what became of one commit.
type Life struct {
	Commit  facts.Commit `json:"commit"`
	Release string       `json:"release,omitempty"` // that it added
	// Environments are where it pinned a release or where its release runs, and those that it has not reached.
	Environments []Stage `json:"environments"`
}

// Stage is what became of a commit in one environment.
type Stage struct {
	Environment string `json:"environment"`
	// Row is that of the commit, or of its release; nil if it has not reached the environment.
	Row *Row `json:"row,omitempty"`
	// Runs is the release that the environment pins now, if it is another one.
	Runs string `json:"runs,omitempty"`
}

// step returns a step of a Row.
func (r *Row) step(id StepID) *Step {
	for i := range r.Steps {
		if r.Steps[i].ID == id {
			return &r.Steps[i]
		}
	}
	return &Step{ID: id, State: StepUnknown}
}

// Step returns a step of a Row; an unknown one if the Row has none of that name.
func (r Row) Step(id StepID) Step { return *r.step(id) }
