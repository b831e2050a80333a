package verify

import (
	"cmp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Requirement is one thing that a gate may ask for. The words are a public contract.
type Requirement string

const (
	// RequireCurrent requires that every rung has the wanted revision. It passes if no revision is wanted: none was requested, and
	// nothing delivers from Git.
	RequireCurrent Requirement = "current"
	// RequireHealthy requires that every rung is OK, or suspended on purpose.
	RequireHealthy Requirement = "healthy"
	// RequireNoDrift requires that no object in a cluster differs from what was delivered.
	RequireNoDrift Requirement = "no-drift"
	// RequirePromoted requires that each environment has the release of the one before it in the pipeline.
	RequirePromoted Requirement = "promoted"
	// RequireEndpoint requires a URL in every environment in which the component runs.
	RequireEndpoint Requirement = "endpoint"
	// RequireNoWarning requires that there are no warnings. A Gate with FailOn has it.
	RequireNoWarning Requirement = "no-warning"
	// RequireProbe requires that the endpoints respond. The caller that can send requests to them checks it.
	RequireProbe Requirement = "probe"
)

// Requirements are those that a user may choose from.
func Requirements() []Requirement {
	return []Requirement{RequireHealthy, RequireCurrent, RequireNoDrift, RequirePromoted, RequireEndpoint}
}

// Gate is what a trace must satisfy to pass. The zero value requires that it is current and healthy.
type Gate struct {
	Require []Requirement // empty: current and healthy
	// AllowUnknown lets what could not be read pass.
	AllowUnknown bool
	// FailOn is the least severity of a finding that fails the gate whatever it is about: trace.Warning. With any other
	// value only what is required counts.
	FailOn trace.Severity
}

// Required are the requirements of the gate, in the order in which they are declared.
func (g Gate) Required() []Requirement {
	if len(g.Require) == 0 {
		return []Requirement{RequireHealthy, RequireCurrent}
	}
	return slices.DeleteFunc(Requirements(), func(r Requirement) bool { return !slices.Contains(g.Require, r) })
}

// Judge assesses a trace by the gate.
func (g Gate) Judge(t *trace.Trace) Judgement {
	v := &evaluator{gate: g, trace: t}
	for _, r := range g.Required() {
		switch r {
		case RequireHealthy:
			v.healthy()
		case RequireCurrent:
			v.current()
		case RequireNoDrift:
			v.noDrift()
		case RequirePromoted:
			v.promoted()
		case RequireEndpoint:
			v.endpoint()
		case RequireNoWarning, RequireProbe: // not a user's to choose
		}
	}
	if g.FailOn == trace.Warning {
		v.warnings()
	}
	return v.conclude()
}

// evaluator collects the reasons why a trace does not pass.
type evaluator struct {
	gate    Gate
	trace   *trace.Trace
	reasons []Reason
}

func (v *evaluator) conclude() Judgement {
	j := Judgement{Decision: Passed, Reasons: v.reasons}
	for _, r := range j.Reasons {
		j.Decision = j.Decision.Worse(r.Decision)
	}
	slices.SortStableFunc(j.Reasons, func(a, c Reason) int {
		return cmp.Or(c.Decision.weight()-a.Decision.weight(), v.position(a)-v.position(c))
	})
	if j.Reasons == nil {
		j.Reasons = []Reason{}
	}
	return j.WithSteps(v.trace)
}

// position is the place of a reason on the ladder, counted from its top.
func (v *evaluator) position(r Reason) int {
	position := 0
	for p := range rungs(v.trace) {
		if p.environment == r.Environment && p.rung.ID == r.Rung {
			break
		}
		position++
	}
	return position
}

// add records a reason, once: a drift may be a warning as well.
func (v *evaluator) add(d Decision, r Requirement, f trace.Failure) {
	if d == Undecided && v.gate.AllowUnknown {
		return
	}
	same := func(o Reason) bool {
		return o.Rung == f.Rung && o.Environment == f.Environment && o.Code == f.Code && o.Object == f.Object
	}
	if !slices.ContainsFunc(v.reasons, same) {
		v.reasons = append(v.reasons, Reason{Decision: d, Requirement: r, Failure: f})
	}
}

// locatedRung is a rung with its environment, which is empty for those that are there once.
type locatedRung struct {
	environment string
	rung        trace.Rung
}

// rungs iterates over the ladder from the top.
func rungs(t *trace.Trace) func(yield func(locatedRung) bool) {
	return func(yield func(locatedRung) bool) {
		for _, r := range t.Rungs {
			if !yield(locatedRung{"", r}) {
				return
			}
		}
		for _, e := range t.Environments {
			for _, r := range e.Rungs {
				if !yield(locatedRung{e.Name, r}) {
					return
				}
			}
		}
	}
}

// failure makes a failure of a finding of a rung.
func (p locatedRung) failure(f trace.Finding) trace.Failure {
	if f.Object.IsZero() {
		f.Object = p.rung.Object
	}
	return trace.Failure{Rung: p.rung.ID, Environment: p.environment, Finding: f}
}

// stateFailure reports the state of a rung that has no finding.
func (p locatedRung) stateFailure(code trace.Code) trace.Failure {
	return p.failure(trace.Finding{Code: code, Severity: trace.Info, Message: p.rung.Summary, Since: p.rung.Since})
}

// notBound reports whether the component is not meant to be in this environment: then it has only one rung.
func notBound(e trace.Environment) bool {
	return e.Verdict == trace.VerdictSuspended && len(e.Rungs) <= 1
}
