// Package diagnosis shortens a trace to what decides: the verdict, the finding to fix first, its evidence and the next commands.
package diagnosis

import (
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	mostEvidence = 5
	// mostOthers limits the further failures, rungs and warnings that are named.
	mostOthers = 5
)

// Diagnosis is a trace in brief.
type Diagnosis struct {
	Subject      facts.Subject   `json:"subject"`
	Verdict      trace.Verdict   `json:"verdict"`
	Current      trace.Currency  `json:"current"`
	Wanted       string          `json:"wanted,omitempty"`
	Environments []Environment   `json:"environments"`
	Cause        *Cause          `json:"cause"` // nil if the component is healthy and current
	AlsoFailing  []Place         `json:"alsoFailing,omitempty"`
	Waiting      []Place         `json:"waiting,omitempty"` // rungs that are progressing
	Unknown      []Place         `json:"unknown,omitempty"` // rungs that could not be read
	Forbidden    *Forbidden      `json:"forbidden,omitempty"`
	Warnings     []Warning       `json:"warnings,omitempty"`
	Next         []NextStepGroup `json:"next,omitempty"`
	TakenAt      time.Time       `json:"takenAt"`
}

// Environment is the verdict on one environment.
type Environment struct {
	Name  string `json:"name"`
	State string `json:"state"` // such as "failed, behind"
}

// Place is a rung with its state.
type Place struct {
	Rung        trace.RungID `json:"rung"`
	Environment string       `json:"environment,omitempty"`
	Code        trace.Code   `json:"code,omitempty"`
	Object      string       `json:"object,omitempty"`
	Message     string       `json:"message"`
}

// Cause is the finding to fix first, or the first that a component waits for.
type Cause struct {
	Place

	Since    string     `json:"since,omitempty"`
	Meaning  string     `json:"meaning,omitempty"` // of its code
	Hint     string     `json:"hint,omitempty"`
	Path     []string   `json:"path,omitempty"` // from the symptom to the cause
	Evidence []Evidence `json:"evidence,omitempty"`
}

// Evidence is a field or the end of a log.
type Evidence struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

// Forbidden is what the user may not read.
type Forbidden struct {
	Sentence string   `json:"sentence"`
	Reads    []string `json:"reads"` // each with its verb and object
}

// Warning is a warning with the number of its objects.
type Warning struct {
	Code    trace.Code `json:"code"`
	Count   int        `json:"count"`
	Message string     `json:"message"` // of the first
}

// NextStepGroup is commands of one role, in their order.
type NextStepGroup struct {
	Who      string   `json:"who,omitempty"`
	Commands []string `json:"commands"`
}

// Of shortens a trace.
func Of(t *trace.Trace) Diagnosis {
	d := Diagnosis{
		Subject: t.Subject, Verdict: t.Verdict, Current: t.Current, Wanted: style.Revision(t.Wanted.Revision, true),
		Environments: []Environment{}, Warnings: warningsOf(t), TakenAt: t.TakenAt.UTC(),
	}
	for _, e := range t.Environments {
		d.Environments = append(d.Environments, Environment{e.Name, style.VerdictWord(e)})
	}
	switch t.Verdict {
	case trace.VerdictFailed:
		d.failed(t)
	case trace.VerdictProgressing:
		d.progressing(t)
	case trace.VerdictUnknown:
		d.undecided(t)
	case trace.VerdictHealthy, trace.VerdictSuspended:
		d.settled(t)
	}
	d.Warnings = slices.DeleteFunc(d.Warnings, func(w Warning) bool { return d.Cause != nil && w.Code == d.Cause.Code })
	return d
}

func (d *Diagnosis) failed(t *trace.Trace) {
	f := t.Failing
	if f == nil {
		return
	}
	d.take(f.Rung, f.Environment, f.Finding, t.TakenAt)
	for _, e := range t.Environments {
		if o := e.Failing; o != nil && (o.Rung != f.Rung || o.Environment != f.Environment) && len(d.AlsoFailing) < mostOthers {
			d.AlsoFailing = append(d.AlsoFailing, placeOf(o.Rung, o.Environment, o.Finding))
		}
	}
}

// take makes a finding the cause.
func (d *Diagnosis) take(rung trace.RungID, environment string, f trace.Finding, now time.Time) {
	c := &Cause{Place: placeOf(rung, environment, f), Meaning: meaningOf(f.Code), Hint: f.Hint}
	if !f.Since.IsZero() && !now.IsZero() {
		c.Since = duration.HumanDuration(max(now.Sub(f.Since), 0))
	}
	for _, ref := range f.Path {
		if ref != f.Object && ref.Name != "" {
			c.Path = append(c.Path, style.ObjectName(ref))
		}
	}
	c.Evidence = evidenceOf(f)
	d.Cause = c
	d.addSteps(f)
}

func (d *Diagnosis) addSteps(f trace.Finding) {
	if len(d.Next) > 0 {
		return
	}
	for _, group := range style.StepCommands(f) {
		d.Next = append(d.Next, NextStepGroup{strings.TrimSuffix(group.Heading, ":"), group.Commands})
	}
}

// evidenceOf is the evidence that the message does not repeat, logs first: nothing else shows what a program has printed.
func evidenceOf(f trace.Finding) []Evidence {
	sorted := slices.Clone(f.Evidence)
	slices.SortStableFunc(sorted, func(a, b trace.Evidence) int {
		rank := map[bool]int{true: 0, false: 1}
		return rank[a.IsLog()] - rank[b.IsLog()]
	})
	var kept []Evidence
	for _, e := range sorted {
		if len(kept) < mostEvidence && e.Value != "" && (e.IsLog() || !strings.Contains(f.Message, e.Value)) {
			kept = append(kept, Evidence{e.Path, e.Value})
		}
	}
	return kept
}

func placeOf(rung trace.RungID, environment string, f trace.Finding) Place {
	return Place{rung, environment, f.Code, style.ObjectName(f.Object), MessageOf(f)}
}

// MessageOf is the message of a finding without long objects in it, and without its object, which is beside it.
func MessageOf(f trace.Finding) string {
	rest, found := strings.CutPrefix(f.Message, f.Object.String()+" ")
	if !found || strings.HasPrefix(rest, "and ") {
		return style.Shorten(f.Message)
	}
	return style.Shorten(rest)
}
